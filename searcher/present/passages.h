// SPDX-License-Identifier: GPL-2.0-or-later
// passages.h — the places of a report that show why it was found.
//
// Whole sentences (ICU's, which do not end at "Mr.") where they are short enough, cut at words with "…" where not; of all sentences those that
// hold the most different words of the query, and early ones before late ones. The headline and boilerplate
// are never shown: where the report matches in its story nowhere, the story's first whole sentence stands in (no date, no byline, not
// the title again). At most
// kMostPassages of kPassageChars code points, "…" aside. Marks are code points. Time is
// linear in the text.
#pragma once
#include <vector>

#include "index/analyzer.h"
#include "index/record.h"
#include "searcher/match/answer.h"
#include "searcher/query/highlight.h"

namespace tidings::searcher {

inline constexpr std::size_t kMostPassages = 2;
inline constexpr std::size_t kOpeningLines = 12;  ///< of a story, for its first whole sentence
inline constexpr std::size_t kPassageChars = 240;

std::vector<Passage> passages(const Report& report, const Highlights& highlights, Analyzer& analyzer);

/// Where the query's words stand in any text, as byte ranges, sorted and disjoint: for titles and whole
/// reports.
std::vector<Range> find_marks(std::string_view text, const Highlights& highlights, Analyzer& analyzer);

/// Byte ranges to code points, of a text that is valid UTF-8.
std::vector<std::pair<std::uint32_t, std::uint32_t>> to_code_points(std::string_view text,
                                                                    const std::vector<Range>& ranges);

}  // namespace tidings::searcher
