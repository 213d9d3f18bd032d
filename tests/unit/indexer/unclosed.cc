// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/unclosed.h"

#include "tests/unit/catch.h"

using namespace tidings;
using namespace tidings::indexer;
using namespace std::chrono_literals;

TEST_CASE("a file that is written and not closed is looked at when it is quiet, or after a while",
          "[unclosed]") {
  Unclosed unclosed;
  const Key log{"news", "log.txt"};
  const auto start = Unclosed::Clock::now();
  REQUIRE(unclosed.written(log, 7, start));
  SECTION("quiet") {
    CHECK(unclosed.take_due(start + 900ms).empty());
    const auto due = unclosed.take_due(start + 2s);
    REQUIRE(due.size() == 1);
    CHECK(due.begin()->first == log);
    CHECK(due.begin()->second.ticket == 7);
    CHECK(unclosed.empty());
  }
  SECTION("written on and on: once in kMost, from its first write") {
    std::vector<Unclosed::Clock::duration> looks;
    for (auto at = 500ms; at < 100s; at += 500ms) {
      if (!unclosed.take_due(start + at).empty()) looks.push_back(at);
      REQUIRE(unclosed.written(log, 8, start + at));
    }
    CHECK(looks.size() == 3);
    CHECK(looks.at(0) >= Unclosed::kMost);
    CHECK(looks.at(0) <= Unclosed::kMost + Unclosed::kQuiet);
  }
  SECTION("closed") {
    unclosed.closed(log);
    CHECK(unclosed.take_due(start + 2s).empty());
  }
  SECTION("past their bound no other is taken, and those that are known are") {
    for (std::size_t i = 1; i < Unclosed::kMaxFiles; ++i)
      REQUIRE(unclosed.written({"news", std::to_string(i)}, 8, start));
    CHECK_FALSE(unclosed.written({"news", "one more"}, 8, start));
    CHECK(unclosed.written(log, 8, start));
    CHECK(unclosed.take_all().size() == Unclosed::kMaxFiles);
    CHECK(unclosed.empty());
  }
}
