// SPDX-License-Identifier: GPL-2.0-or-later
// terminal_line.h — one line of a terminal that is rewritten in place, for how far long work is.
//
// It is written with "\r" and spaces, without colour or any other control sequence, so that it does on every
// terminal; it has at most kColumns - 1 columns, and one less than the terminal, so that it never wraps. Where
// the file descriptor is no terminal, nothing is written. The end wipes it away. One thread.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace tidings::loop {

class TerminalLine {
 public:
  static constexpr std::size_t kColumns = 80;

  /// The descriptor stays its owner's.
  explicit TerminalLine(int fd);
  ~TerminalLine() { clear(); }
  TerminalLine(const TerminalLine&) = delete;
  TerminalLine& operator=(const TerminalLine&) = delete;

  bool on_terminal() const { return columns_ > 0; }
  /// ASCII without control characters; what is too long is cut.
  void show(std::string_view text);
  void clear();
  /// Written before other output to the same terminal, it wipes the line away.
  static std::string wipe();

 private:
  void put(std::string_view bytes) const;

  const int fd_;
  std::size_t columns_ = 0;  ///< for the text; none: no terminal
  std::size_t shown_ = 0;    ///< columns that have something
};

}  // namespace tidings::loop
