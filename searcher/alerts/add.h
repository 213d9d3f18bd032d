// SPDX-License-Identifier: GPL-2.0-or-later
// add.h — a new alert, by the command line or the API: its query is checked, what matches already is not told, or is logged as its history.
//
// With an index the query must be one that can be run; without one it is read alone, and all that arrives in the index to come is told.
// Blocks, on disk. Errors: BadQuery, BadRequest (also a backfill of more than limits.results), and those of store.h and the index.
#pragma once
#include <cstddef>

#include "searcher/alerts/store.h"
#include "searcher/match/search.h"

namespace tidings::searcher::alerts {

/// Taken are name, query, corpus and on_change. `backfill`: the log begins with so many of the reports that match now, the newest.
Result<Alert> add_alert(Store& store, Searcher& searcher, const config::Limits& limits,
                        const std::filesystem::path& index_folder, Alert alert, std::size_t backfill);

}  // namespace tidings::searcher::alerts
