// SPDX-License-Identifier: GPL-2.0-or-later
// The index thread end to end, with real files and a real store; the kernel's events are given by hand.
#include "tests/unit/indexer/running.h"

using namespace tidings;
using namespace tidings::indexer;
using tidings::indexer::test::kLong;
using tidings::indexer::test::Running;
using tidings::test::FullDisk;
namespace fs = std::filesystem;

TEST_CASE("what is on disk when a sync is called is searchable when it is answered", "[indexer]") {
  Running r;
  for (int i = 0; i < 50; ++i)
    r.folder.write("news/sub/" + std::to_string(i) + ".txt",
                   "Häuser: dockers strike in port " + std::to_string(i));
  r.folder.write("news/empty.txt", "");
  r.start();
  const auto answer = r.sync();
  CHECK(answer.error.empty());
  CHECK(answer.generation > 0);
  CHECK(r.documents() == 51);
  CHECK(r.read("sub/7.txt")->report.text.find("port 7") != std::string::npos);
  CHECK(r.read("sub/7.txt")->cause == Cause::FirstCrawl);
  CHECK(r.read("empty.txt")->report.status == Status::Empty);

  SECTION("and again at once, without a new generation") {
    CHECK(r.sync().generation == answer.generation);
  }
  SECTION("a second start finds nothing new, and then what was done meanwhile, as catching up") {
    r.indexer.reset();
    r.start();
    CHECK(r.sync().generation == answer.generation);
    r.indexer.reset();
    r.folder.write("news/new.txt", "new");
    fs::remove(r.folder / "news/empty.txt");
    r.start();
    CHECK(r.sync().generation > answer.generation);
    CHECK(r.read("new.txt")->cause == Cause::CatchUp);
    CHECK_FALSE(r.read("empty.txt"));
  }
  SECTION("other languages find its words by their stems, and no file is read again") {
    CHECK(r.forms("haus").empty());
    CHECK(r.forms("docker") == std::vector<std::string>{"dockers"});
    r.config.corpora[0].languages = {"de"};
    SECTION("after a start with them") {
      r.indexer.reset();
      r.start();
    }
    SECTION("at once when the configuration is read again") {
      r.indexer->mailbox().put_reload(r.config);
    }
    CHECK(r.sync().generation == answer.generation);
    CHECK(r.forms("haus") == std::vector<std::string>{"hauser"});
    CHECK(r.read("sub/7.txt")->cause == Cause::FirstCrawl);
    CHECK(r.indexer->status().files <= 51);
  }
}

TEST_CASE("a sync is answered also without a corpus, and when the daemon stops", "[indexer]") {
  Running r(std::vector<std::string>{});
  r.start();
  CHECK(r.sync().error.empty());
  std::promise<SyncAnswer> promise;
  r.indexer->mailbox().put_stop();
  r.indexer->mailbox().put_sync([&](const SyncAnswer& answer) { promise.set_value(answer); });
  r.indexer->stop();
  // Taken with the stop and answered, or too late to be taken at all: it never stays with a thread that is gone.
  auto answer = promise.get_future();
  if (answer.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
    CHECK(answer.get().generation == 0);
}

TEST_CASE("while the disk is full syncs are answered with the error, and then nothing was lost",
          "[indexer]") {
  Running r;
  for (int i = 0; i < 300; ++i) {
    std::string text;
    for (int word = 0; word < 200; ++word) text += "w" + std::to_string(i * 1000 + word) + " ";
    r.folder.write("news/" + std::to_string(i) + ".txt", text);
  }
  {
    std::unique_ptr<FullDisk> full;
    r.start();
    full = std::make_unique<FullDisk>(64 << 10);
    SyncAnswer answer = r.sync();
    CAPTURE(answer.error);
    CHECK(answer.error.find("File too large") != std::string::npos);
    CHECK(answer.error.find("index") != std::string::npos);
    answer = r.sync();
    CHECK_FALSE(answer.error.empty());
    CHECK(r.indexer->status().error.find("File too large") != std::string::npos);
  }
  const auto until = std::chrono::steady_clock::now() + kLong;
  while (!r.sync().error.empty()) REQUIRE(std::chrono::steady_clock::now() < until);
  CHECK(r.documents() == 300);
  CHECK(r.indexer->status().error.empty());
  CHECK(r.indexer->status().pending == 0);
}

TEST_CASE("a corpus that goes offline keeps its reports, and its sync is answered", "[indexer]") {
  Running r(std::vector<std::string>{"mail", "news"});
  r.folder.write("news/a.txt", "a");
  r.folder.write("mail/b.txt", "b");
  r.start();
  r.sync();
  r.indexer.reset();
  fs::rename(r.folder / "news", r.folder / "away");
  SECTION("nothing there") {}
  SECTION("a file in its place") {
    r.folder.write("news", "a file");
  }
  r.start();
  CHECK(r.sync().error.empty());
  CHECK(r.documents() == 2);
  REQUIRE(r.indexer->status().corpora.size() == 2);
  CHECK(r.indexer->status().corpora[0].state == "watched");
  CHECK(r.indexer->status().corpora[1].state == "offline");
  CHECK(r.indexer->status().corpora[1].reason.starts_with((r.folder / "news").string()));
  fs::remove(r.folder / "news");
  fs::rename(r.folder / "away", r.folder / "news");
  r.folder.write("news/c.txt", "c");
  CHECK(r.sync().error.empty());
  CHECK(r.documents() == 3);
  CHECK(r.indexer->status().corpora[1].state == "watched");
  CHECK(r.read("a.txt")->cause == Cause::FirstCrawl);
}

TEST_CASE("a root that was replaced from above is found by the next sync, and watched where it is now",
          "[indexer]") {
  Running r;
  r.config.corpora[0].path = r.folder / "data/news";
  r.folder.write("one/news/a.txt", "a");
  std::string now = "data";
  const auto point_to = [&](const std::string& to) {
    fs::remove(r.folder / "data");
    fs::create_directory_symlink(to, r.folder / "data");
  };
  const bool link = GENERATE(true, false);
  CAPTURE(link);
  if (link)
    point_to("one");
  else
    fs::rename(r.folder / "one", r.folder / "data");
  r.start(/*watching=*/true);
  r.sync();
  REQUIRE(r.read("a.txt"));
  r.folder.write("two/news/b.txt", "b");
  if (link) {
    point_to(now = "two");
    const FullDisk full(0);
    CHECK_FALSE(r.sync().error.empty());
    CHECK(r.indexer->status().watches == 1);
  } else {
    fs::rename(r.folder / "data", r.folder / "one");
    fs::rename(r.folder / "two", r.folder / "data");
  }
  const auto until = std::chrono::steady_clock::now() + kLong;
  while (!r.sync().error.empty()) REQUIRE(std::chrono::steady_clock::now() < until);
  CHECK_FALSE(r.read("a.txt"));
  REQUIRE(r.read("b.txt"));
  CHECK(r.indexer->status().corpora[0].path == (r.folder / now / "news").string());
  r.folder.write(now + "/news/c.txt", "c");
  r.tell(now + "/news", IN_CLOSE_WRITE, "c.txt");
  r.sync();
  CHECK(r.read("c.txt"));
}

TEST_CASE("reports come and go with their corpus' configuration, and no other is touched", "[indexer]") {
  Running r(std::vector<std::string>{"mail", "news"});
  r.folder.write("news/a.txt", "a");
  r.folder.write("mail/b.txt", "b");
  r.start();
  r.sync();
  auto config = r.config;
  config.corpora = {r.corpus("news")};
  r.indexer->mailbox().put_reload(config);
  r.sync();
  CHECK(r.documents() == 1);
  CHECK(r.read("a.txt")->generation == 1);
  r.indexer->mailbox().put_reload(r.config);
  r.sync();
  CHECK(r.read("b.txt", "mail")->cause == Cause::FirstCrawl);
  CHECK(r.read("a.txt")->generation == 1);
  SECTION("files that are ignored now leave the index") {
    config.corpora[0].ignore = {"a.*"};
    r.indexer->mailbox().put_reload(config);
    r.sync();
    CHECK(r.documents() == 0);
  }
}

TEST_CASE("a file event is an arrival, a change, or a removal, as the disk has it", "[indexer]") {
  Running r;
  fs::create_directories(r.folder / "news/sub");
  r.start(/*watching=*/true);
  r.sync();
  r.folder.write("news/sub/a.txt", "one");
  r.tell("news/sub", IN_CLOSE_WRITE, "a.txt");
  r.sync();
  CHECK(r.read("sub/a.txt")->cause == Cause::Arrival);
  r.folder.write("news/sub/a.txt", "two");
  r.tell("news/sub", IN_CLOSE_WRITE, "a.txt");
  r.sync();
  CHECK(r.read("sub/a.txt")->cause == Cause::Change);
  CHECK(r.read("sub/a.txt")->report.text.find("two") != std::string::npos);
  const auto generation = r.read("sub/a.txt")->generation;

  SECTION("an event without a change on disk is no generation") {
    r.tell("news/sub", IN_ATTRIB, "a.txt");
    r.sync();
    CHECK(r.read("sub/a.txt")->generation == generation);
  }
  SECTION("removed") {
    fs::remove(r.folder / "news/sub/a.txt");
    r.tell("news/sub", IN_DELETE, "a.txt");
    r.sync();
    CHECK_FALSE(r.read("sub/a.txt"));
  }
  SECTION("renamed: a move, and no arrival") {
    fs::rename(r.folder / "news/sub/a.txt", r.folder / "news/b.txt");
    r.tell("news/sub", IN_MOVED_FROM, "a.txt", 77);
    r.tell("news", IN_MOVED_TO, "b.txt", 77);
    r.sync();
    CHECK_FALSE(r.read("sub/a.txt"));
    CHECK(r.read("b.txt")->cause == Cause::Move);
  }
  SECTION("written under another name and renamed into place: an arrival") {
    r.folder.write("news/c.txt.part", "three");
    r.tell("news", IN_CLOSE_WRITE, "c.txt.part");
    fs::rename(r.folder / "news/c.txt.part", r.folder / "news/c.txt");
    r.tell("news", IN_MOVED_FROM, "c.txt.part", 78);
    r.tell("news", IN_MOVED_TO, "c.txt", 78);
    r.sync();
    CHECK(r.read("c.txt")->cause == Cause::Arrival);
  }
  SECTION("still open when the sync is called: its text so far") {
    std::ofstream open(r.folder / "news/d.txt");
    open << "so far" << std::flush;
    r.tell("news", IN_MODIFY, "d.txt");
    r.sync();
    CHECK(r.read("d.txt")->report.text.find("so far") != std::string::npos);
  }
  SECTION("a folder that is renamed before all in it was told of: the rest is news under the new name") {
    r.folder.write("news/sub/late.txt", "late");
    fs::rename(r.folder / "news/sub", r.folder / "news/sup");
    r.tell("news", IN_MOVED_FROM | IN_ISDIR, "sub", 80);
    r.tell("news", IN_MOVED_TO | IN_ISDIR, "sup", 80);
    r.sync();
    CHECK(r.read("sup/late.txt")->cause == Cause::Arrival);
    CHECK(r.read("sup/a.txt")->generation == generation);
    CHECK_FALSE(r.read("sub/a.txt"));
  }
  SECTION("written, and neither closed nor quiet yet: pending") {
    r.folder.write("news/d.txt", "so far");
    const auto until = std::chrono::steady_clock::now() + Unclosed::kMost / 2;
    for (bool pending = false; !pending; pending = r.indexer->status().pending == 1) {
      r.tell("news", IN_MODIFY, "d.txt");
      REQUIRE(std::chrono::steady_clock::now() < until);
    }
    r.sync();
    CHECK(r.indexer->status().pending == 0);
  }
  SECTION("a folder that moved in is crawled") {
    r.folder.write("made/x/e.txt", "e");
    fs::rename(r.folder / "made", r.folder / "news/made");
    r.tell("news", IN_MOVED_TO | IN_ISDIR, "made", 79);
    r.sync();
    CHECK(r.read("made/x/e.txt")->cause == Cause::Arrival);
  }
}

TEST_CASE("events that the kernel dropped are made good by a crawl", "[indexer]") {
  Running r;
  r.start(/*watching=*/true);
  r.sync();
  r.folder.write("news/sub/a.txt", "a");
  r.indexer->mailbox().put_events({{-1, IN_Q_OVERFLOW, 0, ""}});
  r.sync();
  CHECK(r.read("sub/a.txt")->cause == Cause::Arrival);
  CHECK(r.indexer->status().overflows == 1);
}

TEST_CASE("more news than may wait is widened to a crawl, and nothing is lost", "[indexer]") {
  Running r;
  r.config.daemon.pending_paths = 10;
  r.start(/*watching=*/true);
  r.sync();
  std::vector<loop::FsEvent> events;
  for (int i = 0; i < 2000; ++i) {
    r.folder.write("news/" + std::to_string(i) + ".txt", std::to_string(i));
    events.push_back({1, IN_CLOSE_WRITE, 0, std::to_string(i) + ".txt"});
  }
  r.indexer->mailbox().put_events(events);
  CHECK(r.sync().error.empty());
  CHECK(r.documents() == 2000);

  SECTION("so is a corpus that goes, when it has more reports than may wait") {
    auto config = r.config;
    config.corpora.clear();
    r.indexer->mailbox().put_reload(config);
    CHECK(r.sync().error.empty());
    CHECK(r.documents() == 0);
  }
}

TEST_CASE("a sync looks through the folders that have no watch, and through no others", "[indexer]") {
  Running r;
  r.config.daemon.poll_ms = 3'600'000;
  fs::create_directories(r.folder / "news/watched");
  fs::create_directories(r.folder / "news/unwatched/deep");
  r.unwatchable = (r.folder / "news/unwatched").string();
  r.start(/*watching=*/true);
  r.sync();
  CHECK(r.indexer->status().corpora[0].state == "polled");
  REQUIRE(r.indexer->status().corpora[0].polled.size() == 1);
  CHECK(r.indexer->status().corpora[0].polled[0].path == r.unwatchable);
  r.folder.write("news/watched/a.txt", "of this no event is told");
  r.folder.write("news/unwatched/deep/b.txt", "nor of this");
  r.sync();
  CHECK_FALSE(r.read("watched/a.txt"));
  REQUIRE(r.read("unwatched/deep/b.txt"));
  CHECK(r.read("unwatched/deep/b.txt")->cause == Cause::Arrival);
  SECTION("once there is a watch for it, it is told by events alone") {
    {
      const std::lock_guard lock(r.mutex);
      r.unwatchable.clear();
    }
    r.sync();
    CHECK(r.indexer->status().corpora[0].state == "watched");
    r.folder.write("news/unwatched/c.txt", "c");
    r.sync();
    CHECK_FALSE(r.read("unwatched/c.txt"));
    r.tell("news/unwatched", IN_CLOSE_WRITE, "c.txt");
    r.sync();
    CHECK(r.read("unwatched/c.txt"));
  }
}

TEST_CASE("without being asked too, what has no watch is looked through every poll_ms", "[indexer]") {
  Running r;
  r.config.daemon.poll_ms = 10;
  r.unwatchable = (r.folder / "news").string();
  r.start(/*watching=*/true);
  r.sync();
  SECTION("and so it stays when the configuration is read again, which changes the corpora alone") {
    config::Config config = r.config;
    config.daemon.poll_ms = 3'600'000;
    r.indexer->mailbox().put_reload(config);
    r.sync();
  }
  SECTION("from the start on") {}
  const auto until = std::chrono::steady_clock::now() + kLong;
  for (const std::uint64_t count : {1, 2}) {
    const std::string name = std::to_string(count) + ".txt";
    r.folder.write("news/" + name, "a");
    while (r.documents() < count) REQUIRE(std::chrono::steady_clock::now() < until);
    CHECK(r.read(name)->cause == Cause::Arrival);
  }
}

TEST_CASE("rule files hold from the first crawl on, and in every later one", "[indexer]") {
  Running r;
  for (const auto* name : {"a.txt", "a.log", "sub/b.txt", "sub/b.log", "drafts/c.txt"})
    r.folder.write(std::string("news/") + name, "x");
  r.folder.write("news/.tidingsignore", "*.log\ndrafts/\n");
  r.folder.write("news/sub/.tidingsignore", "!b.log\nb.txt\n");
  r.start();
  r.sync();
  CHECK(r.documents() == 2);
  CHECK(r.read("a.txt"));
  CHECK(r.read("sub/b.log"));
  r.indexer.reset();
  r.folder.write("news/.tidingsignore", "sub\n");
  r.start();
  r.sync();
  CHECK(r.documents() == 3);
  CHECK(r.read("drafts/c.txt"));
  CHECK_FALSE(r.read("sub/b.log"));
}

TEST_CASE("an event of a rule file leads to a crawl of what it rules", "[indexer]") {
  Running r;
  r.folder.write("news/a.log", "a");
  r.folder.write("news/sub/b.log", "b");
  r.folder.write("news/sub/b.txt", "b");
  r.start(/*watching=*/true);
  r.sync();
  REQUIRE(r.documents() == 3);
  r.folder.write("news/sub/.tidingsignore", "*.log\n");
  SECTION("when it is told") {
    r.tell("news/sub", IN_CLOSE_WRITE, ".tidingsignore");
  }
  SECTION("when it is open still, and a sync is called") {
    r.tell("news/sub", IN_CREATE, ".tidingsignore");
  }
  r.sync();
  CHECK(r.documents() == 2);
  CHECK_FALSE(r.read("sub/b.log"));
  fs::remove(r.folder / "news/sub/.tidingsignore");
  r.tell("news/sub", IN_DELETE, ".tidingsignore");
  r.sync();
  CHECK(r.documents() == 3);
}

TEST_CASE("what was mounted before a sync is crawled before it is answered, told or not", "[indexer]") {
  Running r;
  fs::create_directories(r.folder / "news/nas");
  r.start(/*watching=*/true);
  r.sync();
  REQUIRE(r.indexer->status().corpora[0].state == "watched");
  r.folder.write("news/nas/a.txt", "what the mount uncovers");
  {
    const std::lock_guard lock(r.mutex);
    r.mountinfo += "2 1 0:2 / " + (r.folder / "news/nas").string() + " rw - nfs4 nas:/ rw\n";
  }
  r.sync();
  CHECK(r.read("nas/a.txt"));
  REQUIRE(r.indexer->status().corpora[0].polled.size() == 1);
  CHECK(r.indexer->status().corpora[0].polled[0].type == "nfs4");
}

TEST_CASE("a removal that is told after the disk was unmounted, and before that is known, removes nothing",
          "[indexer]") {
  Running r;
  r.folder.write("news/a.txt", "a");
  r.folder.write("news/b.txt", "b");
  const std::string unmounted = r.mountinfo;
  r.mountinfo += "2 1 0:2 / " + (r.folder / "news").string() + " rw - ext4 b rw\n";
  r.start(/*watching=*/true);
  r.sync();
  REQUIRE(r.documents() == 2);
  fs::rename(r.folder / "news", r.folder / "away");
  fs::create_directory(r.folder / "news");
  {
    const std::lock_guard lock(r.mutex);
    r.mountinfo = unmounted;
  }
  r.tell("news", IN_DELETE, "a.txt");
  const auto until = std::chrono::steady_clock::now() + kLong;
  while (r.documents() == 2 && r.indexer->status().corpora[0].state != "offline")
    REQUIRE(std::chrono::steady_clock::now() < until);  // a sync would ask what is mounted
  CHECK(r.indexer->status().corpora[0].state == "offline");
  CHECK(r.documents() == 2);
}
