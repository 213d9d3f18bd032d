// SPDX-License-Identifier: GPL-2.0-or-later
// Segments that the readers make in bulk, and merges. See indexer.h.
#include <spdlog/spdlog.h>

#include <algorithm>

#include "indexer/heap.h"
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
  BulkOrder order{.generation = store_->facts().generation + 1,
                  .previous = {},
                  .moved = {},
                  .index_languages = languages_};
  const Key& known = look.from.value_or(look.key);
  if (const auto indexed = store_->find(known)) {
    if (look.from) order.moved = indexed;
    auto previous = store_->previous(known);
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
    for (const auto& look : done.looks) moves_.handed_over(look.key);
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

/// While reports are on the move, the segments that they are in wait for each other, and all others with them.
void Indexer::publish_bulks() {
  if (!moves_.empty()) return publish_moves();
  while (!paused() && !bulks_.empty() && publish_segments(1, {})) {
  }
}

void Indexer::publish_moves() {
  if (paused() || crawler_->moves() || !moves_.all_handed_over()) return;
  if (!batch_.empty()) commit();  // what else became of these names comes first
  if (!batch_.empty()) return;
  const auto removals = moves_.removals();
  if (!std::ranges::all_of(removals, [&](const Key& key) { return store_->fits_bulk(key); }))
    if (auto sealed = store_->seal(); !sealed) return told(sealed.error(), "seal the live segment");
  if (!bulks_.empty() && !publish_segments(bulks_.size(), removals)) return;
  for (const Ticket ticket : moves_.published()) outstanding_.release(ticket);
}

/// Publishes the first segments of those that were handed over, in one generation with the removals.
bool Indexer::publish_segments(std::size_t count, const std::vector<Key>& removals) {
  const auto end = bulks_.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<BulkSegment> segments;
  std::set<KeyHash> superseded;
  for (auto bulk = bulks_.begin(); bulk != end; ++bulk) {
    segments.push_back(*bulk->segment);
    for (const auto& look : bulk->looks)
      if (in_bulk_.at(look.key)) superseded.insert(hash_of(look.key.text()));
  }
  auto published = store_->publish(
      segments, [&](const KeyHash& key) { return superseded.contains(key); }, removals);
  if (!published) {
    told(published.error(), "publish what was made in bulk; it is kept and tried again");
    return false;
  }
  spdlog::debug("generation {}: {} segments in bulk, {} reports left their names", *published, count,
                removals.size());
  for (auto bulk = bulks_.begin(); bulk != end; ++bulk)
    for (const auto& look : bulk->looks) {
      in_bulk_.erase(look.key);
      outstanding_.release(look.ticket);
    }
  bulks_.erase(bulks_.begin(), end);
  heap_grown_ = true;
  return true;
}

/// With nothing left to read, or none of those that move, the segments that are being made are finished as they are.
void Indexer::end_bulks() {
  if (in_bulk_.empty()) return;
  const bool moved = !moves_.empty() && !crawler_->moves() && moves_.all_made() && !moves_.all_handed_over();
  if (moved || (bulks_.empty() && nothing_to_read())) readers_->flush();
}

void Indexer::take_over() {
  all_away_.clear();
  if (!store_->is_beside() || paused()) return;
  bool any = false;
  for (const auto& [name, folder] : corpora_) {
    if (folder->offline) continue;
    any = true;
    auto crawled = store_->crawled(name);
    if (!crawled) return told(crawled.error(), "read the state of a corpus");
    if (crawled->empty() || crawled->ends_with(Store::kRepair.substr(1))) return;
  }
  if (!any) {
    if (crawler_->idle())
      all_away_ =
          "the index is made anew, and the old one is kept until a corpus folder is back: all are offline";
    return;
  }
  if (auto done = store_->take_over(); !done)
    return told(done.error(), "put the new index in the place of the old one");
  spdlog::info("the index made anew takes the place of the old one; generation {}",
               store_->facts().generation);
}

void Indexer::start_merge() {
  if (merging_ || paused() || stopping_ || purging() || merge_retry_.waiting()) return;
  if (!merge_error_.empty())
    if (auto ready = store_->ready(); !ready) return merge_failed(ready.error(), "open the index again");
  const bool idle = options_.watching && nothing_to_read() && in_bulk_.empty() && batch_.empty();
  auto job = store_->plan_merge(idle);
  if (!job) {  // none is due any more
    merge_recovered();
    if (idle) give_memory_back();
    return;
  }
  merging_ = true;
  merger_->start(std::move(*job));
}

/// What a backfill and its merges took.
void Indexer::give_memory_back() {
  if (!std::exchange(heap_grown_, false)) return;
  trim_heap_of_this_thread();
  trim_heap();
}

void Indexer::on_merge(MergeDone done) {
  merging_ = false;
  heap_grown_ = true;
  const auto published = done.merged ? store_->publish(*done.merged) : Result<void>();
  if (!done.merged || !published) {
    store_->drop(done.job);
    const Error error = done.merged ? published.error() : done.merged.error();
    if (purging()) answer_purge(error.what);
    return merge_failed(error, "merge segments");
  }
  merge_recovered();
  spdlog::debug("{} segments merged", done.job.sources.size());
}

/// Commits may go on: they need less room.
void Indexer::merge_failed(const Error& error, const char* doing) {
  merge_retry_.failed();
  merge_error_ = error.what;
  repair_if_corrupt(error);
  spdlog::error("cannot {}: {}{}{}", doing, error.what, error.hint.empty() ? "" : "; ", error.hint);
}

void Indexer::merge_recovered() {
  merge_error_.clear();
  merge_retry_.succeeded();
}

void Indexer::seal_if_due() {
  if (!store_->seal_is_due()) return;
  if (auto sealed = store_->seal(); !sealed) told(sealed.error(), "seal the live segment");
}

}  // namespace tidings::indexer
