// SPDX-License-Identifier: GPL-2.0-or-later
// When an index that is made beside one of another format takes over: real files, a real store.
#include <spdlog/spdlog.h>

#include <fstream>
#include <future>

#include "indexer/indexer.h"
#include "tests/unit/catch.h"
#include "tests/unit/fresh_folder.h"

using namespace tidings;
using namespace tidings::indexer;
using tidings::test::FreshFolder;
namespace fs = std::filesystem;

namespace {

/// Two corpora, `mail` and `news`, with a report each, and an index of them in a format to come.
struct Upgraded {
  Upgraded() {
    spdlog::set_level(spdlog::level::off);
    config.index.folder = folder / "index";
    config.daemon.workers = 1;
    for (const char* name : {"mail", "news"}) {
      folder.write(std::string(name) + "/a.txt", "Dockers strike.");
      config::Corpus corpus;
      corpus.name = name;
      corpus.path = folder / name;
      config.corpora.push_back(corpus);
    }
    start();
    REQUIRE(sync().error.empty());
    indexer.reset();
    old = *Reader(folder / "index").facts();
    std::fstream(manifest_path(folder / "index"), std::ios::in | std::ios::out | std::ios::binary)
        << "tidings manifest 9";
  }
  void start() {
    auto store = Store::open(folder / "index", store_options(config, {}));
    REQUIRE(store);
    indexer = std::make_unique<Indexer>(
        std::move(*store), Indexer::Options{.config = config, .watching = false, .control_socket = {}},
        WatchTable::Calls{.add = [](const char*, std::uint32_t) { return -EINVAL; }, .remove = [](int) {}});
    indexer->start();
  }
  SyncAnswer ask(void (Mailbox::*put)(SyncCall)) const {
    auto promise = std::make_shared<std::promise<SyncAnswer>>();
    auto answer = promise->get_future();
    (indexer->mailbox().*put)([promise](const SyncAnswer& result) { promise->set_value(result); });
    if (answer.wait_for(std::chrono::seconds(60)) != std::future_status::ready)
      throw std::runtime_error("what was asked for was not answered");
    return answer.get();
  }
  SyncAnswer sync() const { return ask(&Mailbox::put_sync); }
  Result<IndexFacts> facts() const { return Reader(folder / "index").facts(); }

  FreshFolder folder;
  config::Config config;
  IndexFacts old;
  std::unique_ptr<Indexer> indexer;  ///< last: its thread uses the rest
};

}  // namespace

TEST_CASE("an index of another format is made anew, and a sync waits until it has taken over",
          "[indexer][beside]") {
  Upgraded u;
  REQUIRE(u.facts().error().code == Error::Code::IndexVersion);
  u.start();
  const auto answer = u.sync();
  CHECK(answer.error.empty());
  REQUIRE(u.facts());
  CHECK(u.facts()->documents == 2);
  CHECK(u.facts()->generation == answer.generation);
  CHECK(answer.generation > u.old.generation);
  CHECK(u.facts()->identity != u.old.identity);
  SECTION("and the next start finds nothing to read") {
    u.indexer.reset();
    u.start();
    CHECK(u.sync().generation == answer.generation);
    CHECK(u.indexer->status().files == 0);
  }
}

TEST_CASE("an empty corpus has been read as well", "[indexer][beside]") {
  Upgraded u;
  fs::remove(u.folder / "mail/a.txt");
  fs::remove(u.folder / "news/a.txt");
  u.start();
  CHECK(u.sync().error.empty());
  REQUIRE(u.facts());
  CHECK(u.facts()->documents == 0);
  CHECK(u.facts()->generation > u.old.generation);
}

TEST_CASE("a corpus that is offline does not keep the others waiting", "[indexer][beside]") {
  Upgraded u;
  fs::rename(u.folder / "news", u.folder / "away");
  u.start();
  CHECK(u.sync().error.empty());
  REQUIRE(u.facts());
  CHECK(u.facts()->documents == 1);
  fs::rename(u.folder / "away", u.folder / "news");
  CHECK(u.sync().error.empty());
  CHECK(u.facts()->documents == 2);
}

TEST_CASE("an index without any corpus does not take over, and its sync says so", "[indexer][beside]") {
  Upgraded u;
  for (const std::string name : {"mail", "news"}) fs::rename(u.folder / name, u.folder / (name + "-away"));
  u.start();
  CHECK(u.sync().error.find("all are offline") != std::string::npos);
  CHECK(u.facts().error().code == Error::Code::IndexVersion);
  CHECK(u.sync().error.find("all are offline") != std::string::npos);
  fs::rename(u.folder / "news-away", u.folder / "news");
  CHECK(u.sync().error.empty());
  REQUIRE(u.facts());
  CHECK(u.facts()->documents == 1);
}

TEST_CASE("a purge is done when the old index, which holds what was removed, is gone",
          "[indexer][beside][purge]") {
  Upgraded u;
  SECTION("with the reports that are there") {
    u.start();
    CHECK(u.ask(&Mailbox::put_purge).error.empty());
    REQUIRE(u.facts());
    CHECK(u.facts()->documents == 2);
  }
  SECTION("and not while all corpora are offline") {
    for (const std::string name : {"mail", "news"}) fs::rename(u.folder / name, u.folder / (name + "-away"));
    u.start();
    CHECK(u.ask(&Mailbox::put_purge).error.find("all are offline") != std::string::npos);
    CHECK(u.facts().error().code == Error::Code::IndexVersion);
    fs::rename(u.folder / "news-away", u.folder / "news");
    CHECK(u.ask(&Mailbox::put_purge).error.empty());
    REQUIRE(u.facts());
  }
}
