// SPDX-License-Identifier: GPL-2.0-or-later
// alerts.h — `tidings alerts …`: queries that are waited for, kept in the state folder, and the log of what fired.
//
// The commands work on the store itself (alerts/store.h), with a server or without; a server that runs knows of a new alert before it looks at the
// next report. Alerts fire while `tidings serve` runs, and for what came before when it starts.
#pragma once
#include <string>
#include <vector>

#include "searcher/cli/context.h"

namespace tidings::searcher {

struct AlertArguments {
  std::string name, query, corpus, since, format = "text";
  std::vector<std::string> words;
  bool on_change = false;
  std::size_t backfill = 0;
};

int run_alerts_add(const Context& context, const AlertArguments& arguments);
int run_alerts_list(const Context& context, const AlertArguments& arguments);
int run_alerts_show(const Context& context, const AlertArguments& arguments);
int run_alerts_remove(const Context& context, const AlertArguments& arguments);
int run_alerts_log(const Context& context, const AlertArguments& arguments);
int run_alerts_test(const Context& context, const AlertArguments& arguments);

/// `tidings watch --alert NAME [--since CURSOR] [--format text|ndjson]`: its log as it grows, from now or after the cursor, until SIGINT or SIGTERM or
/// until nobody reads. Ends with 2 where the alert is removed.
int run_watch_alert(const Context& context, const AlertArguments& arguments);

}  // namespace tidings::searcher
