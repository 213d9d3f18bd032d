// SPDX-License-Identifier: GPL-2.0-or-later
// Repairs and purges by the index thread, with real files and a real store.
#include <fstream>

#include "tests/unit/indexer/running.h"

using namespace tidings;
using namespace tidings::indexer;
using tidings::indexer::test::kLong;
using tidings::indexer::test::Running;
namespace fs = std::filesystem;

namespace {

std::uint64_t count(const SyncAnswer& answer, const std::string& what) {
  for (const auto& [name, count] : answer.counts)
    if (name == what) return count;
  return 0;
}

Manifest manifest(const Running& running) {
  return *Manifest::read(running.folder / "index");
}

/// Some bytes of the first sealed segment are others.
void damage(const Running& running) {
  const fs::path file = manifest(running).sealed.at(0).path(running.folder / "index");
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(-100, std::ios::end);
  out.write("damaged!", 8);
}

}  // namespace

TEST_CASE("a repair reads again what a damaged segment held, and it is no news", "[repair]") {
  Running r;
  for (int i = 0; i < 20; ++i)
    r.folder.write("news/" + std::to_string(i) + ".txt", "Report " + std::to_string(i));
  r.start();
  r.sync();
  REQUIRE(r.documents() == 20);
  const auto generation = r.read("7.txt")->generation;
  damage(r);
  const auto how = GENERATE(as<std::string>(), "asked for", "by a start that looks at all",
                            "by the start after one that took it out, and ended");
  CAPTURE(how);
  if (how == "asked for") {
    const auto answer = r.ask(&Mailbox::put_repair);
    CHECK(answer.error.empty());
    CHECK(count(answer, "segments") == 1);
    CHECK(r.indexer->status().quarantined == 1);
  } else if (how == "by a start that looks at all") {
    r.indexer.reset();
    r.start(false, Store::Mend::All);
    CHECK(r.sync().error.empty());
    CHECK(r.indexer->status().quarantined == 1);
  } else {
    r.indexer.reset();
    auto options = store_options(r.config, {});
    options.mend = Store::Mend::All;
    REQUIRE(Store::open(r.folder / "index", options));
    CHECK(r.documents() < 20);
    r.start();
    CHECK(r.sync().error.empty());
    CHECK(r.indexer->status().quarantined == 0);
  }
  CHECK(r.documents() == 20);
  int again = 0;
  for (int i = 0; i < 20; ++i) {
    const auto record = r.read(std::to_string(i) + ".txt");
    REQUIRE(record);
    if (record->generation == generation) continue;
    ++again;
    CHECK(record->cause == Cause::Repair);
  }
  CHECK(again > 0);
  CHECK(r.indexer->status().quarantine_bytes > 0);
  SECTION("what comes then is news as ever") {
    r.folder.write("news/late.txt", "Late");
    r.indexer.reset();
    r.start();
    r.sync();
    CHECK(r.read("late.txt")->cause == Cause::CatchUp);
  }
}

TEST_CASE("what differs from the disk without damage is read by a repair as a crawl does", "[repair]") {
  Running r;
  r.folder.write("news/a.txt", "one");
  r.folder.write("news/b.txt", "two");
  r.folder.write("news/c.txt", "three");
  r.start();
  r.sync();
  r.folder.write("news/a.txt", "another");
  fs::remove(r.folder / "news/b.txt");
  r.folder.write("news/d.txt", "four");
  const auto answer = r.ask(&Mailbox::put_repair);
  CHECK(answer.error.empty());
  CHECK(count(answer, "segments") == 0);
  CHECK(r.read("a.txt")->report.text.find("another") != std::string::npos);
  CHECK_FALSE(r.read("b.txt"));
  CHECK(r.read("c.txt")->generation == 1);
  CHECK(is_news(r.read("d.txt")->cause));
}

TEST_CASE("after the loss of the live segment nothing that was indexed is news again", "[repair]") {
  Running r;
  r.folder.write("news/a.txt", "one");
  r.folder.write("news/b.txt", "two");
  r.start();
  r.sync();
  r.folder.write("news/a.txt", "one, changed");
  fs::remove(r.folder / "news/b.txt");
  r.folder.write("news/c.txt", "three");
  r.indexer.reset();
  r.start();
  const auto before = r.sync().generation;
  CHECK(r.read("a.txt")->cause == Cause::CatchUp);
  fs::resize_file(manifest(r).live_path(r.folder / "index") / "docdata.glass", 0);
  const auto answer = r.ask(&Mailbox::put_repair);
  CHECK(answer.error.empty());
  CHECK(answer.generation > before);
  CHECK(count(answer, "segments") == 1);
  CHECK(r.documents() == 2);
  CHECK_FALSE(r.read("b.txt"));
  CHECK(r.read("a.txt")->report.text.find("changed") != std::string::npos);
  CHECK(r.read("a.txt")->cause == Cause::Repair);
  CHECK(r.read("c.txt")->cause == Cause::Repair);
}

TEST_CASE("a manifest that is damaged under a daemon is written again, and its segments are looked at",
          "[repair]") {
  Running r;
  for (int i = 0; i < 20; ++i)
    r.folder.write("news/" + std::to_string(i) + ".txt", "Report " + std::to_string(i));
  r.start();
  r.sync();
  damage(r);
  fs::resize_file(manifest_path(r.folder / "index"), 30);
  const auto answer = r.ask(&Mailbox::put_repair);
  CHECK(answer.error.empty());
  CHECK(count(answer, "segments") == 1);
  CHECK(r.documents() == 20);
}

TEST_CASE("a merge that meets damage leads to a repair by itself", "[repair]") {
  Running r;
  for (int i = 0; i < 20; ++i)
    r.folder.write("news/" + std::to_string(i) + ".txt", "Report " + std::to_string(i));
  r.start();
  r.sync();
  r.indexer.reset();
  REQUIRE(manifest(r).sealed.size() >= 1);
  // Another segment, to be merged with: by a seal for other languages.
  r.folder.write("news/x.txt", "Late");
  r.start();
  r.sync();
  r.indexer.reset();
  r.config.corpora[0].languages = {"en", "de"};
  r.start();
  r.sync();
  r.indexer.reset();
  REQUIRE(manifest(r).sealed.size() >= 2);
  damage(r);
  r.start(/*watching=*/true);
  const auto until = std::chrono::steady_clock::now() + kLong;
  while (r.indexer->status().quarantined == 0) REQUIRE(std::chrono::steady_clock::now() < until);
  while (!r.sync().error.empty()) REQUIRE(std::chrono::steady_clock::now() < until);
  CHECK(r.documents() == 21);
  CHECK(r.read("7.txt"));
  CHECK(r.indexer->status().error.empty());
}

TEST_CASE("a purge waits for what was removed before it, and leaves no tombstone", "[purge]") {
  Running r;
  for (int i = 0; i < 20; ++i)
    r.folder.write("news/" + std::to_string(i) + ".txt", "Report " + std::to_string(i));
  r.start();
  r.sync();
  r.indexer.reset();
  fs::remove(r.folder / "news/7.txt");
  r.start();
  const auto answer = r.ask(&Mailbox::put_purge);
  CHECK(answer.error.empty());
  CHECK(count(answer, "segments") >= 1);
  CHECK(r.documents() == 19);
  std::uint64_t documents = 0;
  for (const auto& entry : manifest(r).sealed) {
    CHECK(entry.dead == 0);
    documents += entry.documents;
  }
  CHECK(documents == 19);
  CHECK(r.read("8.txt")->cause == Cause::FirstCrawl);
  SECTION("two at once are answered both") {
    std::promise<SyncAnswer> first;
    r.indexer->mailbox().put_purge([&](const SyncAnswer& result) { first.set_value(result); });
    CHECK(r.ask(&Mailbox::put_purge).error.empty());
    CHECK(first.get_future().get().error.empty());
  }
  SECTION("one that the end of the daemon comes before is answered, with an error or without") {
    auto promise = std::make_shared<std::promise<SyncAnswer>>();
    r.indexer->mailbox().put_purge([promise](const SyncAnswer& result) { promise->set_value(result); });
    r.indexer->mailbox().put_repair([](const SyncAnswer&) {});
    r.indexer->stop();
    CHECK(promise->get_future().wait_for(std::chrono::seconds(0)) == std::future_status::ready);
  }
}
