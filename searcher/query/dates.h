// SPDX-License-Identifier: GPL-2.0-or-later
// dates.h — what may stand behind date:, before:, after:, since: and until:.
//
//   2023  2023-02  2023-02-27        the whole year, month or day
//   today  yesterday  this-week  last-week  this-month  last-month  this-year  last-year
//   3d  2w  6m  1y                   the last so many days, weeks, months or years, today being the last day of them
//   A..B                             from the beginning of A to the end of B; either side may be left out
// "last week" in quotes and last_week are last-week; 3days, "3 days" and last-3-days are 3d. A week begins on Monday. Days are UTC's.
//
//   date:2023-02    in February                     since:2023-02   from 1 February on
//   before:2023-02  earlier than 1 February         until:2023-02   up to and with 28 February
//   after:2023-02   later than the end of February
// "The last so many" is a point in time where one is asked for, the beginning of them: after:3d and since:3d are since then, before:3d
// and until:3d are before; 3m..1m is from three months ago to one month ago.
//
// What is relative stays so in the tree, and is an interval at a time that is given: a query that stays open is bound anew each day.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "index/error.h"

namespace tidings::searcher {

/// Which interval a date stands for.
enum class DateSide : std::uint8_t { Within, Before, After, Since, Until };

/// One date as typed.
struct DateValue {
  enum class Kind : std::uint8_t {
    Fixed,  ///< from `begin` to `end`, the latter excluded
    Named,  ///< the day, week, month or year `count` before the one that is now
    Last,   ///< the last `count` of them
  };
  enum class Unit : std::uint8_t { Day, Week, Month, Year };
  Kind kind = Kind::Fixed;
  Unit unit = Unit::Day;
  int count = 0;
  std::chrono::sys_days begin{}, end{};
};

struct DateSpan {
  DateSide side = DateSide::Within;
  bool range = false;  ///< A..B; else `from` alone
  std::optional<DateValue> from, to;
  bool relative() const;
};

/// What a value means in a field of that side; BadQuery, without column, where it is no date.
Result<DateSpan> parse_dates(DateSide side, std::string_view text);

/// Half open, seconds since 1970 UTC.
struct DateInterval {
  std::optional<std::int64_t> begin, end;
};
DateInterval interval_at(const DateSpan& span, std::chrono::sys_seconds now);

}  // namespace tidings::searcher
