// SPDX-License-Identifier: GPL-2.0-or-later
// explain.h — a score as a sum: what each part of a query gave to a report.
//
// Xapian tells the weight of a whole match alone. But what weighs in a query (a term, the forms of a word, a posting source) weighs by itself: by
// the statistics of the index, whatever stands beside it. So the query's tree is walked down to such parts, below AND and OR and what only
// filters, and each is matched with the reports in question alone; below OR only for those which that branch matches. What they give adds up to
// the score, but for the last bits of a double. A part that gave nothing is left out; past kMostParts of them, the rest is told as one.
//
// Costs a match a part, some 50 µs each for a page of hits.
#pragma once
#include <span>
#include <vector>

#include "index/snapshot.h"
#include "searcher/match/answer.h"
#include "searcher/match/order.h"

namespace tidings::searcher {

inline constexpr std::size_t kMostParts = 200;

/// Of the query that these matches were found by; for each of them what adds up to its score(). Throws what Xapian throws.
std::vector<std::vector<ScorePart>> explain(const Snapshot& snapshot, const Xapian::Query& query,
                                            std::span<const Ranked> hits);

}  // namespace tidings::searcher
