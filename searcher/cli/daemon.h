// SPDX-License-Identifier: GPL-2.0-or-later
// daemon.h — `tidings status` and `tidings sync`: what the index says of itself, and what its daemon does.
#pragma once
#include <string>

#include "searcher/cli/context.h"

namespace tidings::searcher {

/// The index' facts and, where one answers, the daemon's. JSON: {"version", "index": {...}, "daemon": {...} |
/// null, "daemon_error"}.
int run_status(const Context& context, const std::string& format);
/// Waits until all that is on disk now can be found; `timeout_s` 0: as long as it takes. Where stderr is a terminal, it says how far the daemon
/// is after a second.
int run_sync(const Context& context, int timeout_s);

/// The document that /v1/status gives too.
nlohmann::ordered_json status_json(const IndexFacts& facts, const Result<nlohmann::json>& daemon);

}  // namespace tidings::searcher
