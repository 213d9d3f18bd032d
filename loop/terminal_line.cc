// SPDX-License-Identifier: GPL-2.0-or-later
#include "loop/terminal_line.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace tidings::loop {

TerminalLine::TerminalLine(int fd) : fd_(fd) {
  if (::isatty(fd) == 0) return;
  winsize size{};
  const bool known = ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  columns_ = std::min<std::size_t>(known ? size.ws_col : kColumns, kColumns) - 1;
}

void TerminalLine::show(std::string_view text) {
  if (!on_terminal()) return;
  text = text.substr(0, columns_);
  std::string line = "\r" + std::string(text);
  if (shown_ > text.size()) line.append(shown_ - text.size(), ' ');
  shown_ = text.size();
  put(line);
}

void TerminalLine::clear() {
  if (shown_ == 0) return;
  put("\r" + std::string(shown_, ' ') + "\r");
  shown_ = 0;
}

std::string TerminalLine::wipe() {
  return "\r" + std::string(kColumns - 1, ' ') + "\r";
}

/// A line that cannot be written, or only in part, is no loss: the next one follows.
void TerminalLine::put(std::string_view bytes) const {
  if (::write(fd_, bytes.data(), bytes.size()) < 0) return;
}

}  // namespace tidings::loop
