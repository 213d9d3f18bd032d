// SPDX-License-Identifier: GPL-2.0-or-later
// alerts_text.h — alerts and firings for a terminal, and what the commands about them share.
#pragma once
#include <cstdint>
#include <string>

#include "searcher/alerts/store.h"
#include "searcher/cli/context.h"
#include "searcher/present/text.h"

namespace tidings::searcher {

/// One line of a list.
std::string alert_line(const alerts::Alert& alert, const alerts::Store::Count& count);
/// All that is known of it.
std::string alert_text(const alerts::Alert& alert, const alerts::Store::Count& count);
/// A record: for ndjson its line, else which alert fired when, and the report as a search shows it. `number` stands before it.
std::string firing_text(const alerts::Firing& firing, const std::string& format, std::size_t number);

/// The sequence number of a cursor (alerts/resume.h), 0 of none; what is to be known is told on stderr.
Result<std::int64_t> sequence_after(alerts::Store& store, const std::string& cursor);

/// Whether somebody answers on the API's socket.
bool server_runs(const Context& context);

}  // namespace tidings::searcher
