// SPDX-License-Identifier: GPL-2.0-or-later
// timeline.h — how many of the reports that match are of which day, week or month.
//
// By the report's date (of its file where it has none), UTC; one that is known to the month or year only counts at its beginning. Weeks begin
// on Monday. Counted over all full matches, so exact. From the first to the last each is listed, empty ones too, where
// that makes at most kTimelineBuckets; else empty ones are left out (a single wrong date must not push the others out), and
// where that does not suffice the newest are listed and the others counted as `earlier`.
#pragma once
#include <optional>
#include <string_view>

#include "index/snapshot.h"
#include "searcher/match/answer.h"
#include "searcher/match/matched.h"

namespace tidings::searcher {

inline constexpr std::size_t kTimelineBuckets = 400;  ///< more than the days of a year

/// "day", "week" or "month".
std::optional<Period> period_named(std::string_view name);

/// Throws what Xapian throws.
Timeline timeline_of(const Snapshot& snapshot, const Matched& matched, Period by);

}  // namespace tidings::searcher
