// SPDX-License-Identifier: GPL-2.0-or-later
// matched.h — all documents that a query matches, segment by segment: what facets and timelines count.
//
// A match of its own, without weights, on each segment by itself: it need not compute a score, and its document ids are those that the
// segment's posting lists and value streams have. 4 bytes a match. Past kMostMatched the rest is not collected, and `all` is false.
#pragma once
#include <xapian.h>

#include <cstdint>
#include <vector>

#include "index/snapshot.h"

namespace tidings::searcher {

inline constexpr std::size_t kMostMatched = 5'000'000;

struct Matched {
  std::vector<std::vector<Xapian::docid>> parts;  ///< of each Snapshot::part(), ascending
  bool all = true;
  std::uint64_t count() const;
};

/// Of a query that leaves out the dead (Snapshot::living). Throws what Xapian throws.
Matched matched(const Snapshot& snapshot, const Xapian::Query& query, std::size_t most = kMostMatched);

}  // namespace tidings::searcher
