// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/dates.h"

#include <algorithm>
#include <string>

#include "index/characters.h"

namespace tidings::searcher {
namespace {

using namespace std::chrono;
using DateKind = DateValue::Kind;
using Unit = DateValue::Unit;

/// The two digits at `at`, or -1.
int two_digits(std::string_view text, std::size_t at) {
  const auto digit = [&](std::size_t i) {
    return i < text.size() && is_ascii_digit(text[i]) ? text[i] - '0' : -1;
  };
  return digit(at) < 0 || digit(at + 1) < 0 ? -1 : digit(at) * 10 + digit(at + 1);
}

DateValue fixed(sys_days begin, sys_days end) {
  return {DateKind::Fixed, Unit::Day, 0, begin, end};
}

/// A year, month or day of the calendar.
std::optional<DateValue> parse_fixed(std::string_view text) {
  const int century = two_digits(text, 0), rest = two_digits(text, 2);
  if (century < 0 || rest < 0) return {};
  const year y(century * 100 + rest);
  if (text.size() == 4) return fixed(y / January / 1, (y + years(1)) / January / 1);
  const int m = two_digits(text, 5);
  if (text[4] != '-' || m < 1 || m > 12) return {};
  const year_month ym = y / m;
  if (text.size() == 7) return fixed(ym / 1, (ym + months(1)) / 1);
  if (text.size() != 10 || text[7] != '-') return {};
  const year_month_day ymd = ym / two_digits(text, 8);
  if (two_digits(text, 8) < 1 || !ymd.ok()) return {};
  return fixed(ymd, sys_days(ymd) + days(1));
}

std::optional<Unit> unit_of(std::string_view word) {
  if (word == "d" || word == "day" || word == "days") return Unit::Day;
  if (word == "w" || word == "week" || word == "weeks") return Unit::Week;
  if (word == "m" || word == "month" || word == "months") return Unit::Month;
  if (word == "y" || word == "year" || word == "years") return Unit::Year;
  return {};
}

/// "last week" and Last_Week as last-week.
std::string plainly(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const char plain = c >= 'A' && c <= 'Z'   ? static_cast<char>(c - 'A' + 'a')
                       : c == ' ' || c == '_' ? '-'
                                              : c;
    if (plain != '-' || (!out.empty() && out.back() != '-')) out.push_back(plain);
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

std::optional<DateValue> parse_relative(std::string_view typed) {
  constexpr std::size_t kLongest = 32, kDigits = 4;
  if (typed.size() > kLongest) return {};
  const std::string plain = plainly(typed);
  std::string_view text = plain;
  if (text == "today") return DateValue{DateKind::Named, Unit::Day, 0, {}, {}};
  if (text == "yesterday") return DateValue{DateKind::Named, Unit::Day, 1, {}, {}};
  const bool last = text.starts_with("last-"), now = text.starts_with("this-");
  if (last || now) text.remove_prefix(5);
  std::size_t digits = 0;
  while (digits < text.size() && is_ascii_digit(text[digits])) ++digits;
  if (digits == 0) {
    const auto unit = unit_of(text);
    if ((!last && !now) || !unit || *unit == Unit::Day || text.size() == 1) return {};
    return DateValue{DateKind::Named, *unit, last ? 1 : 0, {}, {}};
  }
  if (now || digits > kDigits) return {};
  int count = 0;
  for (std::size_t i = 0; i < digits; ++i) count = count * 10 + (text[i] - '0');
  text.remove_prefix(digits);
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto unit = unit_of(text);
  if (!unit || count == 0) return {};
  return DateValue{DateKind::Last, *unit, count, {}, {}};
}

std::optional<DateValue> parse_date(std::string_view text) {
  if (auto date = parse_fixed(text)) return date;
  return parse_relative(text);
}

struct Days {
  sys_days begin, end;
};

/// The day of the month before, or the month's last where it has none of that number.
sys_days months_before(sys_days day, int count) {
  const year_month_day date(day);
  const year_month month = year_month(date.year(), date.month()) - months(count);
  const year_month_day same = month / date.day();
  return same.ok() ? sys_days(same) : sys_days(month / std::chrono::last);
}

Days days_of(const DateValue& value, sys_days today) {
  if (value.kind == DateKind::Fixed) return {value.begin, value.end};
  const year_month_day date(today);
  if (value.kind == DateKind::Named) {
    switch (value.unit) {
      case Unit::Day:
        return {today - days(value.count), today - days(value.count) + days(1)};
      case Unit::Week: {
        const sys_days monday = today - (weekday(today) - Monday) - weeks(value.count);
        return {monday, monday + weeks(1)};
      }
      case Unit::Month: {
        const year_month month = year_month(date.year(), date.month()) - months(value.count);
        return {month / 1, (month + months(1)) / 1};
      }
      case Unit::Year: {
        const year y = date.year() - years(value.count);
        return {y / January / 1, (y + years(1)) / January / 1};
      }
    }
  }
  const sys_days tomorrow = today + days(1);
  switch (value.unit) {
    case Unit::Day:
      return {tomorrow - days(value.count), tomorrow};
    case Unit::Week:
      return {tomorrow - weeks(value.count), tomorrow};
    case Unit::Month:
      return {months_before(today, value.count) + days(1), tomorrow};
    case Unit::Year:
      return {months_before(today, 12 * value.count) + days(1), tomorrow};
  }
  return {today, tomorrow};
}

}  // namespace

bool DateSpan::relative() const {
  return (from && from->kind != DateKind::Fixed) || (to && to->kind != DateKind::Fixed);
}

Result<DateSpan> parse_dates(DateSide side, std::string_view text) {
  const auto bad = [&](std::string_view what) {
    return failure(
        Error::Code::BadQuery, "\"" + std::string(what) + "\" is no date",
        std::string("write 2023, 2023-02, 2023-02-27, yesterday, last-week or 3d for the last three days") +
            (side == DateSide::Within ? "; or two with .. between: 2023-01..2023-03" : ""));
  };
  DateSpan span{.side = side, .range = false, .from = {}, .to = {}};
  const std::size_t dots = side == DateSide::Within && text.size() > 2 ? text.find("..") : text.npos;
  if (dots == text.npos) {
    span.from = parse_date(text);
    if (!span.from) return bad(text);
    return span;
  }
  span.range = true;
  const std::string_view from = text.substr(0, dots), to = text.substr(dots + 2);
  if (!from.empty() && !(span.from = parse_date(from))) return bad(from);
  if (!to.empty() && !(span.to = parse_date(to))) return bad(to);
  return span;
}

DateInterval interval_at(const DateSpan& span, sys_seconds now) {
  const sys_days today = floor<days>(now);
  const auto seconds = [](sys_days day) { return std::int64_t{sys_seconds(day).time_since_epoch().count()}; };
  const auto begin = [&](const DateValue& value) { return seconds(days_of(value, today).begin); };
  const auto end = [&](const DateValue& value) { return seconds(days_of(value, today).end); };
  /// Where it stands as a point in time, behind which something else begins.
  const auto passed = [&](const DateValue& value) {
    return value.kind == DateKind::Last ? begin(value) : end(value);
  };
  if (span.range) {
    DateInterval interval;
    if (span.from) interval.begin = begin(*span.from);
    if (span.to) interval.end = passed(*span.to);
    return interval;
  }
  if (!span.from) return {};
  switch (span.side) {
    case DateSide::Within:
      return {begin(*span.from), end(*span.from)};
    case DateSide::Before:
      return {{}, begin(*span.from)};
    case DateSide::After:
      return {passed(*span.from), {}};
    case DateSide::Since:
      return {begin(*span.from), {}};
    case DateSide::Until:
      return {{}, passed(*span.from)};
  }
  return {};
}

}  // namespace tidings::searcher
