// SPDX-License-Identifier: GPL-2.0-or-later
// text.h — answers for a terminal, wrapped to its width, with colour only where it is one.
//
// Nothing a report holds reaches the terminal as a control sequence, or turns the direction of writing: such
// characters are shown as spaces, and in file names as \xNN. Marks are bold, or between « » where there is no
// colour. Widths count code points, wide ones as two.
#pragma once
#include <string>
#include <string_view>

#include "searcher/match/answer.h"

namespace tidings::searcher {

struct TextStyle {
  bool colour = false;
  std::size_t columns = 80;
};

/// The style that suits the standard output: NO_COLOR, TERM=dumb and pipes get none; $COLUMNS or the
/// terminal's width.
TextStyle style_of_stdout();

/// One hit: number, title, date, source, path, passages, and how its score adds up, where that was asked for.
std::string hit_text(const Hit& hit, std::size_t number, const TextStyle& style);
/// What goes to stderr about an answer: how it was understood, warnings, total, how fresh.
std::string answer_notes(const Answer& answer, const TextStyle& style);
/// Facets, a line or more each, and the timeline as bars; empty where neither was asked for.
std::string counts_text(const Answer& answer, const TextStyle& style);
std::string suggestions_text(const SuggestAnswer& suggestions, const TextStyle& style);
std::string document_text(const DocumentAnswer& document, const TextStyle& style);

/// Text in one line in which a terminal finds nothing to act upon: such characters are made spaces.
std::string printable_line(std::string_view text);
/// In how many columns a terminal shows it.
std::size_t columns_of(std::string_view utf8);

/// A path in one line that can be read: what a terminal acts upon, and bytes that are not UTF-8, as \xNN.
std::string printable_path(const std::string& path);

}  // namespace tidings::searcher
