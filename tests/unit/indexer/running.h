// SPDX-License-Identifier: GPL-2.0-or-later
// running.h — an index thread on real files and a real store, for the tests of this room; the kernel's events are given by hand.
#pragma once
#include <spdlog/spdlog.h>

#include <future>
#include <mutex>

#include "indexer/indexer.h"
#include "tests/unit/catch.h"
#include "tests/unit/fresh_folder.h"

namespace tidings::indexer::test {

namespace fs = std::filesystem;
using tidings::test::FreshFolder;

inline constexpr auto kLong = std::chrono::seconds(60);  // a test that waits for what never comes fails then

struct Running {
  explicit Running(std::vector<std::string> names = {"news"}) {
    spdlog::set_level(spdlog::level::off);
    config.index.folder = folder / "index";
    config.daemon.workers = 2;
    for (const auto& name : names) {
      fs::create_directories(folder / name);
      config.corpora.push_back(corpus(name));
    }
  }
  config::Corpus corpus(const std::string& name) const {
    config::Corpus corpus;
    corpus.name = name;
    corpus.path = folder / name;
    return corpus;
  }

  void start(bool watching = false, Store::Mend mend = Store::Mend::Unopenable) {
    const auto written =
        realtime_ns();  // what has been written is older than the start, by the file system's clock too
    while (realtime_ns() == written) std::this_thread::yield();
    auto options = store_options(config, {});
    options.mend = mend;
    auto store = Store::open(folder / "index", options);
    INFO((store ? "" : store.error().what));
    REQUIRE(store);
    indexer = std::make_unique<Indexer>(
        std::move(*store),
        Indexer::Options{.config = config,
                         .watching = watching,
                         .control_socket = {},
                         .read_mounts =
                             [this] {
                               const std::lock_guard lock(mutex);
                               return std::optional<Mounts>(mountinfo);
                             }},
        WatchTable::Calls{
            .add =
                [this](const char* path, std::uint32_t) {
                  if (on_watch) on_watch(path);
                  const std::lock_guard lock(mutex);
                  if (path == unwatchable) return -ENOSPC;
                  return watches.try_emplace(path, static_cast<int>(watches.size()) + 1).first->second;
                },
            .remove = [](int) {}});
    if (before_start) before_start();
    indexer->start();
  }
  SyncAnswer ask(void (Mailbox::*put)(SyncCall)) {
    auto promise = std::make_shared<std::promise<SyncAnswer>>();
    auto answer = promise->get_future();
    (indexer->mailbox().*put)([promise](const SyncAnswer& result) { promise->set_value(result); });
    if (answer.wait_for(kLong) != std::future_status::ready)
      throw std::runtime_error("what was asked for was not answered");
    return answer.get();
  }
  /// Waits until all that is on disk, and was told, is searchable.
  SyncAnswer sync() { return ask(&Mailbox::put_sync); }
  void tell(const std::string& in, std::uint32_t mask, const std::string& name, std::uint32_t cookie = 0) {
    int wd = 0;
    {
      const std::lock_guard lock(mutex);
      wd = watches.at((folder / in).string());
    }
    indexer->mailbox().put_events({{wd, mask, cookie, name}});
  }
  std::optional<Record> read(const std::string& path, const std::string& corpus = "news") {
    std::optional<Record> record;
    auto done = Reader(folder / "index").run([&](const Snapshot& snapshot) -> Result<void> {
      if (auto id = snapshot.find({corpus, path})) record = snapshot.record(*id);
      return {};
    });
    INFO((done ? "" : done.error().what));
    REQUIRE(done);
    return record;
  }
  /// The words of the index that have this stem.
  std::vector<std::string> forms(std::string_view stem) {
    std::vector<std::string> forms;
    auto done = Reader(folder / "index").run([&](const Snapshot& snapshot) -> Result<void> {
      forms = snapshot.forms(stem);
      return {};
    });
    REQUIRE(done);
    return forms;
  }
  std::uint64_t documents() { return Reader(folder / "index").facts()->documents; }

  FreshFolder folder;
  config::Config config;
  std::function<void()> before_start;  ///< the index thread is made, and does not run yet
  std::function<void(const std::string& folder)>
      on_watch;  ///< on the index thread, before the folder is listed
  std::mutex mutex;
  std::string mountinfo = "1 0 0:1 / / rw - ext4 a rw\n";  ///< guarded by mutex
  std::string unwatchable;             ///< guarded by mutex: the path that the kernel has no watch for
  std::map<std::string, int> watches;  ///< guarded by mutex
  std::unique_ptr<Indexer> indexer;    ///< last: its thread uses the rest
};

}  // namespace tidings::indexer::test
