// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/pending.h"

namespace tidings::indexer {

bool merge(Look& waiting, const Look& look, Outstanding& outstanding) {
  outstanding.lower(waiting.ticket, look.ticket);  // a crawl's look is older than the news it meets
  if (waiting.from != look.from) waiting.from.reset();
  if (!look.arrival || waiting.arrival) return false;
  waiting.arrival = true;
  waiting.cause = look.cause;
  return true;
}

Pending::Added Pending::add(const Look& look) {
  if (auto it = by_path_.find(look.key); it != by_path_.end()) {
    if (merge(*it->second, look, outstanding_)) arrivals_.splice(arrivals_.end(), backfill_, it->second);
    return Added::Merged;
  }
  if (by_path_.size() >= max_paths_) return Added::Full;
  Queue& queue = look.arrival ? arrivals_ : backfill_;
  queue.push_back(look);
  outstanding_.hold(look.ticket);
  by_path_.emplace(look.key, std::prev(queue.end()));
  return Added::New;
}

std::optional<Look> Pending::take() {
  Queue& queue = arrivals_.empty() ? backfill_ : arrivals_;
  if (queue.empty()) return std::nullopt;
  Look look = std::move(queue.front());
  queue.pop_front();
  by_path_.erase(look.key);
  return look;
}

}  // namespace tidings::indexer
