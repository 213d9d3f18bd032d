// SPDX-License-Identifier: GPL-2.0-or-later
// page.h — the pages as HTML: search form and results, one report, what went wrong.
//
// Made by the server whole, for browsers without scripts too: links and one form that sends q, sort and
// offset by GET. All that comes from reports, file names and queries passes escape(). Where scripts run, page.js and its modules take
// over the page of results: search as one types, facets, a timeline, what arrives. Widths from 320 px on; light and dark by the browser's
// wish.
//
// Bounds: kMaxText bytes of a report's text are shown, and the page says that there is more; of them kMostMarks are marked, and
// the page counts those. No state; any thread.
#pragma once
#include <cstddef>
#include <string>

#include "index/error.h"
#include "searcher/match/answer.h"

namespace tidings::searcher::web {

inline constexpr std::size_t kMaxText = 2 << 20;  // bytes
inline constexpr std::size_t kMostMarks = 2000;   // of a report

/// What the form was sent with.
struct Asked {
  std::string q;
  Sort sort = Sort::Best;
  std::size_t offset = 0, limit = 10;
  bool more = false;  ///< there are hits after this page
};

std::string start_page(const Asked& asked);
std::string results_page(const Asked& asked, const Answer& answer);
std::string report_page(const Asked& asked, const DocumentAnswer& document);
/// The near-copies of a report.
std::string copies_page(const Asked& asked, const Answer& answer);
std::string error_page(const Asked& asked, const Error& error);

}  // namespace tidings::searcher::web
