// SPDX-License-Identifier: GPL-2.0-or-later
// text_flow.h — a document's pieces of text, put together as a reader sees them.
//
// White space collapses within a line, blocks are apart by a line end or a blank line, and inline marks
// neither glue nor split words. Keeps at most `max` bytes: past it nothing is added and `full()` says so.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "index/record.h"

namespace tidings::indexer {

class TextFlow {
 public:
  explicit TextFlow(std::uint64_t max) : max_(max) {}

  void add(std::string_view text);        ///< white space collapses, control characters go
  void add_lines(std::string_view text);  ///< line ends and indents are kept
  void line_end() { wanted_ = std::max(wanted_, kLine); }
  void blank_line() { wanted_ = std::max(wanted_, kBlank); }

  std::uint32_t size() const { return static_cast<std::uint32_t>(text_.size()); }
  bool full() const { return full_; }
  std::string_view view() const { return text_; }
  std::string take() { return std::move(text_); }

 private:
  enum Gap : std::uint8_t { kNone, kSpace, kLine, kBlank };
  bool room(std::size_t bytes);
  void put(std::string_view word);

  std::string text_;
  std::uint64_t max_;
  Gap wanted_ = kNone;
  bool full_ = false;
};

}  // namespace tidings::indexer
