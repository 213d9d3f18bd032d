// SPDX-License-Identifier: GPL-2.0-or-later
// markdown.h — Markdown to the text that a reader of the rendered page sees, with md4c.
//
// Marks, link targets and raw HTML tags go; link and picture texts, code and tables (a row a line) stay. md4c
// may call back more often than linearly for a table of many columns and rows: past kEventsPerByte the source
// is given as it is instead.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "index/record.h"

namespace tidings::indexer {

inline constexpr std::uint64_t kEventsPerByte = 8;

struct MarkdownPage {
  std::string text;
  Range heading;     ///< the first heading of level 1, else the first of level 2 if it opens the text
  bool cut = false;  ///< more text than the limit
};

MarkdownPage read_markdown(std::string_view source, std::uint64_t text_bytes);

}  // namespace tidings::indexer
