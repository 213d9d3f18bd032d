// SPDX-License-Identifier: GPL-2.0-or-later
// news.h — which reports are news to someone who waits: versions that came by an arrival, a change or a catch-up, and still are.
//
// What a live query tells of, and what standing queries are matched with: both go by this, and so mean the same.
#pragma once
#include <xapian.h>

#include <cstdint>
#include <vector>

#include "index/snapshot.h"

namespace tidings::searcher {

/// A query for what the generations after `generation`, up to `newest`, published as news; nothing where newest is not later.
Xapian::Query news_after(std::uint64_t generation, std::uint64_t newest);

struct News {
  std::uint64_t generation = 0;  ///< that published it
  Xapian::docid document = 0;    ///< of the snapshot
  auto operator<=>(const News&) const = default;
};

/// All of them up to the snapshot's own generation, the oldest first: 16 bytes a report, kMostMatched (matched.h) at most: what is past that
/// is not told. Throws what Xapian throws.
std::vector<News> news(const Snapshot& snapshot, std::uint64_t after_generation);

}  // namespace tidings::searcher
