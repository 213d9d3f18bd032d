// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/record.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <optional>

namespace tidings {
namespace {

constexpr std::array<std::string_view, 10> kOriginNames = {
    "none",     "metadata", "front_matter", "headers",   "leading",
    "dateline", "text",     "file_name",    "file_time", "folder"};

std::optional<Origin> origin_named(std::string_view text) {
  const auto it = std::find(kOriginNames.begin(), kOriginNames.end(), text);
  if (it == kOriginNames.end()) return std::nullopt;
  return static_cast<Origin>(it - kOriginNames.begin());
}

template <class Number>
bool read_number(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

/// Digits alone: from_chars would take a sign.
bool read_digits(std::string_view text, int& value) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
         read_number(text, value);
}

void put(std::string& out, std::string_view field, std::string_view value) {
  if (value.empty()) return;
  out.append(field).push_back(' ');
  for (const char c : value) out.push_back(c == '\n' || c == '\r' ? ' ' : c);
  out.push_back('\n');
}

void put(std::string& out, std::string_view field, Origin from) {
  if (from != Origin::None) put(out, field, name(from));
}

std::string text_of(const Range& range) {
  return std::to_string(range.begin) + "-" + std::to_string(range.end);
}

bool read_range(std::string_view text, Range& range) {
  const std::size_t dash = text.find('-');
  return dash != std::string_view::npos && read_number(text.substr(0, dash), range.begin) &&
         read_number(text.substr(dash + 1), range.end) && range.begin <= range.end;
}

/// "0-12 40-55": sorted and disjoint.
bool read_ranges(std::string_view text, std::vector<Range>& ranges) {
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    Range range;
    if (!read_range(text.substr(0, space), range)) return false;
    if (!ranges.empty() && range.begin < ranges.back().end) return false;
    ranges.push_back(range);
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return true;
}

bool read_origin(std::string_view text, Origin& from) {
  const auto named = origin_named(text);
  if (named) from = *named;
  return named.has_value();
}

/// False where the value is impossible. Fields of a later version are none of ours.
bool take_field(std::string_view field, std::string_view value, Record& record) {
  Report& report = record.report;
  if (field == "title")
    report.title = value;
  else if (field == "title_from")
    return read_origin(value, report.title_from);
  else if (field == "date")
    report.date.iso = value;
  else if (field == "date_from")
    return read_origin(value, report.date.from);
  else if (field == "source")
    report.source = value;
  else if (field == "source_from")
    return read_origin(value, report.source_from);
  else if (field == "type")
    report.type = value;
  else if (field == "language")
    report.language = value;
  else if (field == "reason")
    report.reason = value;
  else if (field == "headline")
    return read_range(value, report.headline);
  else if (field == "boilerplate")
    return read_ranges(value, report.boilerplate);
  else if (field == "mtime_ns")
    return read_number(value, record.file.mtime_ns);
  else if (field == "indexed_ms")
    return read_number(value, record.indexed_ms);
  return true;
}

tl::unexpected<Error> damaged_record(std::string what) {
  return failure(Error::Code::IndexCorrupt, "document data: " + std::move(what),
                 "`tidings verify --repair` mends it; `tidingsd --rebuild` makes the index anew from the "
                 "corpus folders");
}

}  // namespace

FileState state_of(const struct stat& file) {
  const auto nanoseconds = [](const timespec& time) { return time.tv_sec * 1'000'000'000 + time.tv_nsec; };
  return {static_cast<std::uint64_t>(file.st_size), nanoseconds(file.st_ctim), nanoseconds(file.st_mtim),
          file.st_ino};
}

std::string_view name(Origin o) {
  return kOriginNames[static_cast<std::size_t>(o)];
}

Result<std::int64_t> seconds_of(std::string_view iso) {
  using namespace std::chrono;
  const auto bad = [&] {
    return failure(Error::Code::BadRequest, "'" + std::string(iso) + "' is no date",
                   "write 2023, 2023-02, 2023-02-27 or 2023-02-27T10:00:00Z");
  };
  constexpr std::string_view kShape = "0000-00-00T00:00:00Z";
  if (iso.size() != 4 && iso.size() != 7 && iso.size() != 10 && iso.size() != kShape.size()) return bad();
  for (std::size_t i = 0; i < iso.size(); ++i)
    if (kShape[i] == '0' ? iso[i] < '0' || iso[i] > '9' : iso[i] != kShape[i]) return bad();

  const auto number = [&](std::size_t at, std::size_t length, int missing) {
    int value = missing;
    if (at < iso.size()) read_digits(iso.substr(at, length), value);
    return value;
  };
  const year_month_day day{year(number(0, 4, 0)), month(static_cast<unsigned>(number(5, 2, 1))),
                           std::chrono::day(static_cast<unsigned>(number(8, 2, 1)))};
  const int hour = number(11, 2, 0), minute = number(14, 2, 0), second = number(17, 2, 0);
  if (!day.ok() || hour > 23 || minute > 59 || second > 59) return bad();
  return std::int64_t{sys_days(day).time_since_epoch().count()} * 86400 + hour * 3600 + minute * 60 + second;
}

std::string iso_of(std::int64_t seconds) {
  using namespace std::chrono;
  constexpr std::int64_t kFirst = -62'167'219'200, kLast = 253'402'300'799;  // the years 0000 and 9999
  seconds = std::clamp(seconds, kFirst, kLast);
  const sys_seconds time{std::chrono::seconds(seconds)};
  const auto midnight = floor<days>(time);
  const year_month_day day(midnight);
  const hh_mm_ss clock(time - midnight);
  char iso[64];
  std::snprintf(iso, sizeof iso, "%04d-%02u-%02uT%02d:%02d:%02dZ", int(day.year()), unsigned(day.month()),
                unsigned(day.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return iso;
}

std::string encode_data(const Record& record) {
  const Report& report = record.report;
  std::string out;
  out.reserve(report.text.size() + 512);
  put(out, "title", report.title);
  put(out, "title_from", report.title_from);
  put(out, "date", report.date.iso);
  put(out, "date_from", report.date.from);
  put(out, "source", report.source);
  put(out, "source_from", report.source_from);
  put(out, "type", report.type);
  put(out, "language", report.language);
  put(out, "reason", report.reason);
  if (!report.headline.empty()) put(out, "headline", text_of(report.headline));
  std::string ranges;
  for (const Range& range : report.boilerplate)
    ranges.append(ranges.empty() ? "" : " ").append(text_of(range));
  put(out, "boilerplate", ranges);
  if (record.file.mtime_ns != 0) put(out, "mtime_ns", std::to_string(record.file.mtime_ns));
  if (record.indexed_ms != 0) put(out, "indexed_ms", std::to_string(record.indexed_ms));
  return out.append("\n").append(report.text);
}

std::size_t text_begins(std::string_view data) {
  if (data.starts_with('\n')) return 1;
  const std::size_t end = data.find("\n\n");  // fields hold no line ends
  return end == std::string_view::npos ? data.size() : end + 2;
}

Result<Record> decode_data(std::string_view data) {
  Record record;
  for (;;) {
    const std::size_t end = data.find('\n');
    if (end == std::string_view::npos) return damaged_record("no empty line ends the fields");
    const std::string_view line = data.substr(0, end);
    data.remove_prefix(end + 1);
    if (line.empty()) break;
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos)
      return damaged_record("the field '" + std::string(line) + "' has no value");
    if (!take_field(line.substr(0, space), line.substr(space + 1), record))
      return damaged_record("the field '" + std::string(line) + "' cannot be read");
  }
  record.report.text = data;
  const auto within = [&](const Range& range) { return range.end <= data.size(); };
  const auto& ranges = record.report.boilerplate;
  if (!within(record.report.headline) || !std::all_of(ranges.begin(), ranges.end(), within))
    return damaged_record("a range goes past the text");
  return record;
}

}  // namespace tidings
