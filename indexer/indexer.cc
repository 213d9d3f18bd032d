// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/indexer.h"

#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace tidings::indexer {
namespace {

std::size_t reader_threads(const config::Config& config) {
  return config.daemon.workers ? static_cast<std::size_t>(config.daemon.workers)
                               : std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

Limits limits_of(const config::Config& config) {
  Limits limits;
  limits.file_bytes = config.limits.file_size_mib << 20;
  limits.text_bytes = config.limits.report_text_mib << 20;
  return limits;
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> identity_of(const std::filesystem::path& folder) {
  struct stat seen {};
  if (::stat(folder.c_str(), &seen) != 0) return {};
  return {{seen.st_dev, seen.st_ino}};
}

/// How files are made documents: another value, and all are read again.
const std::string kWayOfReading = "2";

}  // namespace

Store::Options store_options(const config::Config& config, const std::string& control_socket) {
  Store::Options options;
  options.languages.clear();
  for (const auto& settings : config.corpora) {
    options.corpora.push_back(CorpusFolder(settings).described());
    for (const auto& language : settings.languages)
      if (std::find(options.languages.begin(), options.languages.end(), language) == options.languages.end())
        options.languages.push_back(language);
  }
  if (options.languages.empty()) options.languages = {"en"};
  options.control_socket = control_socket;
  return options;
}

Indexer::Indexer(std::unique_ptr<Store> store, Options options, WatchTable::Calls watch_calls)
    : store_(std::move(store)),
      options_(std::move(options)),
      mounts_(options_.read_mounts().value_or(Mounts())),
      watches_(std::move(watch_calls)),
      pending_(static_cast<std::size_t>(options_.config.daemon.pending_paths), outstanding_) {
  crawler_ = std::make_unique<Crawler>(
      Crawler::Needs{.store = *store_,
                     .watches = watches_,
                     .look_at_work = [this](const Key& folder, Ticket t) { look_at_work(folder, t); },
                     .look = [this](Look l) { look(std::move(l)); },
                     .corpus = [this](const std::string& name) { return corpus(name); },
                     .news_cause = [this](const CorpusFolder& in) { return news_cause(in); },
                     .finished =
                         [this](CorpusFolder& folder, Ticket ticket) {
                           listed_[folder.settings.name] = {ticket, kWayOfReading};
                           ++ticket_;  // later news is no part of that crawl
                         },
                     .left_out = identity_of(store_->folder()),
                     .watching = options_.watching,
                     .mounts = &mounts_,
                     .read_mounts = options_.read_mounts},
      outstanding_);
  readers_ = std::make_unique<Readers>(
      reader_threads(options_.config), limits_of(options_.config),
      Readers::Calls{
          .done = [this](std::vector<Outcome> outcomes) { mailbox_.put_outcomes(std::move(outcomes)); },
          .bulk_done = [this](BulkDone done) { mailbox_.put_bulk(std::move(done)); },
          .new_bulk_place =
              [store = store_.get()](std::vector<std::string> languages) {
                return store->new_bulk_place(std::move(languages));
              },
          .index = store_->folder()});
  merger_ =
      std::make_unique<Merger>([this](MergeDone done) { mailbox_.put_merge(std::move(done)); },
                               [this](Result<Soundness> seen) { mailbox_.put_looked(std::move(seen)); });
  repaired(store_->mended());
}

Indexer::~Indexer() {
  stop();
}

void Indexer::start() {
  thread_ = std::thread([this] { run(); });
}

void Indexer::stop() {
  if (!thread_.joinable()) return;
  mailbox_.put_stop();
  thread_.join();
  for (auto& done : mailbox_.take(Clock::now()).merges) on_merge(std::move(done));
  if (auto done = merger_->stop()) on_merge(std::move(*done));
}

IndexerStatus Indexer::status() const {
  const std::lock_guard lock(status_mutex_);
  return status_;
}

void Indexer::run() {
  configure(options_.config);
  publish_status();
  while (!stopping_) {
    round(mailbox_.take(work_can_go_on() ? Clock::now() : next_deadline()));
  }
  if (!batch_.empty()) commit();
  answer_syncs("the daemon is stopping");
  while (!purges_.empty()) answer_purge("the daemon is stopping");
  for (auto* waiting : {&repairs_, &looking_for_})
    for (const auto& call : std::exchange(*waiting, {}))
      call({store_->facts().generation, "the daemon is stopping"});
}

void Indexer::round(Mail mail) {
  stopping_ = mail.stop;
  if (mail.overflow) on_overflow();
  for (const auto& event : mail.events) on_event(event);
  crawl_parted();
  for (auto& outcome : mail.outcomes) on_outcome(std::move(outcome));
  for (auto& bulk : mail.bulks) on_bulk(std::move(bulk));
  for (auto& done : mail.merges) on_merge(std::move(done));
  if (mail.reload) configure(std::move(*mail.reload));
  record_configuration();
  if (mail.looked) on_looked(std::move(*mail.looked));
  std::move(mail.repairs.begin(), mail.repairs.end(), std::back_inserter(repairs_));
  if (mail.mounts || !mail.syncs.empty() || !mail.purges.empty()) look_at_mounts(ticket_);
  for (auto& call : mail.syncs) syncs_.emplace_back(begin_sync(), std::move(call));
  for (auto& call : mail.purges) purges_.push_back({.ticket = begin_sync(), .call = std::move(call)});
  look_after_corpora();
  look_at_unclosed(unclosed_.take_due(Clock::now()));
  if (!stopping_) crawl_steps();
  dispatch();
  if (commit_is_due()) commit();
  publish_bulks();
  end_bulks();
  note_crawled();
  take_over();
  purge();
  look_at_segments();
  start_merge();
  look_after_error();
  publish_status();  // whoever is answered now may ask for it next
  if (paused())
    answer_syncs(last_error_);
  else if (recorded_)  // else it was paused a moment ago
    answer_syncs(all_away_);
}

/// What is on disk now has a ticket not newer than the one returned.
Ticket Indexer::begin_sync() {
  ++ticket_;
  look_at_unclosed(unclosed_.take_all());
  for (const auto& [name, folder] : corpora_) {
    if (folder->is_lost()) crawl_root(*folder, ticket_);
    poll(*folder, ticket_, /*also_while_polling=*/true);
  }
  return ticket_++;
}

/// Takes the corpora; all else stays as it was at the start.
void Indexer::configure(config::Config config) {
  const bool first = corpora_.empty();
  languages_ = std::make_shared<const std::vector<std::string>>(
      store_options(config, options_.control_socket).languages);
  std::map<std::string, std::unique_ptr<CorpusFolder>> before = std::move(corpora_);
  corpora_.clear();
  ++ticket_;
  for (const auto& settings : config.corpora) {
    auto fresh = std::make_unique<CorpusFolder>(settings);
    auto old = before.find(settings.name);
    const bool same =
        old != before.end() && old->second->settings == settings && old->second->root == fresh->root;
    if (same) {
      corpora_[settings.name] = std::move(old->second);
      continue;
    }
    if (old != before.end()) watches_.drop_below({settings.name, ""});
    CorpusFolder& in = *(corpora_[settings.name] = std::move(fresh));
    note_missing(in);
    in.first_crawl_ns = realtime_ns();
    crawl(in, "", crawl_cause(settings), ticket_);
  }
  for (const auto& [name, folder] : before)
    if (!corpora_.contains(name)) {
      watches_.drop_below({name, ""});
      look_at_work({name, ""}, ticket_);
    }
  options_.config.corpora = std::move(config.corpora);
  recorded_ = false;
  record_configuration();
  if (!first) spdlog::info("configuration read again: {} corpora", corpora_.size());
}

/// In the index, for its readers; tried again after an error, as a commit is.
void Indexer::record_configuration() {
  if (recorded_ || paused()) return;
  if (auto described = store_->describe(store_options(options_.config, options_.control_socket)); !described)
    return told(described.error(), "record the configuration");
  recorded_ = remove_unconfigured(ticket_);
}

/// What a crawl of the whole corpus is for, when no event led to it.
Cause Indexer::crawl_cause(const config::Corpus& settings) {
  auto crawled = store_->crawled(settings.name);
  if (!crawled) told(crawled.error(), "read the state of a corpus");
  if (!crawled || *crawled == kWayOfReading || *crawled == kWayOfReading + std::string(Store::kRepair))
    return Cause::CatchUp;
  if (*crawled == Store::kRepair.substr(1)) return Cause::Repair;
  return crawled->empty() ? Cause::FirstCrawl : Cause::Rebuild;
}

/// What a crawl is for that an event led to, or a poll: news, but for what a first crawl has not come to yet.
Cause Indexer::news_cause(const CorpusFolder& in) {
  return crawl_cause(in.settings) == Cause::FirstCrawl ? Cause::FirstCrawl : Cause::Arrival;
}

void Indexer::crawl(const CorpusFolder& in, const std::string& folder, Cause cause, Ticket ticket) {
  const bool first = cause == Cause::FirstCrawl || cause == Cause::Move;
  crawler_->add({in.settings.name, folder}, cause, ticket, first ? in.first_crawl_ns : realtime_ns());
}

bool Indexer::remove_unconfigured(Ticket ticket) {
  auto names = store_->indexed_corpora();
  if (!names) return told(names.error(), "list the indexed corpora"), false;
  for (const auto& name : *names) {
    if (corpora_.contains(name)) continue;
    spdlog::info("corpus {}: configured no more; its reports leave the index", name);
    listed_.erase(name);
    auto listed = store_->below({name, ""}, Store::kEver, [&](Key key) {
      look({std::move(key), Cause::CatchUp, ticket, false});
    });
    if (listed) listed = store_->set_crawled(name, {});
    if (listed) listed = store_->set_note(name, CorpusFolder::kMountPointNote, {});
    if (!listed) return told(listed.error(), "remove a corpus"), false;
  }
  return true;
}

void Indexer::crawl_steps() {
  if (paused()) return;
  auto stepped = crawler_->step(pending_.size());
  if (!stepped) told(stepped.error(), "crawl");
}

void Indexer::look_after_corpora() {
  const auto now = Clock::now();
  if (!widened_.empty() && pending_.half_empty()) {
    const Ticket held = widened_ticket_;  // what follows may widen again
    for (const auto& name : std::exchange(widened_, {}))
      if (const CorpusFolder* in = corpus(name)) crawl(*in, "", news_cause(*in), held);
    recorded_ = remove_unconfigured(held) && recorded_;
    outstanding_.release(held);
  }
  if (now >= next_offline_) {
    next_offline_ = now + kOfflineEvery;
    for (const auto& [name, folder] : corpora_)
      if (folder->offline) crawl_root(*folder, ticket_);
  }
  if (now >= next_roots_ && !paused()) {
    next_roots_ = now + kRootsEvery;
    for (const auto& [name, folder] : corpora_)
      if (!folder->offline && folder->is_lost()) crawl_root(*folder, ticket_);
  }
  if (now >= next_poll_) {
    next_poll_ = now + std::chrono::milliseconds(options_.config.daemon.poll_ms);
    for (const auto& [name, folder] : corpora_) poll(*folder, ticket_, /*also_while_polling=*/false);
  }
}

bool Indexer::commit_is_due() const {
  if (batch_.empty() || paused()) return false;
  const auto now = Clock::now();
  if (batch_.size() >= options_.config.daemon.batch_documents || batch_bytes_ >= kBatchBytes) return true;
  if (batch_has_arrival_ &&
      ((!pending_.has_arrivals() && arrivals_in_flight_ == 0) || now >= arrival_since_ + kArrivalWait))
    return true;
  if (nothing_to_read()) return true;
  return now >= batch_since_ + std::chrono::milliseconds(options_.config.daemon.batch_ms);
}

void Indexer::commit() {
  auto published = store_->publish(batch_);
  if (!published) return told(published.error(), "publish what was read; it is kept and tried again");
  spdlog::debug("generation {}: {} changes", *published, batch_.size());
  for (const Ticket ticket : batch_tickets_) outstanding_.release(ticket);
  readers_->consumed(batch_bytes_);
  batch_.clear();
  batch_tickets_.clear();
  batch_bytes_ = 0;
  batch_has_arrival_ = false;
  seal_if_due();
}

void Indexer::note_crawled() {
  if (paused()) return;
  std::erase_if(listed_, [&](const auto& entry) {
    const auto& [name, listed] = entry;
    if (!outstanding_.done_up_to(listed.first)) return false;
    auto done = store_->set_crawled(name, listed.second);
    const CorpusFolder* in = corpus(name);
    if (done && in)
      done = store_->set_note(name, CorpusFolder::kMountPointNote,
                              in->was_mount_point.value_or(false) ? "yes" : "");
    if (!done) {
      told(done.error(), "note the end of a crawl");
      return false;
    }
    if (corpora_.contains(name)) corpora_[name]->repairing_since.reset();
    spdlog::info("corpus {}: crawled; {} reports in the index, generation {}", name,
                 store_->facts().documents, store_->facts().generation);
    return true;
  });
}

void Indexer::told(const Error& error, const char* doing) {
  retry_.failed();
  last_error_ = error.what;
  repair_if_corrupt(error);
  spdlog::error("cannot {}: {}{}{}", doing, error.what, error.hint.empty() ? "" : "; ", error.hint);
}

/// At the end of a round: all that can fail has been tried in it, or is tried here. So an error is over where nothing failed, and nothing
/// waits that may be what failed.
void Indexer::look_after_error() {
  if (last_error_.empty() || paused() || !batch_.empty() || !bulks_.empty() || !recorded_) return;
  if (auto ready = store_->ready(); !ready) return told(ready.error(), "open the index again");
  seal_if_due();
  if (paused()) return;
  spdlog::info("the index can be used again");
  last_error_.clear();
  retry_.succeeded();
}

void Indexer::answer_syncs(const std::string& error) {
  const std::uint64_t generation = store_->facts().generation;
  std::erase_if(syncs_, [&](auto& waiting) {
    const bool done = outstanding_.done_up_to(waiting.first) && !store_->is_beside();
    if (error.empty() && !done) return false;
    waiting.second({generation, done ? std::string() : error});
    return true;
  });
}

bool Indexer::work_can_go_on() const {
  if (stopping_ || paused()) return false;
  if (!recorded_) return true;
  if (!widened_.empty() && pending_.half_empty()) return true;
  if (!pending_.empty() && has_room_in_flight()) return true;
  return !crawler_->idle() && pending_.size() < Crawler::kBacklog;
}

std::optional<Indexer::Clock::time_point> Indexer::next_deadline() const {
  std::optional<Clock::time_point> next;
  const auto at = [&](Clock::time_point when) { next = next ? std::min(*next, when) : when; };
  if (paused()) {
    at(retry_.again());
  } else {
    if (!batch_.empty()) at(batch_since_ + std::chrono::milliseconds(options_.config.daemon.batch_ms));
    if (!batch_.empty() && batch_has_arrival_) at(arrival_since_ + kArrivalWait);
    if (!merge_error_.empty() && !merging_ && !purging()) at(merge_retry_.again());
  }
  for (const auto& [name, folder] : corpora_) {
    if (folder->offline) at(next_offline_);
    if (!folder->polled.empty()) at(next_poll_);
  }
  if (!unclosed_.empty()) at(unclosed_.next());
  for (const auto& [cookie, parted] : parted_) at(parted.since + kPairWait);
  if (progress_.running()) at(Clock::now() + kProgressEvery);
  return next;
}

CorpusFolder* Indexer::corpus(const std::string& name) {
  auto it = corpora_.find(name);
  return it == corpora_.end() ? nullptr : it->second.get();
}

void Indexer::publish_status() {
  const IndexFacts& facts = store_->facts();
  IndexerStatus status;
  status.index = store_->folder().string();
  status.identity = facts.identity;
  status.generation = facts.generation;
  status.documents = facts.documents;
  status.as_of_ms = facts.committed_ms;
  status.pending = pending_.size() + in_flight_.size() + batch_.size() + in_bulk_.size() + unclosed_.size() +
                   parted_.size() + crawler_->folders_left();
  status.files = indexed_files_;
  status.bytes = indexed_bytes_;
  status.watches = watches_.size();
  status.overflows = overflows_;
  status.quarantined = quarantined_;
  status.quarantine_bytes = store_->quarantine().bytes;
  status.error = last_error_.empty() ? merge_error_ : last_error_;
  status.crawling = !crawler_->idle();
  const auto left = crawler_->backfill();
  const auto now = Clock::now();
  progress_.update({.listing = left.listing, .anew = left.anew, .unpublished = !in_bulk_.empty()}, now);
  status.progress = progress_.status(now);
  for (const auto& [name, folder] : corpora_) {
    status.corpora.push_back(corpus_status(*folder, crawler_->crawls_of(name) > 0));
  }
  const std::lock_guard lock(status_mutex_);
  status_ = std::move(status);
}

}  // namespace tidings::indexer
