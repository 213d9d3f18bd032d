// SPDX-License-Identifier: GPL-2.0-or-later
// serve.h — `tidings serve`: the API and the page, until SIGTERM or SIGINT.
//
// stdout is one line, flushed, once clients can connect: "ready http://127.0.0.1:PORT/?token=…", or without
// TCP "ready unix:/path/api.sock". The log goes to stderr. systemd is told READY, too. A missing index is no
// error: it is looked for again with every request. Returns 0, or 2 where it cannot start, having said why on
// stderr.
#pragma once
#include <filesystem>

#include "config/config.h"

namespace tidings::searcher {

int run_serve(const config::Config& config, const std::filesystem::path& index_folder);

}  // namespace tidings::searcher
