// SPDX-License-Identifier: GPL-2.0-or-later
// upkeep.h — `tidings verify --repair` and `tidings purge`: what only the writer of the index can do.
//
// Its daemon is asked on the control socket. Without one `tidingsd --once` is run, with --repair or --purge: the one beside this program, or else that on
// PATH; it is said on stderr. It gets the configuration file, and where that names no corpora, the folders that the index names.
#pragma once
#include "searcher/cli/context.h"

namespace tidings::searcher {

/// Looks at all checksums, has what is damaged and what differs from the disk read again, and verifies: exit code 0 when nothing
/// differs any more, 1 when something does, 2 when it could not be done.
int run_repair(const Context& context);
/// The text of reports that were removed, or replaced, leaves the disk: exit code 0 when it is gone.
int run_purge(const Context& context);

}  // namespace tidings::searcher
