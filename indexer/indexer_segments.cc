// SPDX-License-Identifier: GPL-2.0-or-later
// Segments that the readers make in bulk, and merges. See indexer.h.
#include <spdlog/spdlog.h>

#include "indexer/indexer.h"

namespace tidings::indexer {

bool Indexer::nothing_to_read() const {
  return pending_.empty() && in_flight_.empty() && crawler_->idle();
}

/// Only what can be no news is made in bulk, and each key in one segment at a time.
std::optional<BulkOrder> Indexer::bulk_order(const Look& look) {
  const bool fits = !look.arrival && !is_news(look.cause) && !in_bulk_.contains(look.key) &&
                    store_->fits_bulk(look.key) && Clock::now() >= bulk_again_;
  if (!fits) return std::nullopt;
  BulkOrder order{
      .generation = store_->facts().generation + 1, .previous = {}, .index_languages = languages_};
  if (store_->find(look.key)) {
    auto previous = store_->previous(look.key);
    if (!previous) {
      told(previous.error(), "look a report up");
      return std::nullopt;
    }
    order.previous = std::move(*previous);
  }
  return order;
}

void Indexer::on_bulk(BulkDone done) {
  if (done.segment) {
    bulks_.push_back(std::move(done));
    return;
  }
  told(done.segment.error(), "make a segment; its reports are read again");
  bulk_again_ = Clock::now() + kBulkPause;
  for (auto& again : done.looks) {
    in_bulk_.erase(again.key);
    const Ticket held = again.ticket;
    look(std::move(again));
    outstanding_.release(held);
  }
}

void Indexer::publish_bulks() {
  while (!paused() && !bulks_.empty()) {
    const BulkDone& done = bulks_.front();
    std::set<KeyHash> superseded;
    for (const auto& look : done.looks)
      if (in_bulk_.at(look.key)) superseded.insert(hash_of(look.key.text()));
    auto published =
        store_->publish({*done.segment}, [&](const KeyHash& key) { return superseded.contains(key); });
    if (!published) return told(published.error(), "publish a segment; it is kept and tried again");
    spdlog::debug("generation {}: a segment of {} reports", *published, done.looks.size());
    recovered();
    for (const auto& look : done.looks) {
      in_bulk_.erase(look.key);
      outstanding_.release(look.ticket);
    }
    bulks_.pop_front();
  }
}

/// With nothing left to read, the segments that are being made are finished as they are.
void Indexer::end_bulks() {
  if (!in_bulk_.empty() && bulks_.empty() && nothing_to_read()) readers_->flush();
}

void Indexer::start_merge() {
  if (merging_ || paused() || stopping_ || !purges_.empty()) return;
  const bool idle = options_.watching && nothing_to_read() && in_bulk_.empty() && batch_.empty();
  auto job = store_->plan_merge(idle);
  if (!job) return;
  merging_ = true;
  merger_->start(std::move(*job));
}

void Indexer::on_merge(MergeDone done) {
  merging_ = false;
  if (!done.merged) {
    store_->drop(done.job);
    told(done.merged.error(), "merge segments");
    if (purging()) answer_purge(done.merged.error().what);
    return;
  }
  if (auto published = store_->publish(*done.merged); !published) {
    told(published.error(), "publish a merge");
    if (purging()) answer_purge(published.error().what);
    return;
  }
  spdlog::debug("{} segments merged", done.job.sources.size());
}

}  // namespace tidings::indexer
