// SPDX-License-Identifier: GPL-2.0-or-later
// daemon.h — tidingsd put together: loop, signals, watches, control socket, index thread.
//
// The loop thread reads the kernel's events, signals and the control socket; everything else is the index thread's and the readers'.
// SIGTERM and SIGINT publish what has been read and end; SIGHUP reads the configuration file again: corpora come and go, nothing else
// changes until a restart. A file that is wrong, or has no corpus, changes nothing. systemd is told when the daemon is ready, and that it lives.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "config/config.h"
#include "index/error.h"

namespace tidings::indexer {

struct DaemonOptions {
  config::Config config;
  std::vector<std::filesystem::path> corpora;  ///< of the command line; they replace the configured ones
  std::filesystem::path index;                 ///< of the command line, or empty
  bool once = false;                           ///< bring the index up to date and return
  bool rebuild =
      false;  ///< read all files again, while the index goes on answering; begin anew if it is damaged
  bool repair = false;  ///< look at every checksum first, and read again what damaged segments held
  bool purge = false;   ///< with `once`: what was removed leaves the disk
};

struct DaemonEnd {
  bool thread_left = false;  ///< a long merge is still running (merger.h): the process is to end by _exit
};

/// Until it is told to end. The error is one that keeps the daemon from starting, or with --once from finishing.
Result<DaemonEnd> run_daemon(DaemonOptions options);

/// The configuration with what the command line says instead: folders given there become corpora named after them.
config::Config effective(const DaemonOptions& options);

}  // namespace tidings::indexer
