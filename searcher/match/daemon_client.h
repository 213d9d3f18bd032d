// SPDX-License-Identifier: GPL-2.0-or-later
// daemon_client.h — asks the daemon on its control socket: how it is, to have caught up, to repair or purge the index.
//
// One line there and one line of JSON back. `status` is answered at once; `sync` when all that was on disk as
// it was asked can be found by a search: {"generation": n}; `repair` and `purge` when they are done (indexer/control.h). An answer
// of {"error": "…"} alone comes back as an Error.
//
// A copy of an index names the daemon of the original, and a configuration may name one socket for all: where the index folder is given, a
// daemon that keeps another one is none.
//
// A daemon that is still starting has no socket yet, so sync() tries to connect for kStarting before it says
// that nobody answers; status() does not wait. Each call is a connection of its own and blocks: one thread at
// a time, and never the loop's. Errors: NotFound (nobody listens there), Busy (no answer in time), Io (the
// rest).
#pragma once
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "index/error.h"

namespace tidings::searcher {

class DaemonClient {
 public:
  static constexpr std::chrono::milliseconds kStarting{5000};  // for a daemon's socket to appear

  /// The socket: IndexFacts::control_socket, or the configuration's where there is no index yet. The index: whose daemon it is to
  /// be; empty: any.
  explicit DaemonClient(std::string control_socket, std::filesystem::path index = {})
      : socket_(std::move(control_socket)), index_(std::move(index)) {}

  /// The object of indexer/status.h.
  Result<nlohmann::json> status(std::chrono::milliseconds timeout) const;
  /// {"generation": n}. timeout 0: as long as it takes.
  Result<nlohmann::json> sync(std::chrono::milliseconds timeout,
                              std::chrono::milliseconds starting = kStarting) const;

  /// `repair` or `purge`, as long as it takes.
  Result<nlohmann::json> order(std::string_view line) const;

  const std::string& socket() const { return socket_; }

 private:
  Result<nlohmann::json> ask(std::string_view line, std::chrono::milliseconds timeout) const;
  Result<void> keeps_ours(const nlohmann::json& status) const;

  std::string socket_;
  std::filesystem::path index_;
};

/// How far a backfill is, by the daemon's status and in its words; empty when there is none.
std::string progress_text(const nlohmann::json& status);

}  // namespace tidings::searcher
