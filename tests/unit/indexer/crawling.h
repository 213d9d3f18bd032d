// SPDX-License-Identifier: GPL-2.0-or-later
// crawling.h — a crawler on real files and a real store, without an index thread: what it asks for is kept.
#pragma once
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <limits>
#include <set>

#include "index/builder.h"
#include "indexer/crawler.h"
#include "tests/unit/catch.h"
#include "tests/unit/fresh_folder.h"

namespace tidings::indexer::test {

namespace fs = std::filesystem;
using tidings::test::FreshFolder;

using Paths = std::vector<std::string>;
inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

/// A store, a corpus folder `news`, and a crawler whose looks are kept until they are settled.
struct Crawling {
  Crawling() {
    spdlog::set_level(spdlog::level::off);
    fs::create_directories(folder / "news");
    store = std::move(*Store::open(folder / "index", {}));
    configure("news");
    make_crawler();
  }

  void configure(const std::string& name) {
    config::Corpus corpus;
    corpus.name = name;
    corpus.path = folder / name;
    corpora[name] = std::make_unique<CorpusFolder>(corpus);
  }

  void make_crawler(bool watching = false) {
    struct stat index {};
    REQUIRE(::stat((folder / "index").c_str(), &index) == 0);
    crawler = std::make_unique<Crawler>(
        Crawler::Needs{.store = *store,
                       .watches = watches,
                       .look_at_work = [](const Key&, Ticket) {},
                       .look = [this](Look look) { looks.push_back(std::move(look)); },
                       .corpus =
                           [this](const std::string& name) {
                             return corpora.contains(name) ? corpora[name].get() : nullptr;
                           },
                       .news_cause = [this](const CorpusFolder&) { return news_cause; },
                       .finished = [this](CorpusFolder& of,
                                          Ticket ticket) { finished.emplace_back(of.settings.name, ticket); },
                       .left_out = {{index.st_dev, index.st_ino}},
                       .watching = watching,
                       .mounts = mounts},
        outstanding);
  }

  void run() {
    while (!crawler->idle()) REQUIRE(crawler->step(0));
  }
  Paths asked() {
    std::set<std::string> paths;
    for (const auto& look : looks) paths.insert(look.key.path);
    return {paths.begin(), paths.end()};
  }
  /// The files that a crawl asks to look at, sorted.
  Paths crawl(const std::string& below = "", Cause cause = Cause::CatchUp, std::int64_t since_ns = kNever) {
    looks.clear();
    crawler->add({"news", below}, cause, 1, since_ns);
    run();
    return asked();
  }
  /// Does what the looks ask for, as the readers and the writer would.
  void settle() {
    Batch batch;
    for (const auto& look : looks) {
      struct stat seen {};
      if (::lstat((folder / look.key.corpus / look.key.path).c_str(), &seen) != 0 || !S_ISREG(seen.st_mode)) {
        batch.remove(look.key);
        continue;
      }
      Record record;
      record.key = look.key;
      record.file = {static_cast<std::uint64_t>(seen.st_size),
                     seen.st_ctim.tv_sec * 1'000'000'000 + seen.st_ctim.tv_nsec, 0, seen.st_ino};
      record.report.status = status;
      batch.put(look.key, {DocumentBuilder({"en"}).build(record), look.cause, record.hash});
    }
    REQUIRE(store->publish(batch));
    looks.clear();
  }

  FreshFolder folder;
  std::unique_ptr<Store> store;
  std::map<std::string, std::unique_ptr<CorpusFolder>> corpora;
  std::vector<std::string> watched;
  int watch_fails_with = 0;
  std::set<std::string> unwatchable;
  WatchTable watches{{.add =
                          [this](const char* path, std::uint32_t) {
                            watched.emplace_back(path);
                            if (unwatchable.contains(path)) return -ENOSPC;
                            return watch_fails_with ? -watch_fails_with : static_cast<int>(watched.size());
                          },
                      .remove = [](int) {}}};
  const Mounts* mounts = nullptr;
  Outstanding outstanding;
  std::vector<Look> looks;
  std::vector<std::pair<std::string, Ticket>> finished;
  Status status = Status::Indexed;
  Cause news_cause = Cause::Arrival;
  std::unique_ptr<Crawler> crawler;
};

}  // namespace tidings::indexer::test
