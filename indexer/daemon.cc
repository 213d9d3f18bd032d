// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/daemon.h"

#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <csignal>
#include <future>
#include <optional>
#include <set>

#include "indexer/control.h"
#include "indexer/indexer.h"
#include "loop/inotify.h"
#include "loop/loop.h"
#include "loop/mount_events.h"
#include "loop/poster.h"
#include "loop/signals.h"
#include "loop/terminal_line.h"
#include "loop/timer.h"

namespace tidings::indexer {
namespace {

constexpr std::chrono::milliseconds kProgressAfter{1000}, kProgressEvery{250};  ///< of --once, on a terminal
constexpr const char* kNoCorpus = "no corpus folder is configured";

/// A corpus name made of a folder's: letters, digits, '-' and '_' in lower case.
std::string name_of(const std::filesystem::path& folder, std::set<std::string>& taken) {
  std::string name;
  for (const char c :
       std::filesystem::absolute(folder / "").lexically_normal().parent_path().filename().string()) {
    const auto byte = static_cast<unsigned char>(c);
    name += std::isalnum(byte) && byte < 128 ? static_cast<char>(std::tolower(byte)) : '-';
  }
  name = name.substr(0, 48);
  if (name.empty() || name.front() == '-' || name.front() == '_') name.insert(0, "corpus");
  std::string unique = name;
  for (int n = 2; !taken.insert(unique).second; ++n) unique = name + "-" + std::to_string(n);
  return unique;
}

Result<std::unique_ptr<Store>> open_store(const config::Config& config, const DaemonOptions& options,
                                          const std::string& control_socket) {
  auto described = store_options(config, control_socket);
  described.rebuild = options.rebuild;
  described.mend = options.repair ? Store::Mend::All : Store::Mend::Unopenable;
  auto store = Store::open(config::index_folder(config), std::move(described));
  if (store && (*store)->is_beside())
    spdlog::warn(
        "index {}: of another format than this program's, {}; it is made anew beside the old one, and "
        "searched when all corpora have been read",
        config::index_folder(config).string(), Manifest::kFormat);
  if (!store || !options.rebuild) return store;
  // Noted in the index: a rebuild that is interrupted goes on at the next start.
  for (const auto& corpus : config.corpora) {
    auto crawled = (*store)->crawled(corpus.name);
    if (crawled && !crawled->empty())
      if (auto noted = (*store)->set_crawled(corpus.name, "again"); !noted)
        return tl::unexpected(noted.error());
    if (!crawled) return tl::unexpected(crawled.error());
  }
  return store;
}

/// One crawl of all corpora, without watches: `tidingsd --once`.
Result<DaemonEnd> bring_up_to_date(const config::Config& config, std::unique_ptr<Store> store, bool purge) {
  Indexer indexer(std::move(store), {.config = config, .watching = false, .control_socket = {}},
                  {.add = [](const char*, std::uint32_t) { return -EINVAL; }, .remove = [](int) {}});
  std::promise<SyncAnswer> promise;
  auto answer = promise.get_future();
  indexer.start();
  const auto answered = [&](const SyncAnswer& result) { promise.set_value(result); };
  if (purge)
    indexer.mailbox().put_purge(answered);
  else
    indexer.mailbox().put_sync(answered);
  {
    loop::TerminalLine line(STDERR_FILENO);
    auto wait = kProgressAfter;
    while (line.on_terminal() && answer.wait_for(wait) != std::future_status::ready) {
      const IndexerStatus status = indexer.status();
      line.show(status.progress ? text_of(*status.progress)
                                : std::to_string(status.pending) + " changes pending");
      wait = kProgressEvery;
    }
    answer.wait();
  }
  const SyncAnswer done = answer.get();
  indexer.stop();
  if (!done.error.empty()) return failure(Error::Code::Io, done.error);
  for (const auto& corpus : indexer.status().corpora)
    if (corpus.state == "offline")
      return failure(Error::Code::Unreadable, "corpus " + corpus.name + ": " + corpus.reason,
                     "its reports, if any, were left in the index as they are");
  return DaemonEnd{indexer.left_running()};
}

}  // namespace

config::Config effective(const DaemonOptions& options) {
  config::Config config = options.config;
  if (!options.index.empty()) config.index.folder = std::filesystem::absolute(options.index);
  if (options.corpora.empty()) return config;
  config.corpora.clear();
  std::set<std::string> taken;
  for (const auto& folder : options.corpora) {
    config::Corpus corpus;
    corpus.name = name_of(folder, taken);
    corpus.path = std::filesystem::absolute(folder);
    config.corpora.push_back(std::move(corpus));
  }
  return config;
}

Result<DaemonEnd> run_daemon(DaemonOptions options) {
  const config::Config config = effective(options);
  if (config.corpora.empty())
    return failure(Error::Code::BadRequest, kNoCorpus,
                   "name one with --corpus DIR, or under [[corpus]] in the configuration file");
  const std::string socket = options.once ? std::string() : config::control_socket(config).string();
  auto store = open_store(config, options, socket);
  if (!store) return tl::unexpected(store.error());
  if (options.once) return bring_up_to_date(config, std::move(*store), options.purge);

  loop::Loop loop;
  loop::Poster poster(loop);
  std::unique_ptr<Indexer> indexer;
  loop::Inotify inotify(
      loop, [&](std::vector<loop::FsEvent> events) { indexer->mailbox().put_events(std::move(events)); });
  indexer = std::make_unique<Indexer>(
      std::move(*store), Indexer::Options{.config = config, .watching = true, .control_socket = socket},
      WatchTable::Calls{.add = [&](const char* path, std::uint32_t mask) { return inotify.add(path, mask); },
                        .remove = [&](int wd) { inotify.remove(wd); }});
  // Without it each sync still asks what is mounted.
  std::optional<loop::MountEvents> mount_events;
  try {
    mount_events.emplace(loop, [&] { indexer->mailbox().put_mounts(); });
  } catch (const std::exception& e) {
    spdlog::warn("mounts that come or go will not be noticed at once: {}", e.what());
  }
  // Before anybody can connect: whoever has been answered may end us as it should be.
  loop::Signals signals(loop, {SIGTERM, SIGINT, SIGHUP}, [&](int number) {
    if (number != SIGHUP) {
      spdlog::info("stopping");
      sd_notify(0, "STOPPING=1");
      return loop.stop();
    }
    if (options.config.file.empty()) return spdlog::warn("there is no configuration file to read again");
    try {
      DaemonOptions fresh = options;
      fresh.config = config::load(options.config.file);
      config::Config in_force = effective(fresh);
      // Half of a file that is being written, more likely than the wish to empty the index.
      if (in_force.corpora.empty())
        return spdlog::error("the configuration stays as it was: {}: {}", options.config.file.string(),
                             kNoCorpus);
      options = std::move(fresh);
      indexer->mailbox().put_reload(std::move(in_force));
    } catch (const config::ConfigError& e) {
      spdlog::error("the configuration stays as it was: {}", e.what());
    }
  });
  std::optional<Control> control;
  try {
    control.emplace(
        loop, poster, socket,
        Control::Calls{.status =
                           [&] {
                             return to_json(indexer->status())
                                 .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
                           },
                       .sync =
                           [&](SyncCall call) {
                             inotify.drain();  // all events of what is on disk now go before the call
                             indexer->mailbox().put_sync(std::move(call));
                           },
                       .repair = [&](SyncCall call) { indexer->mailbox().put_repair(std::move(call)); },
                       .purge =
                           [&](SyncCall call) {
                             inotify.drain();
                             indexer->mailbox().put_purge(std::move(call));
                           }});
  } catch (const std::exception& e) {
    return failure(Error::Code::Io, e.what(), "is another tidingsd running for this index?");
  }
  loop::Timer watchdog(loop, [] { sd_notify(0, "WATCHDOG=1"); });
  if (std::uint64_t usec = 0; sd_watchdog_enabled(0, &usec) > 0 && usec >= 2000)
    watchdog.start(usec / 2000, usec / 2000);

  indexer->start();
  spdlog::info("watching {} corpora; index {}; control socket {}", config.corpora.size(),
               config::index_folder(config).string(), socket);
  sd_notify(0, "READY=1");
  loop.run();
  indexer->stop();  // answers waiting syncs, which post to the loop
  poster.close();
  // A second signal must not end what is being put away: Ctrl-C reaches a whole group, and its leader passes it on. The handlers
  // go with `signals`, so all other threads go before them, and in this one the signals wait for ever.
  control.reset();
  mount_events.reset();
  const DaemonEnd end{indexer->left_running()};
  indexer.reset();
  sigset_t ending;
  ::sigemptyset(&ending);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&ending, number);
  ::pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  return end;
}

}  // namespace tidings::indexer
