// SPDX-License-Identifier: GPL-2.0-or-later
// verify.h — `tidings verify` and `tidings why`: is the index what is on disk, and what became of one file?
//
// Both read the index and the corpus folders themselves, by the rules in the configuration; they change nothing. With a daemon running,
// verify lets it finish what it has heard of (`sync`) before it looks.
#pragma once
#include <string>

#include "searcher/cli/context.h"

namespace tidings::searcher {

/// Looks at the checksums of every sealed segment first: a damaged index is not read. Then compares every file below the corpus folders
/// with its document. A line for each
/// difference (missing, stale, gone, damaged, offline), then a summary; exit code 1 if there is any.
int run_verify(const Context& context);

/// What is known of one file: exit code 0 if it is in the index, 1 if it is not, and why.
int run_why(const Context& context, const std::string& file);

}  // namespace tidings::searcher
