// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/cli/serve.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>

#include "loop/loop.h"
#include "loop/signals.h"
#include "searcher/api/alert_routes.h"
#include "searcher/api/live.h"
#include "searcher/api/routes.h"
#include "searcher/api/server.h"
#include "searcher/cli/context.h"
#include "searcher/match/daemon_client.h"
#include "searcher/match/pending_cache.h"
#include "searcher/match/search.h"

namespace tidings::searcher {
namespace {

constexpr std::chrono::milliseconds kDaemonWait{1000};

/// What a query thread answers with: its own Searcher, and the daemon asked by all through one cache.
QueryPool::MakeWork make_work(const config::Config& config, const std::filesystem::path& index_folder,
                              Live* live) {
  auto cache = std::make_shared<PendingCache>(index_folder);
  const std::string configured = config::control_socket(config).string();
  const auto synonyms = std::make_shared<const config::Synonyms>(config::load_synonyms(config));
  return [=, limits = config.limits, state_folder = config::state_folder(config)]() -> QueryPool::Work {
    auto searcher = std::make_shared<Searcher>(index_folder, limits, synonyms, Searcher::kServedBytes);
    const auto socket = [configured](const std::string& of_index) {
      return of_index.empty() ? configured : of_index;
    };
    const auto listen = [live](const Live::Request& asked, const std::shared_ptr<Outlet>& outlet) {
      if (live)
        live->open(asked, outlet);
      else
        outlet->finish();  // the log says why
    };
    auto alert_routes = std::make_shared<AlertRoutes>(state_folder, index_folder, limits, searcher, listen);
    return Routes(
        {.search = [=](const SearchRequest& request) { return searcher->search(request); },
         .document = [=](const std::string& path,
                         const std::optional<std::string>& query) { return searcher->document(path, query); },
         .facts = [=] { return searcher->facts(); },
         .daemon_status =
             [=](const std::string& s) { return DaemonClient(socket(s), index_folder).status(kDaemonWait); },
         .pending = [=](const std::string& s) { return cache->get(socket(s)); },
         .similar = [=](const SimilarRequest& request) { return searcher->similar(request); },
         .suggest = [=](const SuggestRequest& request) { return searcher->suggest(request); },
         .alerts = [=](const Request& request,
                       const Target& target) { return (*alert_routes)(request, target); }},
        limits);
  };
}

/// What has alerts fire, and clients listen; null where the store cannot be opened: the rest is served without it.
std::unique_ptr<Live> make_live(loop::Loop& loop, const config::Config& config,
                                const std::filesystem::path& index_folder) {
  const auto state_folder = config::state_folder(config);
  auto store = alerts::Store::open(state_folder);
  if (!store) {
    spdlog::error("no alert fires: {}", store.error().what);
    return nullptr;
  }
  auto look = std::make_unique<alerts::Look>(
      index_folder, config.limits, std::make_shared<const config::Synonyms>(config::load_synonyms(config)),
      std::move(*store));
  return std::make_unique<Live>(loop, index_folder, state_folder, std::move(look),
                                static_cast<std::size_t>(config.limits.client_buffer_kib) << 10);
}

void start_log(const config::Log& log) {
  spdlog::set_default_logger(
      std::make_shared<spdlog::logger>("serve", std::make_shared<spdlog::sinks::stderr_color_sink_mt>()));
  spdlog::set_pattern("%H:%M:%S.%e %^%l%$ %v");
  spdlog::set_level(spdlog::level::from_str(log.level));
}

}  // namespace

int run_serve(const config::Config& config, const std::filesystem::path& index_folder) {
  start_log(config.log);
  try {
    loop::Loop loop;
    const auto live = make_live(loop, config, index_folder);  // outlives the connections that it writes to
    Server server(loop, config, make_work(config, index_folder, live.get()));
    loop::Signals signals(loop, {SIGTERM, SIGINT}, [&](int) {
      spdlog::info("stopping");
      sd_notify(0, "STOPPING=1");
      server.request_stop();
    });
    if (!put("ready " + server.address() + "\n"))
      spdlog::warn("nobody reads on stdout which address to open");
    sd_notify(0, "READY=1");
    loop.run();
    return kFound;
  } catch (const std::exception& e) {
    return tell({Error::Code::Io, e.what(), {}});
  }
}

}  // namespace tidings::searcher
