// SPDX-License-Identifier: GPL-2.0-or-later
// text.h — what the readers of text share: cleaning, trimming, lines, words and case.
//
// All strings are valid UTF-8 and offsets are bytes. White space here is ASCII's, the no-break space and the
// zero-width characters. Pure functions; they never fail.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "index/record.h"

namespace tidings::indexer {

/// CR, CR LF, VT, FF, NEL and the Unicode line and paragraph separators become '\n'; other control characters
/// but '\t' go.
std::string clean(std::string text);

std::string_view trim(std::string_view s);
/// Trimmed, each run of white space as one space.
std::string one_line(std::string_view s);
/// Lower case (Unicode), ’ as ', one_line: the form that cue phrases are written in.
std::string lowered(std::string_view s);
/// Is the word one of " a b c "?
bool listed(std::string_view list, std::string_view word);
/// Runs of non-space.
std::size_t word_count(std::string_view s);
/// The longest prefix of at most `max` bytes that does not end within a character.
std::string_view utf8_prefix(std::string_view s, std::size_t max);
/// At most `chars` code points; where something was cut, at a word, and "…" says so.
std::string shortened(std::string_view s, std::size_t chars);

/// A line that is not blank, trimmed.
struct Line {
  Range range;
  bool blank_before = true;  ///< a blank line, or the text's begin, stands before it
  bool blank_after = true;
};
/// The first `max` lines that are not blank.
std::vector<Line> head_lines(std::string_view text, std::size_t max);
inline std::string_view slice(std::string_view text, Range r) {
  return text.substr(r.begin, r.end - r.begin);
}
/// The range of `part`, a view into `whole`.
Range range_of(std::string_view whole, std::string_view part);

bool ends_like_sentence(std::string_view trimmed);  ///< . ! ? … : ; also before closing quotes and brackets
bool begins_lower(std::string_view s);              ///< its first letter is a lower-case one
/// Bytes of the next line and the position after its '\n'; false at the end.
bool next_line(std::string_view text, std::size_t& at, std::string_view& line);

}  // namespace tidings::indexer
