// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/dates.h"

#include "index/record.h"
#include "searcher/query/query.h"
#include "tests/unit/catch.h"
#include "tests/unit/searcher/phrases.h"

using namespace tidings;
using namespace tidings::searcher;
using namespace std::chrono;

namespace {

/// "2023-01-01..2023-03-31", both days included.
std::string days(const DateInterval& interval) {
  const auto day = [](std::optional<std::int64_t> seconds, int shift) {
    return seconds ? iso_of(*seconds + shift).substr(0, 10) : std::string();
  };
  return day(interval.begin, 0) + ".." + day(interval.end, -1);
}

std::string at(sys_seconds now, DateSide side, std::string_view text) {
  const auto span = parse_dates(side, text);
  return span ? days(interval_at(*span, now)) : span.error().what;
}

}  // namespace

TEST_CASE("a relative date is the days that it means at that moment", "[query]") {
  const sys_seconds now = sys_days(2024y / March / 31) + 13h;  // a Sunday, after a leap day
  struct Case {
    std::string_view text, days;
  };
  const Case cases[] = {
      {"today", "2024-03-31..2024-03-31"},
      {"yesterday", "2024-03-30..2024-03-30"},
      {"this-week", "2024-03-25..2024-03-31"},
      {"last-week", "2024-03-18..2024-03-24"},
      {"last week", "2024-03-18..2024-03-24"},
      {"LAST_WEEK", "2024-03-18..2024-03-24"},
      {"this-month", "2024-03-01..2024-03-31"},
      {"last-month", "2024-02-01..2024-02-29"},
      {"this-year", "2024-01-01..2024-12-31"},
      {"last-year", "2023-01-01..2023-12-31"},
      {"1d", "2024-03-31..2024-03-31"},
      {"3d", "2024-03-29..2024-03-31"},
      {"3days", "2024-03-29..2024-03-31"},
      {"last 3 days", "2024-03-29..2024-03-31"},
      {"1w", "2024-03-25..2024-03-31"},
      {"2w", "2024-03-18..2024-03-31"},
      {"1m", "2024-03-01..2024-03-31"},  // 29 February is the day a month before, February having no 31st
      {"6m", "2023-10-01..2024-03-31"},
      {"1y", "2023-04-01..2024-03-31"},
      {"yesterday..", "2024-03-30.."},
      {"..yesterday", "..2024-03-30"},
      {"2023..last-month", "2023-01-01..2024-02-29"},
      {"3m..1m", "2024-01-01..2024-02-29"},
      {"last-month..today", "2024-02-01..2024-03-31"},
  };
  for (const auto& [text, expected] : cases) {
    INFO(text);
    CHECK(at(now, DateSide::Within, text) == expected);
  }
  CHECK(parse_dates(DateSide::Within, "9999y"));
  CHECK(at(now, DateSide::After, "3d") == "2024-03-29..");
  CHECK(at(now, DateSide::Since, "3d") == "2024-03-29..");
  CHECK(at(now, DateSide::Before, "3d") == "..2024-03-28");
  CHECK(at(now, DateSide::Until, "3d") == "..2024-03-28");
  CHECK(at(now, DateSide::After, "last-week") == "2024-03-25..");
  CHECK(at(now, DateSide::Since, "last-week") == "2024-03-18..");
  CHECK(at(now, DateSide::Before, "last-week") == "..2024-03-17");
  CHECK(at(now, DateSide::Until, "last-week") == "..2024-03-24");
}

TEST_CASE("the days change at midnight UTC", "[query]") {
  const sys_days day = 2026y / January / 1;
  CHECK(at(day - 1s, DateSide::Within, "today") == "2025-12-31..2025-12-31");
  CHECK(at(day, DateSide::Within, "today") == "2026-01-01..2026-01-01");
  CHECK(at(day, DateSide::Within, "last-month") == "2025-12-01..2025-12-31");
  CHECK(at(day, DateSide::Within, "this-week") == "2025-12-29..2026-01-04");
}

TEST_CASE("a tree keeps what is relative, and is bound to another moment each time", "[query]") {
  Analyzer analyzer;
  CompileContext context{analyzer,
                         {},
                         {},
                         {[](std::string_view) { return std::vector<std::string>(); }},
                         phrases_without_segments(analyzer)};
  const auto understood = [&](sys_days now) {
    context.now = now;
    return understand("date:yesterday", context)->understood;
  };
  CHECK(understood(2024y / March / 1) == "reports on 29 February 2024");
  CHECK(understood(2025y / March / 1) == "reports on 28 February 2025");
}

TEST_CASE("an interval that ends before it begins finds nothing, and says so", "[query]") {
  Analyzer analyzer;
  CompileContext context{analyzer,
                         {},
                         {},
                         {[](std::string_view) { return std::vector<std::string>(); }},
                         phrases_without_segments(analyzer)};
  context.now = sys_days(2024y / March / 1);
  struct Case {
    std::string_view text, warning;
  };
  const Case cases[] = {
      {"date:2023..2022", "column 1: this time ends before it begins; nothing is found in it"},
      {"a date:today..last-week", "column 3: this time ends before it begins; nothing is found in it"},
      {"size:2k..1k", "column 1: no size is between these; nothing is found"},
      {"size:<0", "column 1: no size is between these; nothing is found"},
  };
  for (const auto& [text, warning] : cases) {
    INFO(text);
    const auto query = understand(text, context);
    REQUIRE(query);
    REQUIRE(query->warnings.size() == 1);
    CHECK(query->warnings[0].message() == warning);
  }
}
