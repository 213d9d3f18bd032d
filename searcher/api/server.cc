// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/api/server.h"

#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "searcher/api/error_response.h"
#include "searcher/api/target.h"

namespace tidings::searcher {
namespace {

constexpr std::size_t kThreadsLeast = 2;

Connection::Limits limits_of(const config::Config& config) {
  return {.request_timeout_ms = config.serve.request_timeout_ms,
          .idle_timeout_ms = config.serve.idle_timeout_ms,
          .client_buffer = static_cast<std::size_t>(config.limits.client_buffer_kib) << 10};
}

std::size_t thread_count() {
  return std::max<std::size_t>(std::thread::hardware_concurrency(), kThreadsLeast);
}

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

}  // namespace

Server::Server(loop::Loop& loop, const config::Config& config, QueryPool::MakeWork make_work)
    : loop_(loop),
      connection_limits_(limits_of(config)),
      max_connections_(static_cast<std::size_t>(config.limits.connections)),
      without_index_({}, config.limits),
      poster_(loop),
      pool_(poster_, thread_count(), static_cast<std::size_t>(config.limits.requests_in_flight),
            std::move(make_work)),
      grace_(loop, [this] { loop_.stop(); }) {
  listen(config);
}

void Server::listen(const config::Config& config) {
  const int handed_over = sd_listen_fds(/*unset_environment=*/1);
  if (handed_over < 0) throw std::runtime_error("LISTEN_FDS of the environment is malformed");
  const auto state = config::state_folder(config);
  const auto callbacks = [this](bool is_tcp) {
    return loop::Listener::Callbacks{
        .on_connection = [this,
                          is_tcp](std::unique_ptr<loop::Stream> s) { on_connection(std::move(s), is_tcp); },
        .on_refused = [this](const std::string& reason) { on_refused(reason); }};
  };
  for (int i = 0; i < handed_over; ++i) {
    const int fd = SD_LISTEN_FDS_START + i;
    const bool is_tcp = sd_is_socket(fd, AF_UNIX, SOCK_STREAM, -1) <= 0;
    add(std::make_unique<loop::Listener>(loop_, loop::Fd(fd), callbacks(is_tcp), max_connections_), is_tcp,
        state);
  }
  if (unix_address_.empty())
    add(std::make_unique<loop::Listener>(loop_, config::api_socket(config).string(), callbacks(false),
                                         max_connections_),
        false, state);
  if (!config.serve.tcp_address.empty())
    add(std::make_unique<loop::Listener>(loop_, config.serve.tcp_address, callbacks(true), max_connections_),
        true, state);
  if (access_) spdlog::info("programs find their token in {}", access_->token_file().string());
}

void Server::add(std::unique_ptr<loop::Listener> listener, bool is_tcp,
                 const std::filesystem::path& state_folder) {
  spdlog::info("listening on {}", listener->address());
  if (!is_tcp) {
    unix_address_ = listener->address();
  } else {
    // Not before it listens: a server that cannot start must not replace the token of the one that runs.
    if (!access_) access_.emplace(state_folder);
    access_->listen_on(listener->address(), listener->port());
  }
  listeners_.push_back(std::move(listener));
}

std::string Server::address() const {
  return access_ ? access_->first_address() : "unix:" + unix_address_;
}

void Server::on_connection(std::unique_ptr<loop::Stream> stream, bool is_tcp) {
  auto connection = std::make_shared<Connection>(
      loop_, std::move(stream), connection_limits_, budget_,
      [this, is_tcp](Request request, Connection::Respond respond) {
        handle(std::move(request), std::move(respond), is_tcp);
      },
      [this](Connection& c, const std::string& reason) { on_gone(c, reason); });
  connections_.insert(connection);
  connection->start();
}

void Server::on_refused(const std::string& reason) {
  const auto now = std::chrono::steady_clock::now();
  if (now - refusal_logged_ < std::chrono::seconds(1)) return;
  refusal_logged_ = now;
  spdlog::warn("a connection was refused: {}", reason);
}

void Server::on_gone(Connection& connection, const std::string& reason) {
  spdlog::trace("connection closed: {}", reason);
  connections_.erase(connection.shared_from_this());
  if (stopping_ && connections_.empty()) loop_.stop();
}

void Server::handle(Request request, Connection::Respond respond, bool is_tcp) {
  spdlog::debug("{} {}", request.method, path_of(request.target));
  const auto target = parse_target(request.target);
  if (!target) return respond(error_response(target.error()));
  if (is_tcp)
    if (auto refusal = access_->check(request, *target)) return respond(*std::move(refusal));
  // Whether the server lives must be told while all threads are busy, too.
  if (target->path == "/healthz" || target->path == "/style.css") return respond(without_index_(request));
  // `respond` stays here until the pool has taken the request: there may be no room.
  auto later = std::make_shared<Connection::Respond>(std::move(respond));
  if (!pool_.run(std::move(request), [later](Response response) { (*later)(std::move(response)); }))
    (*later)(busy_response("as many requests are being worked on as limits.requests_in_flight allows"));
}

void Server::request_stop() {
  if (stopping_) return loop_.stop();
  stopping_ = true;
  listeners_.clear();
  const auto open = connections_;  // finish() may take some out, later
  for (const auto& connection : open) connection->finish();
  if (connections_.empty()) return loop_.stop();
  grace_.start(kGrace);
}

}  // namespace tidings::searcher
