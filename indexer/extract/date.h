// SPDX-License-Identifier: GPL-2.0-or-later
// date.h — dates as people and programs write them, to ISO 8601 at the precision that is really known.
//
// Notations: 2024-05-03, 2024-05-03T10:00:00+02:00, 2024/05/03, 3.5.2024, 3/5/2024, 3 May 2024, May 3, 2024,
// 3rd of May 2024, 3. Mai 2024, le 3 mai 2024, 3 de mayo de 2024, 3 maggio 2024, Fri, 3 May 2024 10:00:00 GMT
// (RFC 2822, with its two-digit years). Months in English, German, French, Spanish, Italian, Portuguese and
// Dutch. Numbers that could be day/month or month/day either way give the year alone. A time without a zone
// is left out, for the day is all that is known then; with one it is turned into UTC. Years 1900 to 2099.
// Impossible days (31 June) are no dates.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace tidings::indexer {

struct FoundDate {
  std::string
      iso;  ///< "2024", "2024-05", "2024-05-03" or "2024-05-03T08:00:00Z"; empty where the year was not said
  std::size_t end = 0;  ///< bytes of the text that it took
};

/// A date that s begins with, after white space and the name of a weekday.
std::optional<FoundDate> date_at_start(std::string_view s);

/// The value of a header or of metadata: a date and nothing of importance after it. Empty if it is none.
std::string date_of_value(std::string_view value);

/// " date 2023-02-27 The leader of …": an optional label, a numeric date, and the story in the same line.
std::optional<FoundDate> leading_date(std::string_view text);

/// "HAMBURG, 12 March 2024 — Dockers …": the date, if it has a year, and where the sentence begins.
std::optional<FoundDate> dateline(std::string_view line);

/// A short line that says when the text was published: "Published: 3 May 2024, 10:15", "By A. Name | 3 May
/// 2024".
std::string date_of_line(std::string_view line);

/// "2024-05-14-strike.txt", "20240514_strike.txt"; empty if the name begins with or holds no whole date.
std::string date_of_name(std::string_view file_name);

}  // namespace tidings::indexer
