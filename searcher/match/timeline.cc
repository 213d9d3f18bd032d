// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/timeline.h"

#include <algorithm>
#include <chrono>
#include <map>

#include "index/schema.h"
#include "searcher/match/values.h"

namespace tidings::searcher {
namespace {

using namespace std::chrono;

/// Buckets are numbered one after another: days since 1970, weeks since its first Monday, months since its January.
std::int64_t bucket_of(std::int64_t seconds, Period by) {
  const auto day = floor<days>(sys_seconds(std::chrono::seconds(seconds)));
  switch (by) {
    case Period::Day:
      return day.time_since_epoch().count();
    case Period::Week:
      return floor<weeks>(day - sys_days(1970y / January / 5)).count();
    case Period::Month: {
      const year_month_day date(day);
      return (int(date.year()) - 1970) * std::int64_t{12} + unsigned(date.month()) - 1;
    }
  }
  return 0;
}

std::string start_of(std::int64_t bucket, Period by) {
  sys_days day;
  switch (by) {
    case Period::Day:
      day = sys_days(days(bucket));
      break;
    case Period::Week:
      day = sys_days(1970y / January / 5) + weeks(bucket);
      break;
    case Period::Month:
      day = sys_days((1970y / January + months(bucket)) / 1);
      break;
  }
  return iso_of(sys_seconds(day).time_since_epoch().count()).substr(0, by == Period::Month ? 7 : 10);
}

}  // namespace

std::optional<Period> period_named(std::string_view name) {
  const auto known = std::find(kPeriodNames.begin(), kPeriodNames.end(), name);
  if (known == kPeriodNames.end()) return std::nullopt;
  return static_cast<Period>(known - kPeriodNames.begin());
}

Timeline timeline_of(const Snapshot& snapshot, const Matched& matched, Period by) {
  std::map<std::int64_t, std::uint64_t> counts;
  for (std::size_t p = 0; p < snapshot.parts(); ++p)
    each_value(snapshot.part(p), slot::kDate, matched.parts[p],
               [&](const std::string& value) { ++counts[bucket_of(seconds_in(value), by)]; });
  Timeline timeline;
  timeline.by = by;
  if (counts.empty()) return timeline;
  const auto first = counts.begin()->first, last = counts.rbegin()->first;
  timeline.gaps = last - first >= static_cast<std::int64_t>(kTimelineBuckets);
  if (!timeline.gaps)
    for (auto bucket = first; bucket <= last; ++bucket) counts.try_emplace(bucket, 0);
  while (counts.size() > kTimelineBuckets) {
    timeline.earlier += counts.begin()->second;
    counts.erase(counts.begin());
  }
  for (const auto& [bucket, count] : counts) timeline.buckets.push_back({start_of(bucket, by), count});
  return timeline;
}

}  // namespace tidings::searcher
