// SPDX-License-Identifier: GPL-2.0-or-later
// backup.h — `tidings backup DIR`: a copy of the index as of one generation, while its daemon goes on (index/segments/backup.h).
#pragma once
#include <string>

#include "searcher/cli/context.h"

namespace tidings::searcher {

/// Prints what the copy holds; exit code 0 when all of it is on disk.
int run_backup(const Context& context, const std::string& folder);

}  // namespace tidings::searcher
