// SPDX-License-Identifier: GPL-2.0-or-later
// pending.h — the files that are to be looked at again, each once: arrivals before the backfill.
//
// An entry says only "look at this path": what is done is decided by what lies on disk then, so news may be merged and
// repeated freely. A path that is added again keeps its place and the older of the two tickets; one that arrives while it
// waits in the backfill is moved to the arrivals. Past `max_paths` entries add() refuses, and the caller widens to a crawl of the
// corpus, so memory is bounded whatever the kernel sends; nothing is forgotten, only widened.
// Each entry holds its ticket; who takes it releases it when the report is searchable.
// Not thread-safe: the index thread owns it. After watchman's PendingCollection.
#pragma once
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "index/record.h"

namespace tidings::indexer {

/// Numbers what came in; a sync waits for all tickets up to its own.
using Ticket = std::uint64_t;

struct Look {
  Key key;
  Cause cause = Cause::Arrival;
  Ticket ticket = 0;
  bool arrival = true;      ///< before the backfill
  std::uint64_t bytes = 0;  ///< the file's size, where a crawl met it
  bool counted = false;     ///< in progress.h
  std::optional<Key> from =
      {};  ///< the name under which the index has this very file, which is gone there (moves.h)
};

/// How many pieces of work are not searchable yet, by ticket.
class Outstanding {
 public:
  void hold(Ticket ticket) { ++count_[ticket]; }
  void release(Ticket ticket) {
    auto it = count_.find(ticket);
    if (it != count_.end() && --it->second == 0) count_.erase(it);
  }
  /// What is held by one ticket is held by the older of the two.
  void lower(Ticket& held, Ticket to) {
    if (to >= held) return;
    hold(to);
    release(std::exchange(held, to));
  }
  bool done_up_to(Ticket ticket) const { return count_.empty() || count_.begin()->first > ticket; }

 private:
  std::map<Ticket, std::size_t> count_;
};

/// Two looks at one path become one: the older ticket, an arrival rather than the backfill, a file rather than its earlier name. True where `waiting` became
/// an arrival by it.
bool merge(Look& waiting, const Look& look, Outstanding& outstanding);

class Pending {
 public:
  enum class Added { New, Merged, Full };

  Pending(std::size_t max_paths, Outstanding& outstanding)
      : max_paths_(max_paths), outstanding_(outstanding) {}

  Added add(const Look& look);
  /// The oldest arrival, or else the oldest of the backfill.
  std::optional<Look> take();
  bool has_arrivals() const { return !arrivals_.empty(); }
  std::size_t size() const { return by_path_.size(); }
  bool empty() const { return by_path_.empty(); }
  bool half_empty() const { return 2 * by_path_.size() < max_paths_; }

 private:
  using Queue = std::list<Look>;
  const std::size_t max_paths_;
  Outstanding& outstanding_;
  Queue arrivals_, backfill_;
  std::map<Key, Queue::iterator> by_path_;
};

}  // namespace tidings::indexer
