// SPDX-License-Identifier: GPL-2.0-or-later
// order.h — in which order matches come, and which of them are a page.
//
//   relevance  by BM25 (ranking.h)
//   best       by relevance * (1 + kRecent * 2^(-age / kHalving)): a report of today gains 5 %, one of a month ago 2.5 %, one that is older than
//              kHalvings of them nothing. So a report is put before a more relevant one only where their scores are less than 5 % apart. Its age is
//              that of its own date when the generation was published, not now: an answer stays the same as long as its
//              generation does. A date to come counts as that day; a report that is dated by its file alone gains nothing, for that
//              tells when it was copied.
//   newest, oldest  by the date; of one day, or second, by key
//
// Recency is weighed in blocks: of each kBlock matches by relevance (1 to 50, 51 to 100, …) those of a block are put in order by it, so a
// match moves by less than a block, a page costs no more than the blocks it lies in, and pages fit together whatever their sizes.
//
// Pages of one generation neither repeat nor skip: of equals the key decides. Equal scores on both sides of a block's end go by document number,
// which a merge changes without a generation; and a merge that drops removed reports changes what words weigh a little. Queries
// without a word that weighs (type:html, after:2023) have no relevance: best and relevance are then newest first.
#pragma once
#include <xapian.h>

#include <chrono>
#include <cstdint>
#include <vector>

#include "index/snapshot.h"
#include "searcher/match/answer.h"

namespace tidings::searcher {

inline constexpr double kRecent = 0.05;
inline constexpr std::chrono::days kHalving{30};
inline constexpr int kHalvings = 10;
inline constexpr std::size_t kBlock = 50;

/// What a match's score gains by its date.
double recency(double relevance, std::int64_t date, std::int64_t now);

struct Ranked {
  Xapian::docid id = 0;
  double relevance = 0;
  double recent = 0;          ///< added to it; 0 unless the order is Best
  std::uint64_t similar = 0;  ///< near-copies that match, and are left out for it (collapse.h)
  double score() const { return relevance + recent; }
};

struct Page {
  std::vector<Ranked> hits;
  std::uint64_t total = 0;
  bool exact = true;
};

/// The matches from `offset` on of a query that leaves out the dead (Snapshot::living). At least `counted` matches are counted before the total
/// is an estimate. Throws what Xapian throws.
Page page(const Snapshot& snapshot, const Xapian::Query& query, Sort sort, std::size_t offset,
          std::size_t limit, Xapian::doccount counted);

}  // namespace tidings::searcher
