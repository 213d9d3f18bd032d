// SPDX-License-Identifier: GPL-2.0-or-later
// title.h — the headline in a plain text, and the site's tagline over it.
//
// The headline is the first line within kHeadLines that looks like one: at most kHeadlineWords words, not
// ending in a full stop, comma or colon, no date, by-line, dateline, boilerplate or first line of a
// hard-wrapped paragraph. Two such lines in a row at the top, apart by blank lines, and then a by-line or a
// paragraph: either a tagline over a headline or a headline over its subheading. The second is usual, so the
// first is a tagline only if it speaks as a name or a description of who publishes and the line below does
// not: tagline_cues() adds up "section of", "website", "official", "the voice of", a newspaper's name, a web
// address, a section's label. A text without a headline is called by its first sentence.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "index/record.h"

namespace tidings::indexer {

inline constexpr std::size_t kHeadLines = 12;
inline constexpr std::size_t kHeadlineWords = 25;

struct Heading {
  std::string title;            ///< empty if the text has no line that is neither boilerplate nor date
  Range range;                  ///< of the headline; empty when the title is a sentence
  std::vector<Range> taglines;  ///< lines above the headline that are the site's
};

/// `begin`: where the text itself begins. `site`: the site's name if it is known; a line that is that name is
/// a tagline.
Heading find_heading(std::string_view text, std::size_t begin, const std::vector<Range>& boilerplate,
                     std::string_view site, std::size_t title_chars);

/// "Dockers strike" of "Dockers strike | The Courier" or "The Courier - Dockers strike", where that is the
/// site's name or what stands before the mark is the page's own heading.
std::string without_site(std::string_view title, std::string_view site, std::string_view heading);

/// How much a line sounds like the name or the description of a publisher; 3 and more is a tagline.
int tagline_cues(std::string_view line);

}  // namespace tidings::indexer
