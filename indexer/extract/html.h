// SPDX-License-Identifier: GPL-2.0-or-later
// html.h — an HTML page to its visible text and what it says of itself, with libxml2's push parser.
//
// We handle the parser's events ourselves and build no tree, so memory is the text's. Not text: script,
// style, template, svg, iframe, object, comments. Page furniture (nav, footer, aside, a header without the
// heading, noscript, buttons, hidden elements, ARIA roles, and blocks whose class or id has a word such as
// "cookie", "breadcrumb" or "newsletter") stays text and is reported in `furniture`; never the block that
// holds the page's heading, nor one that holds more than half of the text (a quarter, if only its class
// speaks against it).
//
// libxml2 takes quadratic time for many attributes in one tag and for end tags that are compared with a deep
// stack. So attributes past kAttributesMax are dropped before it sees them, and elements nested deeper than
// kDepthMax are taken off its stack as they open: their text is read, their structure is not.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "index/record.h"

namespace tidings::indexer {

inline constexpr std::size_t kAttributesMax = 256;
inline constexpr int kDepthMax = 200;
inline constexpr std::size_t kLinkedDataBytes =
    256 * 1024;  ///< of JSON-LD, a script; a longer one is not read

struct HtmlPage {
  std::string text;
  std::vector<Range> furniture;  ///< may overlap
  Range heading;                 ///< the first h1 outside furniture
  std::string title;             ///< <title>
  std::string social_title;      ///< og:title, JSON-LD's headline
  std::string site;              ///< og:site_name, application-name, JSON-LD's publisher
  std::string date;              ///< of publication, as written
  std::string language;          ///< the html element's lang, as written
  bool cut = false;              ///< more text than the limit
};

/// `html`: valid UTF-8, whatever charset it declares.
HtmlPage read_html(std::string_view html, std::uint64_t text_bytes);

std::string utf8_of(std::uint32_t code_point);

}  // namespace tidings::indexer
