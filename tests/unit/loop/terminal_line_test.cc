// SPDX-License-Identifier: GPL-2.0-or-later
#include "loop/terminal_line.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "loop/fd.h"
#include "tests/unit/catch.h"

using tidings::loop::Fd;
using tidings::loop::TerminalLine;

namespace {

/// A terminal, and what was written to it.
struct Terminal {
  explicit Terminal(unsigned short columns) : screen(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK)) {
    REQUIRE((screen && ::grantpt(screen.get()) == 0 && ::unlockpt(screen.get()) == 0));
    std::array<char, 64> name{};
    REQUIRE(::ptsname_r(screen.get(), name.data(), name.size()) == 0);
    program.reset(::open(name.data(), O_RDWR | O_NOCTTY));
    REQUIRE(program);
    const winsize size{24, columns, 0, 0};
    REQUIRE(::ioctl(program.get(), TIOCSWINSZ, &size) == 0);
  }
  std::string written() const {
    std::array<char, 4096> bytes{};
    const ssize_t got = ::read(screen.get(), bytes.data(), bytes.size());
    return got > 0 ? std::string(bytes.data(), static_cast<std::size_t>(got)) : std::string();
  }
  Fd screen, program;
};

}  // namespace

TEST_CASE("a line of a terminal is rewritten in place, and wiped at the end", "[terminal_line]") {
  const Terminal terminal(100);
  {
    TerminalLine line(terminal.program.get());
    CHECK(line.on_terminal());
    line.show("1,200 files");
    CHECK(terminal.written() == "\r1,200 files");
    line.show("7 files");
    CHECK(terminal.written() == "\r7 files    ");
    line.clear();
    CHECK(terminal.written() == "\r       \r");
    line.clear();
    CHECK(terminal.written().empty());
    line.show("last");
    CHECK(terminal.written() == "\rlast");
  }
  CHECK(terminal.written() == "\r    \r");
}

TEST_CASE("it has at most 80 columns, and leaves the terminal's last one free", "[terminal_line]") {
  const auto [columns, shown] = GENERATE(table<unsigned short, std::size_t>(
      {{std::uint16_t{200}, 79}, {std::uint16_t{80}, 79}, {std::uint16_t{40}, 39}, {std::uint16_t{0}, 79}}));
  CAPTURE(columns);
  const Terminal terminal(columns);
  TerminalLine line(terminal.program.get());
  line.show(std::string(300, 'x'));
  CHECK(terminal.written() == "\r" + std::string(shown, 'x'));
  CHECK(TerminalLine::wipe().size() == 81);
}

TEST_CASE("nothing is written where there is no terminal", "[terminal_line]") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0);
  const Fd reading(ends[0]), writing(ends[1]);
  {
    TerminalLine line(writing.get());
    CHECK_FALSE(line.on_terminal());
    line.show("1,200 files");
  }
  char byte = 0;
  CHECK(::read(reading.get(), &byte, 1) == -1);
}
