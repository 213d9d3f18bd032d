// SPDX-License-Identifier: GPL-2.0-or-later
// spelling.h — what was probably meant, where little is found: the index's own words that are near to what was typed.
//
// Looked at are the words of a query that stand in the text of reports (alone, in exact words, in title:), but for negated ones, those with digits,
// stop words, and words of less than kShortestChecked letters. One is taken for misspelt where at most kRareWord reports have any of its
// forms. Of the words of the index within one edit (from kTwoEdits letters on two; edits.h) the one with the highest
// reports / kEditCost^edits is put in its place, another first letter counting as half an edit; a word that some reports have
// only gives way to one that kMuchMore times as many have. Words that removed reports alone have are none (Snapshot::having).
//
// Bounds: kMostChecked words of a query; kMostLookedAt words of the index, each some 20 to 100 ns, past which the best so far is taken.
// A query whose words are all known costs some look-ups of words only.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "index/analyzer.h"
#include "index/snapshot.h"
#include "searcher/query/parser.h"

namespace tidings::searcher {

inline constexpr std::size_t kShortestChecked = 4, kTwoEdits = 6, kMostChecked = 8;
inline constexpr std::size_t kMostLookedAt = 4'000'000;
inline constexpr std::size_t kRareWord = 2, kMuchMore = 20;
inline constexpr double kEditCost = 50;

/// A word of the query's text.
struct TypedWord {
  std::size_t begin = 0, end = 0;  ///< bytes
  std::string term;                ///< folded
};

/// Those that are looked at, in their order. `plain`: a bag of words.
std::vector<TypedWord> words_to_check(std::string_view text, bool plain, const QueryLimits& limits,
                                      Analyzer& analyzer);

/// The text with words put right; nothing where none is misspelt, or nothing is near. Throws what Xapian throws.
std::optional<std::string> put_right(std::string_view text, const std::vector<TypedWord>& words,
                                     const Snapshot& snapshot, Analyzer& analyzer);

}  // namespace tidings::searcher
