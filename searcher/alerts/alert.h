// SPDX-License-Identifier: GPL-2.0-or-later
// alert.h — an alert: a query that someone waits for; and a firing: a report that came to match it.
//
// JSON of both: alerts/json.h.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "searcher/match/answer.h"

namespace tidings::searcher::alerts {

inline constexpr std::size_t kMostAlerts = 100'000;  ///< one more is refused
inline constexpr std::size_t kNameMost = 64;         ///< bytes

struct Alert {
  std::int64_t id = 0;     ///< never used again
  std::string name;        ///< is_name()
  std::string query;       ///< as it was typed
  std::string corpus;      ///< empty: of any
  bool on_change = false;  ///< fires for a change of a report that matched before, too
  std::int64_t created_ms = 0;
  std::string since_identity;          ///< the index as it was then: what was published up to there
  std::uint64_t since_generation = 0;  ///< is not told
  std::string error;                   ///< why the query cannot be run; it fires for nothing until it can
};

/// Letters, digits, - and _; it stands in addresses.
bool is_name(std::string_view name);

/// Up to which generation of which index was looked.
struct Looked {
  std::string identity;
  std::uint64_t generation = 0;
  std::int64_t committed_ms = 0;  ///< when that was published
  bool operator==(const Looked&) const = default;
};

struct Firing {
  std::int64_t sequence = 0;  ///< grows by one or more with each; over all alerts
  std::int64_t alert = 0;
  std::string alert_name;
  std::string identity;  ///< of the index
  Hit hit;  ///< key, path, title, date, source, type, generation, cause, passages; the rest is not kept
  std::string hash;            ///< of the file's contents, 16 bytes
  std::int64_t closed_ms = 0;  ///< when the file was last written or renamed: its ctime
  std::int64_t pushed_ms = 0;  ///< when it was logged, just before all were told who wait
  bool history = false;        ///< it matched before the alert was made (--backfill)
  bool is_copy = false;        ///< a near-copy of it has fired before
  bool compared = true;  ///< false: it was changed, and whether its old version matched could not be told

  std::string cursor() const { return identity + ":" + std::to_string(sequence); }
  /// The same for the same version of the same report and the same alert; of no other. 32 hex digits.
  std::string key() const;
};

}  // namespace tidings::searcher::alerts
