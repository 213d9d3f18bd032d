// SPDX-License-Identifier: GPL-2.0-or-later
// Repairs and purges: what leaves the index because it is damaged, and what leaves the disk because it was removed. See indexer.h.
#include <spdlog/spdlog.h>

#include "indexer/indexer.h"

namespace tidings::indexer {

/// On the merger's thread, so that arrivals go on meanwhile.
void Indexer::look_at_segments() {
  if (merging_ || looking_ || stopping_ || (repairs_.empty() && !repair_wanted_)) return;
  own_look_ = std::exchange(repair_wanted_, false);
  looking_for_ = std::exchange(repairs_, {});
  merging_ = looking_ = true;
  merger_->look_at_segments(store_->folder());
}

/// By itself, a few times in a run.
void Indexer::repair_if_corrupt(const Error& error) {
  if (error.code != Error::Code::IndexCorrupt || repair_wanted_ || looking_ || own_repairs_ >= kOwnRepairs)
    return;
  repair_wanted_ = true;
  ++own_repairs_;
}

void Indexer::on_looked(Result<Soundness> seen) {
  merging_ = looking_ = false;
  const bool manifest_only = !seen && seen.error().code == Error::Code::IndexCorrupt;
  Result<Store::Mended> mended = tl::unexpected(seen ? Error() : seen.error());
  if (seen || manifest_only)
    mended = store_->mend(seen ? seen->damaged : std::vector<Damage>(),
                          own_look_ && std::exchange(own_found_nothing_, false));
  if (!mended) {
    told(mended.error(), "repair the index");
    for (const auto& call : std::exchange(looking_for_, {}))
      call({store_->facts().generation, mended.error().what});
    return;
  }
  retry_.hurry();
  merge_recovered();
  merge_retry_.hurry();
  repaired(*mended);
  if (manifest_only) {  // now that it can be read: what does it name?
    std::move(looking_for_.begin(), looking_for_.end(), std::back_inserter(repairs_));
    looking_for_.clear();
    repair_wanted_ = true;
    return;
  }
  own_found_nothing_ = own_look_ && !mended->any();
  if (mended->segments > 0) {
    crawler_->begin_again();
    listed_.clear();  // what was met before is not all there any more
    for (const auto& [name, folder] : corpora_) note_missing(*folder);
  }
  ++ticket_;
  for (const auto& [name, folder] : corpora_) crawl_root(*folder, ticket_);
  remove_unconfigured(ticket_);
  for (auto& call : std::exchange(looking_for_, {}))
    syncs_.emplace_back(ticket_, [call = std::move(call), done = *mended](SyncAnswer answer) {
      answer.counts = {{"segments", done.segments}, {"vocabularies", done.vocabularies}};
      call(answer);
    });
  ++ticket_;
}

void Indexer::repaired(const Store::Mended& mended) {
  for (const auto& what : mended.what) spdlog::warn("the index was damaged: {}", what);
  if (mended.segments > 0)
    spdlog::warn(
        "{} damaged segments were taken out of the index (kept in {}, for a while); their reports are read "
        "again",
        mended.segments, quarantine_path(store_->folder()).string());
  if (mended.vocabularies > 0) spdlog::warn("{} vocabularies were made anew", mended.vocabularies);
  quarantined_ += mended.segments;
}

/// Whether some of the corpus' reports are missing, since the index was damaged.
void Indexer::note_missing(CorpusFolder& in) {
  auto crawled = store_->crawled(in.settings.name);
  if (!crawled) return told(crawled.error(), "read the state of a corpus");
  if (crawled->ends_with(Store::kRepair.substr(1))) in.repairing_since = realtime_ns();
}

void Indexer::purge() {
  for (std::size_t waiting = purges_.size(); waiting > 0 && !merging_ && !stopping_; --waiting) {
    purge_on();
    if (purges_.size() == waiting) return;  // the first is under way
  }
}

/// A step of the first purge: once what came before it is in the index, one segment after the other is made anew.
void Indexer::purge_on() {
  if (paused()) return answer_purge(last_error_);
  Purge& purge = purges_.front();
  if (!purge.begun) {
    if (!outstanding_.done_up_to(purge.ticket)) return;
    auto unclean = store_->begin_purge();
    if (!unclean) {
      told(unclean.error(), "begin a purge");
      return answer_purge(unclean.error().what);
    }
    purge.begun = true;
    purge.left = std::move(*unclean);
  }
  while (!purge.left.empty()) {
    auto job = store_->purge_job(purge.left.extract(purge.left.begin()).value());
    if (!job) continue;
    ++purge.segments;
    merging_ = true;
    return merger_->start(std::move(*job));
  }
  if (auto ended = store_->end_purge(); !ended) {
    told(ended.error(), "empty the quarantine");
    return answer_purge(ended.error().what);
  }
  answer_purge({});
}

/// The first one, where one is under way.
void Indexer::answer_purge(const std::string& error) {
  if (purges_.empty()) return;
  const Purge purge = std::move(purges_.front());
  purges_.pop_front();
  purge.call({store_->facts().generation, error, {{"segments", purge.segments}}});
}

}  // namespace tidings::indexer
