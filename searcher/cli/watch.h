// SPDX-License-Identifier: GPL-2.0-or-later
// watch.h — `tidings watch QUERY`: reports that come to match, as they arrive.
//
// It follows generations: the kernel tells of each commit to the index folder, and the query is asked of just
// what was published since the last one. Strict: all the words, nothing partial, nothing collapsed. Arrivals,
// changes and what the daemon caught up with are told; a first crawl, a move or a rebuild never is.
//
// A cursor is "identity:generation"; --since CURSOR begins after it, and an index of another identity is
// told, not hidden. Each record carries its cursor (ndjson: the fields of a HIT and "cursor"). Ends with
// SIGINT, SIGTERM or when nobody reads its output. The loop has no other client here, so the query is asked
// on it.
#pragma once
#include <string>

#include "searcher/cli/context.h"

namespace tidings::searcher {

struct WatchArguments {
  std::string query;
  std::string since;            ///< a cursor, or empty: from now on
  std::string format = "text";  ///< text or ndjson
  bool partial = false;
};

int run_watch(const Context& context, const WatchArguments& arguments);

}  // namespace tidings::searcher
