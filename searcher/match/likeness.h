// SPDX-License-Identifier: GPL-2.0-or-later
// likeness.h — the words that tell what a report is about, as a query for reports like it.
//
// Of the words of its story and title (boilerplate, stop words and words of less than kShortestTelling letters left out) the kTellingWords with the
// highest (1 + log2 tf) * log(N / n): often here, in few others. A word that no other report has finds nothing, and is left out. Any of
// them will do; a word that is here more often weighs more. Words are taken as they stand: their other forms would make the query
// several times as wide.
// Bound: of a long report the kWeighedWords most frequent words are looked up, equals in their order.
#pragma once
#include <xapian.h>

#include <string>
#include <vector>

#include "index/analyzer.h"
#include "index/record.h"
#include "index/snapshot.h"

namespace tidings::searcher {

inline constexpr std::size_t kTellingWords = 40, kWeighedWords = 1000, kShortestTelling = 3;

struct Likeness {
  Xapian::Query query;             ///< nothing where the report has no telling word
  std::vector<std::string> words;  ///< the most telling first
};

/// The words of the title and of the text's first bytes, boilerplate left out.
void each_word_of_story(const Report& report, std::size_t bytes, Analyzer& analyzer,
                        FunctionRef<void(const Token&)> sink);

/// Throws what Xapian throws.
Likeness likeness_of(const Report& report, const Snapshot& snapshot, Analyzer& analyzer);

}  // namespace tidings::searcher
