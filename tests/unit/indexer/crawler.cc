// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/crawler.h"

#include <sys/stat.h>

#include <cerrno>

#include "tests/unit/indexer/crawling.h"

using namespace tidings;
using namespace tidings::indexer;
using tidings::indexer::test::Crawling;
using tidings::indexer::test::kNever;
using tidings::indexer::test::Paths;
namespace fs = std::filesystem;

TEST_CASE("a crawl asks for a look at what differs from the index, and at nothing else", "[crawler]") {
  Crawling c;
  c.folder.write("news/a.txt", "a");
  c.folder.write("news/sub/b.txt", "b");
  c.folder.write("news/sub/deep/c.txt", "c");
  CHECK(c.crawl() == Paths{"a.txt", "sub/b.txt", "sub/deep/c.txt"});
  c.settle();
  CHECK(c.crawl().empty());

  SECTION("new and changed files") {
    c.folder.write("news/sub/b.txt", "longer");
    c.folder.write("news/d.txt", "d");
    CHECK(c.crawl() == Paths{"d.txt", "sub/b.txt"});
  }
  SECTION("a file that was replaced by another of its size") {
    c.folder.write("news/new", "x");
    fs::rename(c.folder / "news/new", c.folder / "news/a.txt");
    CHECK(c.crawl() == Paths{"a.txt"});
  }
  SECTION("a file and a folder that vanished") {
    fs::remove(c.folder / "news/a.txt");
    fs::remove_all(c.folder / "news/sub");
    CHECK(c.crawl() == Paths{"a.txt", "sub/b.txt", "sub/deep/c.txt"});
    c.settle();
    CHECK(c.store->facts().documents == 0);
  }
  SECTION("below the folder that is crawled only, and not in its namesake") {
    c.folder.write("news/subway/x.txt", "x");
    c.folder.write("news/sub/deep/new.txt", "x");
    fs::remove(c.folder / "news/a.txt");
    fs::remove(c.folder / "news/sub/b.txt");
    CHECK(c.crawl("sub") == Paths{"sub/b.txt", "sub/deep/new.txt"});
    CHECK(c.finished.size() == 2);  // a part of the corpus is not the corpus
  }
  SECTION("a file that took a folder's place, and what was in the folder") {
    fs::remove_all(c.folder / "news/sub");
    c.folder.write("news/sub", "a file now");
    CHECK(c.crawl("sub") == Paths{"sub", "sub/b.txt", "sub/deep/c.txt"});
    CHECK(c.crawl() == Paths{"sub", "sub/b.txt", "sub/deep/c.txt"});
  }
  SECTION("a folder that took a file's place") {
    fs::remove(c.folder / "news/a.txt");
    c.folder.write("news/a.txt/x.txt", "x");
    CHECK(c.crawl("a.txt") == Paths{"a.txt", "a.txt/x.txt"});
  }
  SECTION("a folder that became a link is not followed") {
    fs::rename(c.folder / "news/sub", c.folder / "elsewhere");
    fs::create_directory_symlink(c.folder / "elsewhere", c.folder / "news/sub");
    CHECK(c.crawl("sub") == Paths{"sub/b.txt", "sub/deep/c.txt"});
    CHECK(c.crawl() == Paths{"sub/b.txt", "sub/deep/c.txt"});
  }
  SECTION("a rebuild looks at everything") {
    CHECK(c.crawl("", Cause::Rebuild).size() == 3);
  }
}

TEST_CASE("what could not be read is looked at again, for that may change without the file", "[crawler]") {
  Crawling c;
  c.folder.write("news/a.txt", "a");
  const auto [status, again] = GENERATE(table<Status, bool>({{Status::Unreadable, true},
                                                             {Status::Failed, true},
                                                             {Status::Partial, false},
                                                             {Status::Empty, false},
                                                             {Status::NotYetRead, false},
                                                             {Status::NotText, false}}));
  CAPTURE(name(status));
  c.status = status;
  c.crawl();
  c.settle();
  CHECK(c.crawl().size() == (again ? 1 : 0));
}

TEST_CASE("what is no report of the corpus is never asked for", "[crawler]") {
  Crawling c;
  c.folder.write("news/.git/config", "x");
  c.folder.write("news/.hidden.txt", "x");
  c.folder.write("news/draft.txt~", "x");
  c.folder.write("news/sub/lost+found/x.txt", "x");
  REQUIRE(::mkfifo((c.folder / "news/pipe").c_str(), 0600) == 0);
  fs::create_symlink("nowhere", c.folder / "news/dangling.txt");
  c.folder.write("outside.txt", "x");
  fs::create_symlink(c.folder / "outside.txt", c.folder / "news/link.txt");
  fs::create_directory_symlink(c.folder / "news", c.folder / "news/cycle");
  CHECK(c.crawl().empty());
}

TEST_CASE("names are bytes: lines, other encodings and the longest that there are", "[crawler]") {
  Crawling c;
  for (const std::string& name : {std::string("two\nlines.txt"), std::string("caf\xe9.txt"),
                                  std::string("a:b.txt"), std::string(255, 'n')})
    c.folder.write("news/" + name, "x");
  CHECK(c.crawl().size() == 4);
  c.settle();
  CHECK(c.crawl().empty());
  CHECK(c.store->facts().documents == 4);
}

TEST_CASE("the index folder inside the corpus is left out", "[crawler]") {
  Crawling c;
  c.store.reset();
  fs::rename(c.folder / "index", c.folder / "news/index");
  c.store = std::move(*Store::open(c.folder / "news/index", {}));
  fs::create_directory_symlink(c.folder / "news/index",
                               c.folder / "index");  // where make_crawler looks for it
  c.make_crawler();
  c.folder.write("news/index/notes.txt", "x");
  c.folder.write("news/other/index/notes.txt", "x");
  CHECK(c.crawl() == Paths{"other/index/notes.txt"});
}

TEST_CASE("a corpus whose root is missing goes offline and keeps its documents", "[crawler]") {
  Crawling c;
  c.folder.write("news/a.txt", "a");
  c.crawl();
  c.settle();
  c.finished.clear();
  fs::rename(c.folder / "news", c.folder / "away");
  SECTION("nothing there") {}
  SECTION("a file in its place") {
    c.folder.write("news", "a file");
  }
  CHECK(c.crawl().empty());
  CHECK(c.corpora["news"]->offline);
  CHECK(c.corpora["news"]->offline_reason.starts_with((c.folder / "news").string()));
  CHECK(c.crawler->crawls_of("news") == 0);
  CHECK(c.finished.empty());
  CHECK(c.outstanding.done_up_to(100));
  CHECK(c.store->facts().documents == 1);

  fs::remove(c.folder / "news");
  fs::rename(c.folder / "away", c.folder / "news");
  CHECK(c.crawl().empty());
  CHECK_FALSE(c.corpora["news"]->offline);
  CHECK(c.finished.size() == 1);
}

TEST_CASE("a file that came after the crawl began is an arrival, whatever the crawl is for", "[crawler]") {
  Crawling c;
  c.folder.write("news/a.txt", "a");
  SECTION("an older one is not") {
    c.crawl("", Cause::FirstCrawl, kNever);
    CHECK(c.looks.at(0).cause == Cause::FirstCrawl);
    CHECK_FALSE(c.looks.at(0).arrival);
  }
  SECTION("a newer one is") {
    c.crawl("", Cause::FirstCrawl, 0);
    CHECK(c.looks.at(0).cause == Cause::Arrival);
    CHECK(c.looks.at(0).arrival);
  }
}

TEST_CASE("a report that moved with its folder is no news, and what came along without being indexed is",
          "[crawler]") {
  Crawling c;
  c.folder.write("news/old/a.txt", "a");
  c.crawl();
  c.settle();
  c.folder.write("news/old/b.txt", "b, of which nobody was told yet");
  fs::rename(c.folder / "news/old", c.folder / "news/new");
  const auto cause_of = [&](const std::string& path) {
    for (const auto& look : c.looks)
      if (look.key.path == path) return look.cause;
    throw std::runtime_error("no look at " + path);
  };
  SECTION("once the corpus has been read") {
    CHECK(c.crawl("new", Cause::Move, 0) == Paths{"new/a.txt", "new/b.txt"});
    CHECK(cause_of("new/b.txt") == Cause::Arrival);
  }
  SECTION("in a first crawl, where it is younger than that") {
    c.news_cause = Cause::FirstCrawl;
    CHECK(c.crawl("new", Cause::Move, 0) == Paths{"new/a.txt", "new/b.txt"});
    CHECK(cause_of("new/b.txt") == Cause::Arrival);
  }
  SECTION("but not what lay there before a first crawl") {
    c.news_cause = Cause::FirstCrawl;
    CHECK(c.crawl("new", Cause::Move, kNever) == Paths{"new/a.txt", "new/b.txt"});
    CHECK(cause_of("new/b.txt") == Cause::FirstCrawl);
  }
  CHECK(cause_of("new/a.txt") == Cause::Move);
}

TEST_CASE("a crawl goes in small steps, and waits while looks wait", "[crawler]") {
  Crawling c;
  for (std::size_t i = 0; i < Crawler::kEntriesPerStep + 50; ++i)
    c.folder.write("news/" + std::to_string(i), "");
  c.crawler->add({"news", ""}, Cause::FirstCrawl, 1, kNever);
  CHECK(*c.crawler->step(Crawler::kBacklog) == false);
  CHECK(c.looks.empty());
  CHECK(*c.crawler->step(Crawler::kBacklog - 1) == true);
  CHECK(c.looks.size() > 0);
  CHECK(c.looks.size() <= Crawler::kEntriesPerStep);
  CHECK(c.crawler->folders_left() == 1);
  c.run();
  CHECK(c.looks.size() == Crawler::kEntriesPerStep + 50);
  CHECK(c.crawler->folders_left() == 0);
  CHECK(*c.crawler->step(0) == false);
}

TEST_CASE("a crawl for news goes before the backfill, also one that has begun", "[crawler]") {
  Crawling c;
  for (std::size_t i = 0; i < Crawler::kEntriesPerStep + 50; ++i)
    c.folder.write("news/old/" + std::to_string(i), "");
  c.folder.write("news/new/x.txt", "x");
  c.crawler->add({"news", "old"}, Cause::FirstCrawl, 1, kNever);
  REQUIRE(c.crawler->step(0));
  const auto before = c.looks.size();
  c.crawler->add({"news", "new"}, Cause::Arrival, 2, kNever);
  REQUIRE(c.crawler->step(0));
  REQUIRE(c.looks.size() == before + 1);
  CHECK(c.looks.back().key.path == "new/x.txt");
  c.run();
  CHECK(c.asked().size() == Crawler::kEntriesPerStep + 51);
}

TEST_CASE("a crawl holds its ticket until it has asked for its last look", "[crawler]") {
  Crawling c;
  c.crawler->add({"news", ""}, Cause::CatchUp, 5, kNever);
  CHECK(c.outstanding.done_up_to(4));
  CHECK_FALSE(c.outstanding.done_up_to(5));
  CHECK(c.crawler->crawls_of("news") == 1);
  c.run();
  CHECK(c.outstanding.done_up_to(5));
  CHECK(c.crawler->crawls_of("news") == 0);
  CHECK(c.finished == std::vector<std::pair<std::string, Ticket>>{{"news", 5}});
}

TEST_CASE("a crawl that waits covers a later one below it, and takes an older ticket", "[crawler]") {
  Crawling c;
  fs::create_directories(c.folder / "news/sub");
  c.crawler->add({"news", ""}, Cause::CatchUp, 50, kNever);
  c.crawler->add({"news", "sub"}, Cause::CatchUp, 60, kNever);
  CHECK(c.crawler->crawls_of("news") == 1);
  c.crawler->add({"news", ""}, Cause::CatchUp, 10, kNever);
  CHECK(c.crawler->crawls_of("news") == 1);
  CHECK(c.outstanding.done_up_to(9));
  CHECK_FALSE(c.outstanding.done_up_to(20));
  c.run();
  CHECK(c.outstanding.done_up_to(100));

  SECTION("but not one for another cause, nor one in a namesake") {
    c.crawler->add({"news", "sub"}, Cause::Arrival, 1, kNever);
    c.crawler->add({"news", "sub"}, Cause::Move, 1, kNever);
    c.crawler->add({"news", "subway"}, Cause::Arrival, 1, kNever);
    CHECK(c.crawler->crawls_of("news") == 3);
  }
  SECTION("and one that has begun covers nothing, for it may have passed the folder") {
    for (std::size_t i = 0; i < Crawler::kEntriesPerStep + 50; ++i)
      c.folder.write("news/" + std::to_string(i), "");
    c.crawler->add({"news", ""}, Cause::CatchUp, 70, kNever);
    REQUIRE(c.crawler->step(0));
    c.crawler->add({"news", "sub"}, Cause::CatchUp, 71, kNever);
    CHECK(c.crawler->crawls_of("news") == 2);
  }
}

TEST_CASE("too many crawls widen to one of the corpus, and never without its ticket", "[crawler]") {
  Crawling c;
  fs::create_directories(c.folder / "mail");
  c.configure("mail");
  c.folder.write("news/f7/a.txt", "a");
  c.folder.write("mail/m/a.txt", "a");
  c.crawler->add({"mail", "m"}, Cause::Arrival, 3, kNever);
  for (std::size_t i = 0; i < Crawler::kMaxCrawls - 1; ++i)
    c.crawler->add({"news", "f" + std::to_string(i)}, Cause::Arrival, 10 + i, kNever);
  CHECK(c.crawler->crawls_of("news") == Crawler::kMaxCrawls - 1);
  c.crawler->add({"news", "one more"}, Cause::Arrival, 5000, kNever);
  CHECK(c.crawler->crawls_of("news") == 1);
  CHECK(c.crawler->crawls_of("mail") == 1);
  CHECK_FALSE(c.outstanding.done_up_to(3));
  while (c.crawler->crawls_of("mail")) REQUIRE(c.crawler->step(0));
  CHECK(c.outstanding.done_up_to(9));
  CHECK_FALSE(c.outstanding.done_up_to(10));
  c.run();
  CHECK(c.outstanding.done_up_to(10'000));
  CHECK(c.asked() == Paths{"f7/a.txt", "m/a.txt"});
  CHECK(c.finished == std::vector<std::pair<std::string, Ticket>>{{"news", 10}});
}

TEST_CASE("a crawl of a corpus that is not configured yet is one of it once it is", "[crawler]") {
  Crawling c;
  auto news = std::move(c.corpora["news"]);
  c.corpora.clear();
  c.crawler->add({"news", ""}, Cause::CatchUp, 5, kNever);
  c.corpora["news"] = std::move(news);
  CHECK(c.crawler->crawls_of("news") == 1);
  c.run();
  CHECK(c.crawler->crawls_of("news") == 0);
}

TEST_CASE("the crawls of a corpus that is configured no more are dropped", "[crawler]") {
  Crawling c;
  c.folder.write("news/a.txt", "a");
  c.crawler->add({"news", ""}, Cause::CatchUp, 5, kNever);
  c.corpora.clear();
  c.run();
  CHECK(c.looks.empty());
  CHECK(c.outstanding.done_up_to(100));
}

TEST_CASE("each folder is watched before it is listed", "[crawler]") {
  Crawling c;
  c.make_crawler(/*watching=*/true);
  fs::create_directories(c.folder / "news/sub");
  c.crawl();
  const std::string root = (c.folder / "news").string();
  CHECK(c.watched == Paths{root, root + "/sub"});
  CHECK(c.corpora["news"]->polled.empty());

  SECTION("where the kernel has no watch left, it is crawled all the same, and again") {
    c.folder.write("news/a.txt", "a");
    c.watch_fails_with = ENOSPC;
    CHECK(c.crawl() == Paths{"a.txt"});
    CHECK(c.corpora["news"]->polled.roots() == Paths{""});
  }
  SECTION("where it has none left for some folders, those are polled, until it has") {
    c.folder.write("news/sub/deep/er/a.txt", "a");
    fs::create_directories(c.folder / "news/subway");
    c.unwatchable = {root + "/sub", root + "/sub/deep"};
    CHECK(c.crawl() == Paths{"sub/deep/er/a.txt"});
    CHECK(c.corpora["news"]->polled.roots() == Paths{"sub"});
    c.unwatchable = {root + "/sub/deep"};
    c.crawl("sub");
    CHECK(c.corpora["news"]->polled.roots() == Paths{"sub/deep"});
    c.unwatchable.clear();
    c.crawl("sub/deep");
    CHECK(c.corpora["news"]->polled.empty());
  }
  SECTION("a polled folder that has gone, or is ignored now, is polled no more") {
    c.unwatchable = {root + "/sub"};
    c.crawl();
    REQUIRE(c.corpora["news"]->polled.roots() == Paths{"sub"});
    if (GENERATE(true, false))
      fs::remove_all(c.folder / "news/sub");
    else
      c.corpora["news"]->rules = [&] {
        c.folder.write("news/.tidingsignore", "sub/\n");
        config::IgnoreTree rules;
        rules.read(root, "");
        return rules;
      }();
    c.crawl("sub");
    CHECK(c.corpora["news"]->polled.empty());
  }
}

TEST_CASE("a folder on a mount that others change is polled, by the top of the mount", "[crawler]") {
  Crawling c;
  const std::string root = (c.folder / "news").string();
  fs::create_directories(c.folder / "news/nas/deep");
  const Mounts mounts("1 0 0:1 / / rw - ext4 a rw\n2 1 0:2 / " + root + "/nas rw - nfs4 nas:/ rw\n");
  c.mounts = &mounts;
  c.make_crawler(/*watching=*/true);
  c.crawl();
  CHECK(c.corpora["news"]->polled.roots() == Paths{"nas"});
  SECTION("until it is unmounted") {
    const Mounts none("1 0 0:1 / / rw - ext4 a rw\n");
    c.mounts = &none;
    c.make_crawler(/*watching=*/true);
    c.crawl("nas");
    CHECK(c.corpora["news"]->polled.empty());
  }
  SECTION("but not where nobody watches") {
    c.configure("news");
    c.make_crawler(/*watching=*/false);
    c.crawl();
    CHECK(c.corpora["news"]->polled.empty());
  }
}

TEST_CASE("an empty root is offline where it was a mount point and is none now, also after a restart",
          "[crawler]") {
  Crawling c;
  c.folder.write("news/a.txt", "a");
  c.crawl();
  c.settle();
  REQUIRE(c.corpora["news"]->was_mount_point == false);
  c.configure("news");  // as after a restart: nothing is known but what the store has
  fs::remove(c.folder / "news/a.txt");
  SECTION("it was one") {
    REQUIRE(c.store->set_note("news", "mount_point", "yes"));
    CHECK(c.crawl().empty());
    CHECK(c.corpora["news"]->offline);
    c.folder.write("news/b.txt", "b");
    CHECK(c.crawl() == Paths{"a.txt", "b.txt"});
    CHECK_FALSE(c.corpora["news"]->offline);
  }
  SECTION("it was none") {
    CHECK(c.crawl() == Paths{"a.txt"});
    CHECK_FALSE(c.corpora["news"]->offline);
  }
}

TEST_CASE("an error of the store leaves the crawl as it was", "[crawler]") {
  Crawling c;
  c.folder.write("news/a.txt", "a");
  c.crawler->add({"news", ""}, Cause::CatchUp, 5, kNever);
  const fs::path live = Manifest::read(c.folder / "index")->live_path(c.folder / "index");
  fs::rename(live, c.folder / "away");
  {
    // Its handle is dropped by a publication that fails; nothing can be opened now.
    Batch batch;
    batch.remove({"news", "x"});
    REQUIRE_FALSE(c.store->publish(batch));
  }
  // What is known of each file is in memory; what is gone cannot be told, so the crawl is not at its end.
  for (int attempt = 0; attempt < 2; ++attempt) CHECK_FALSE(c.crawler->step(0));
  CHECK_FALSE(c.outstanding.done_up_to(5));
  CHECK_FALSE(c.crawler->idle());
  CHECK(c.finished.empty());
  fs::remove_all(live);
  fs::rename(c.folder / "away", live);
  c.run();
  CHECK(c.asked() == Paths{"a.txt"});
  CHECK(c.looks.size() == 1);
  CHECK(c.outstanding.done_up_to(5));
  CHECK(c.finished.size() == 1);
}
