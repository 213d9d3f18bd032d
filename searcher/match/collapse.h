// SPDX-License-Identifier: GPL-2.0-or-later
// collapse.h — of near-copies (index/copies.h) an answer shows one: the first in its order.
//
// Hits are gone through in their order; each that is shown has its own near-copies left out from there on. So what is left out is always a
// near-copy of something that is shown, also where A is like B and B like C, and A not like C. Pages of one generation fit
// together: each is counted from the first hit. Hits past kCollapsed are shown as they come, and a page deep in the answer costs a look at
// all before it: a few reads of memory a hit where there are no copies.
#pragma once
#include <xapian.h>

#include <cstdint>
#include <set>
#include <vector>

#include "index/copies.h"
#include "searcher/match/order.h"

namespace tidings::searcher {

inline constexpr std::size_t kCollapsed = 1000;

class Collapse {
 public:
  Collapse(const Snapshot& snapshot, Analyzer& analyzer) : snapshot_(snapshot), copies_(snapshot, analyzer) {}

  /// As in order.h, near-copies left out; the total counts all. What hits of earlier calls left out stays so.
  Page page(const Xapian::Query& query, Sort sort, std::size_t offset, std::size_t limit,
            Xapian::doccount counted);
  /// Of the ranked matches of a query those that are shown, at most `limit`.
  std::vector<Ranked> shown(const std::vector<Ranked>& ranked, std::size_t limit, const Xapian::Query& query);

 private:
  struct Shown {
    Ranked hit;
    std::vector<Xapian::docid> copies;  ///< that no earlier hit left out; they may match or not
  };
  std::vector<Shown> chosen(const std::vector<Ranked>& ranked, std::size_t limit);
  std::vector<Ranked> counted(std::vector<Shown> hits, const Xapian::Query& query) const;

  const Snapshot& snapshot_;
  CopyFinder copies_;
  std::set<Xapian::docid> left_out_;
};

}  // namespace tidings::searcher
