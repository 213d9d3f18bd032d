// SPDX-License-Identifier: GPL-2.0-or-later
// similar.h — `tidings similar FILE`, `tidings suggest PREFIX`, `tidings open N`: ways on from a report, a word, a list.
#pragma once
#include <string>

#include "searcher/cli/context.h"
#include "searcher/cli/search.h"

namespace tidings::searcher {

/// As `show` takes it: a path, or "corpus:path". Formats text, json, ndjson and paths, as for a search.
int run_similar(const Context& context, const std::string& file, const SearchArguments& arguments);
/// Words that the last one typed may become, and how many reports have them; then titles. json: SUGGEST of present/json.h.
int run_suggest(const Context& context, const SuggestRequest& request, const std::string& format);
/// Opens the N-th hit of the last search (last_search.h) with $TIDINGS_OPENER, else xdg-open, which is this process from then on.
int run_open(std::size_t number);

}  // namespace tidings::searcher
