// SPDX-License-Identifier: GPL-2.0-or-later
// server.h — `tidings serve`, put together: listeners, connections, who may ask, the threads that answer, and
// the end.
//
// It listens on the sockets handed over by systemd (LISTEN_FDS), or else on the Unix socket of the
// configuration; and on the TCP address, if one is configured. limits.connections holds for each listener.
// The loop thread reads and writes; queries run on one thread a core, at least two, so that one long query
// leaves a way beside it.
//
// request_stop(): no more connections, no more requests; those that run are answered, for kGrace at most;
// then the loop is stopped.
//
// Logged: at info what the server does, refused connections at most once a second; requests at debug, with
// the path and without what was asked for. Tokens never. Loop thread only. Errors: what the sockets and the
// token file throw.
#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "config/config.h"
#include "loop/listener.h"
#include "loop/loop.h"
#include "loop/poster.h"
#include "loop/timer.h"
#include "searcher/api/access.h"
#include "searcher/api/connection.h"
#include "searcher/api/query_pool.h"
#include "searcher/api/routes.h"

namespace tidings::searcher {

class Server {
 public:
  static constexpr std::uint64_t kGrace = 2000;  // ms

  Server(loop::Loop& loop, const config::Config& config, QueryPool::MakeWork make_work);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// What to open: "http://127.0.0.1:4711/?token=…", or "unix:/path/api.sock" without TCP.
  std::string address() const;

  /// Asked for again, it stops at once.
  void request_stop();

 private:
  void listen(const config::Config& config);
  void add(std::unique_ptr<loop::Listener> listener, bool is_tcp, const std::filesystem::path& state_folder);
  void on_connection(std::unique_ptr<loop::Stream> stream, bool is_tcp);
  void on_refused(const std::string& reason);
  void on_gone(Connection& connection, const std::string& reason);
  void handle(Request request, Connection::Respond respond, bool is_tcp);

  loop::Loop& loop_;
  const Connection::Limits connection_limits_;
  const std::size_t max_connections_;
  const Routes without_index_;  // for what needs no query thread
  loop::Poster poster_;
  QueryPool pool_;  // goes before the Poster, with its threads
  loop::Timer grace_;
  std::shared_ptr<Budget> budget_ = std::make_shared<Budget>();
  std::optional<Access> access_;  // with TCP
  std::string unix_address_;
  std::set<std::shared_ptr<Connection>> connections_;
  std::vector<std::unique_ptr<loop::Listener>> listeners_;
  std::chrono::steady_clock::time_point refusal_logged_{};
  bool stopping_ = false;
};

}  // namespace tidings::searcher
