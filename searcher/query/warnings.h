// SPDX-License-Identifier: GPL-2.0-or-later
// warnings.h — what was read otherwise than it was typed, told beside the answer.
//
// Columns count code points of the query from 1. A bad byte counts as one code point. At most kMax are kept,
// so that a hostile query cannot make a long answer; the last of them then says that there were more.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace tidings::searcher {

struct Warning {
  std::size_t column = 0;
  std::string text;  ///< "a quote was opened and not closed; read to the end"
  /// "column 8: a quote was opened and not closed; read to the end"
  std::string message() const { return "column " + std::to_string(column) + ": " + text; }
  bool operator==(const Warning&) const = default;
};

class Warnings {
 public:
  static constexpr std::size_t kMax = 16;

  void add(std::size_t column, std::string text) {
    if (list_.size() < kMax - 1)
      list_.push_back({column, std::move(text)});
    else if (list_.size() < kMax)
      list_.push_back({column, "more of the query was read otherwise than typed"});
  }
  std::vector<Warning> take() { return std::move(list_); }

 private:
  std::vector<Warning> list_;
};

}  // namespace tidings::searcher
