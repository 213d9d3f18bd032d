// SPDX-License-Identifier: GPL-2.0-or-later
// front_matter.h — the fields that stand before a text: "---" or "+++" fences, or header lines as mail and
// news have.
//
// Fences hold "key: value" (YAML) or "key = value" (TOML) lines; only plain values and the first of a list
// are understood, for a title or a date is nothing else. A header block is at least two lines "Name: value"
// up to a blank line, of which at least two names are known here, so that a play or an interview ("Anna: …")
// is none. At most kFieldLines lines.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "index/record.h"

namespace tidings::indexer {

inline constexpr std::size_t kFieldLines = 200;

struct Fields {
  std::string title, date, source, language;  ///< as written (date too); empty where not said
  Range title_range;                          ///< of the title's value in the text
  std::vector<Range> noise;  ///< lines that say nothing to a reader (Path, Xref, Lines, all fences)
  std::size_t end = 0;       ///< where the text itself begins
  Origin origin = Origin::FrontMatter;  ///< FrontMatter or Headers
};

std::optional<Fields> read_front_matter(std::string_view text);
std::optional<Fields> read_headers(std::string_view text);

}  // namespace tidings::indexer
