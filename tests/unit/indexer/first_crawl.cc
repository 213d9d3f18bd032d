// SPDX-License-Identifier: GPL-2.0-or-later
// What is news while a corpus is read for the first time: real files, a real store; the kernel's events are given by hand.
#include <sys/stat.h>

#include "tests/unit/indexer/running.h"

using namespace tidings;
using namespace tidings::indexer;
using tidings::indexer::test::Running;
namespace fs = std::filesystem;

TEST_CASE("the first crawl of a corpus is one, also when its folder comes later", "[first_crawl]") {
  Running r;
  r.folder.write("away/a.txt", "a");
  fs::remove(r.folder / "news");
  r.start();
  r.sync();
  fs::rename(r.folder / "away", r.folder / "news");
  r.sync();
  REQUIRE(r.read("a.txt"));
  CHECK(r.read("a.txt")->cause == Cause::FirstCrawl);
}

TEST_CASE("while a corpus is read for the first time no crawl makes news of what lay there before",
          "[first_crawl]") {
  Running r;
  for (int i = 0; i < 40; ++i)
    r.folder.write("news/" + std::to_string(i) + ".txt", "Report " + std::to_string(i));
  fs::create_directories(r.folder / "news/sub");
  const std::string sub = (r.folder / "news/sub").string();
  // Once the folder above has been listed, and nothing of it is published.
  const auto midway = [&](const std::function<void()>& act) {
    r.on_watch = [&r, sub, act, done = false](const std::string& folder) mutable {
      if (folder != sub || std::exchange(done, true)) return;
      const auto now = realtime_ns();
      struct stat seen {};
      do {
        r.folder.write("news/sub/late.txt", "A late report");
      } while (::stat((sub + "/late.txt").c_str(), &seen) == 0 &&
               seen.st_ctim.tv_sec * 1'000'000'000 + seen.st_ctim.tv_nsec < now);
      act();
    };
  };
  SECTION("events were lost before it began") {
    r.before_start = [&] { r.indexer->mailbox().put_events({{-1, IN_Q_OVERFLOW, 0, ""}}); };
    midway([] {});
  }
  SECTION("events were lost on the way") {
    midway([&] { r.indexer->mailbox().put_events({{-1, IN_Q_OVERFLOW, 0, ""}}); });
  }
  SECTION("the root's own attributes changed") {
    midway([&] { r.tell("news", IN_ATTRIB, ""); });
  }
  SECTION("it is polled, and a sync is called") {
    r.unwatchable = (r.folder / "news").string();
    midway([&] { r.indexer->mailbox().put_sync([](const SyncAnswer&) {}); });
  }
  SECTION("it has more files than may wait") {
    r.config.daemon.pending_paths = 10;
    midway([] {});
  }
  r.start(/*watching=*/true);
  CHECK(r.sync().error.empty());
  for (int i = 0; i < 40; ++i) {
    const auto record = r.read(std::to_string(i) + ".txt");
    REQUIRE(record);
    CHECK(record->cause == Cause::FirstCrawl);
  }
  REQUIRE(r.read("sub/late.txt"));
  CHECK(r.read("sub/late.txt")->cause == Cause::Arrival);
}

TEST_CASE("attributes of a folder that change in a first crawl make no news of what is in it",
          "[first_crawl]") {
  Running r;
  for (int i = 0; i < 40; ++i) r.folder.write("news/sub/" + std::to_string(i) + ".txt", std::to_string(i));
  r.on_watch = [&, told = false](const std::string& folder) mutable {
    if (folder == (r.folder / "news/sub").string() && !std::exchange(told, true))
      r.tell("news", IN_ATTRIB | IN_ISDIR, "sub");
  };
  r.start(/*watching=*/true);
  r.sync();
  CHECK(r.documents() == 40);
  for (int i = 0; i < 40; ++i) CHECK(r.read("sub/" + std::to_string(i) + ".txt")->cause == Cause::FirstCrawl);
}
