// SPDX-License-Identifier: GPL-2.0-or-later
// pending.h — the files that are to be looked at again, each once: arrivals before the backfill.
//
// An entry says only "look at this path": what is done is decided by what lies on disk then, so news may be merged and
// repeated freely. A path that is added again keeps its older ticket and its place; one that arrives while it waits in
// the backfill is moved to the arrivals. Past `max_paths` entries add() refuses, and the caller widens to a crawl of the
// corpus, so memory is bounded whatever the kernel sends; nothing is forgotten, only widened.
// Not thread-safe: the index thread owns it. After watchman's PendingCollection.
#pragma once
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "index/record.h"

namespace tidings::indexer {

/// Numbers what came in; a sync waits for all tickets up to its own.
using Ticket = std::uint64_t;

struct Look {
  Key key;
  Cause cause = Cause::Arrival;
  Ticket ticket = 0;
  bool arrival = true;  ///< before the backfill
};

/// How many pieces of work are not searchable yet, by ticket.
class Outstanding {
 public:
  void hold(Ticket ticket) { ++count_[ticket]; }
  void release(Ticket ticket) {
    auto it = count_.find(ticket);
    if (it != count_.end() && --it->second == 0) count_.erase(it);
  }
  bool done_up_to(Ticket ticket) const { return count_.empty() || count_.begin()->first > ticket; }

 private:
  std::map<Ticket, std::size_t> count_;
};

class Pending {
 public:
  enum class Added { New, Merged, Full };

  explicit Pending(std::size_t max_paths) : max_paths_(max_paths) {}

  Added add(const Look& look);
  /// The oldest arrival, or else the oldest of the backfill.
  std::optional<Look> take();
  bool has_arrivals() const { return !arrivals_.empty(); }
  std::size_t size() const { return by_path_.size(); }
  bool empty() const { return by_path_.empty(); }

 private:
  using Queue = std::list<Look>;
  const std::size_t max_paths_;
  Queue arrivals_, backfill_;
  std::map<Key, Queue::iterator> by_path_;
};

}  // namespace tidings::indexer
