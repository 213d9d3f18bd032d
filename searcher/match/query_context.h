// SPDX-License-Identifier: GPL-2.0-or-later
// query_context.h — what a query is understood with, of one snapshot: for a search, and for a standing query, which is to mean the same.
#pragma once
#include "config/config.h"
#include "index/snapshot.h"
#include "searcher/query/query.h"

namespace tidings::searcher {

/// The configuration's bounds of a query.
QueryLimits query_limits(const config::Limits& limits);

/// The forms that the snapshot knows, with the weight that they get together (rarity.h).
FormsOf forms_of(const Snapshot& snapshot);

/// As of now. `thesaurus` may be null. All of them must outlive what is made with the context.
CompileContext query_context(const Snapshot& snapshot, Analyzer& analyzer, const Thesaurus* thesaurus,
                             const config::Limits& limits);

}  // namespace tidings::searcher
