// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/snapshot.h"

#include <atomic>
#include <chrono>
#include <thread>

#include "tests/unit/index/store_cases.h"

using namespace tidings;
using namespace tidings::test;

namespace {

/// Every report is new in each generation, so that one read from another generation than the snapshot's would show.
void renew(Store& store, int reports) {
  static int version = 0;
  ++version;
  Batch batch;
  for (int i = 0; i < reports; ++i) {
    const Key key{"news", std::to_string(i) + ".txt"};
    batch.put(key,
              put_of(record_of(key, std::string(2000, 'x') + " " + std::to_string(version)), Cause::Change));
  }
  publish(store, batch);
}

}  // namespace

TEST_CASE("a unit that is overtaken is run again on a fresh snapshot, and sees one generation only",
          "[snapshot]") {
  constexpr int kReports = 300;
  FreshFolder folder;
  auto store = open(folder / "index");
  renew(*store, kReports);
  Reader reader(folder / "index");
  REQUIRE(reader.facts()->generation == 1);

  int runs = 0;
  std::vector<std::uint64_t> begun;
  std::size_t whole = 0;
  const auto done = reader.run([&](const Snapshot& snapshot) -> Result<void> {
    ++runs;
    begun.push_back(snapshot.facts().generation);
    if (runs == 1)
      for (int commits = 0; commits < 3; ++commits) renew(*store, kReports);
    whole = 0;
    const auto& database = snapshot.database();
    for (auto id = database.postlist_begin({}); id != database.postlist_end({}); ++id) {
      const Record record = snapshot.record(*id);
      if (record.generation != snapshot.facts().generation)
        throw std::logic_error("two generations in one snapshot");
      ++whole;
    }
    return {};
  });
  REQUIRE(done);
  CHECK(runs == 2);
  CHECK(begun == std::vector<std::uint64_t>{1, 4});
  CHECK(whole == kReports);
  CHECK(reader.facts()->generation == 4);
}

TEST_CASE("a unit that takes a tenth of a second ends beside a writer that never rests", "[snapshot]") {
  constexpr int kReports = 100;
  constexpr std::chrono::milliseconds kLong{100};
  FreshFolder folder;
  auto store = open(folder / "index");
  renew(*store, kReports);
  std::atomic<bool> over = false;
  std::thread writer([&] {
    while (!over) renew(*store, kReports);
  });
  Reader reader(folder / "index");
  const auto done = reader.run([&](const Snapshot& snapshot) -> Result<void> {
    const auto begun = std::chrono::steady_clock::now();
    const auto& database = snapshot.database();
    do {
      for (auto id = database.postlist_begin({}); id != database.postlist_end({}); ++id)
        (void)snapshot.record(*id);
    } while (std::chrono::steady_clock::now() < begun + kLong);
    return {};
  });
  over = true;
  writer.join();
  INFO((done ? "" : done.error().what));
  CHECK(done);
}

// Xapian looks at the level of a root block before it looks at its revision: a reader whose root was recycled is told of damage.
TEST_CASE("damage that a fresh snapshot does not show was a race with the writer", "[snapshot]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  renew(*store, 3);
  Reader reader(folder / "index");
  int runs = 0;
  const int damaged = GENERATE(1, Reader::kDamaged - 1, Reader::kDamaged);
  const auto done = reader.run([&](const Snapshot&) -> Result<void> {
    if (++runs <= damaged) throw Xapian::DatabaseCorruptError("Expected block 15 to be level 1, not 0");
    return {};
  });
  SECTION("and what is damaged on each of some is damage") {
    CHECK(done.has_value() == (damaged < Reader::kDamaged));
    CHECK(runs == std::min(damaged + 1, Reader::kDamaged));
    if (!done) CHECK(done.error().code == Error::Code::IndexCorrupt);
  }
  SECTION("and the reader is good for the next unit") {
    CHECK(reader.facts());
  }
}

TEST_CASE("a unit that is overtaken for ever gets Busy, after so many runs", "[snapshot]") {
  constexpr int kReports = 100;
  FreshFolder folder;
  auto store = open(folder / "index");
  renew(*store, kReports);
  Reader reader(folder / "index");
  int runs = 0;
  const auto done = reader.run([&](const Snapshot& snapshot) -> Result<void> {
    ++runs;
    for (int commits = 0; commits < 3; ++commits) renew(*store, kReports);
    const auto& database = snapshot.database();
    for (auto id = database.postlist_begin({}); id != database.postlist_end({}); ++id)
      (void)snapshot.record(*id);
    return {};
  });
  REQUIRE_FALSE(done);
  CHECK(done.error().code == Error::Code::Busy);
  CHECK(runs == Reader::kAttempts);
  SECTION("and the reader is good for the next unit") {
    CHECK(reader.facts()->generation == store->facts().generation);
  }
}

TEST_CASE("a unit's own error is the reader's, and is not tried again", "[snapshot]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  int runs = 0;
  const auto done = Reader(folder / "index").run([&](const Snapshot&) -> Result<void> {
    ++runs;
    return failure(Error::Code::BadQuery, "column 3: no");
  });
  REQUIRE_FALSE(done);
  CHECK(done.error().code == Error::Code::BadQuery);
  CHECK(runs == 1);
}

TEST_CASE("a reader follows the index: made later, made anew, gone", "[snapshot]") {
  FreshFolder folder;
  Reader reader(folder / "index");
  auto none = reader.facts();
  REQUIRE_FALSE(none);
  CHECK(none.error().code == Error::Code::NotFound);
  CHECK(none.error().hint.find("tidingsd") != std::string::npos);

  auto store = open(folder / "index");
  publish(*store, one({"news", "a"}, "x"));
  REQUIRE(reader.facts());
  const auto identity = reader.facts()->identity;
  publish(*store, one({"news", "b"}, "x"));
  CHECK(reader.facts()->generation == 2);

  store.reset();
  std::filesystem::remove(manifest_path(folder / "index"));
  store = open(folder / "index");
  auto anew = reader.facts();
  REQUIRE(anew);
  CHECK(anew->identity != identity);
  CHECK(anew->generation == 0);
  CHECK(anew->documents == 0);

  store.reset();
  std::filesystem::remove_all(folder / "index");
  CHECK_FALSE(reader.facts());
}

TEST_CASE("a reader leaves an index that was made anew under it, though every file has its old name",
          "[snapshot]") {
  FreshFolder folder;
  Reader reader(folder / "index");
  const auto text_now = [&] {
    std::string text;
    REQUIRE(reader.run([&](const Snapshot& snapshot) -> Result<void> {
      const auto id = snapshot.find({"news", "a"});
      text = id ? snapshot.record(*id).report.text : "none";
      return {};
    }));
    return text;
  };
  for (const std::string version : {"one", "two", "three"}) {
    auto store = open(folder / "index");
    publish(*store, one({"news", "a"}, version));  // as many commits each time
    CHECK(text_now() == version);
    store.reset();
    std::filesystem::remove(manifest_path(folder / "index"));
  }
}

TEST_CASE("a folder without an index of ours is told from an empty index", "[snapshot]") {
  FreshFolder folder;
  const auto name = GENERATE(as<std::string>(), ".", "live", "live-1");
  std::filesystem::create_directories(folder / "index");
  { Xapian::WritableDatabase other((folder / "index" / name).string()); }
  const auto none = Reader(folder / "index").facts();
  REQUIRE_FALSE(none);
  CHECK(none.error().code == Error::Code::NotFound);
}

TEST_CASE("a manifest that cannot be looked at is not taken for none, and no folder makes a reader throw",
          "[snapshot]") {
  FreshFolder folder;
  Reader reader(folder / "index");
  SECTION("the manifest") {
    publish(*open(folder / "index"), one({"news", "a"}, "x"));
    std::filesystem::remove(manifest_path(folder / "index"));
    std::filesystem::create_symlink("manifest", manifest_path(folder / "index"));  // ELOOP, for root too
    const auto none = reader.facts();
    REQUIRE_FALSE(none);
    CHECK(none.error().code == Error::Code::Io);
    CHECK(none.error().what.find("manifest: ") != std::string::npos);
  }
  SECTION("a database of the first format") {
    std::filesystem::create_directories(folder / "index");
    std::filesystem::create_symlink("live", folder / "index/live");
    const auto none = reader.facts();
    REQUIRE_FALSE(none);
    CHECK(none.error().code == Error::Code::NotFound);
  }
}

TEST_CASE("a file's key is that of the nearest corpus above it", "[snapshot]") {
  IndexFacts facts;
  facts.corpora = {
      {"all", "/"}, {"reports", "/srv/reports"}, {"news", "/srv/reports/news"}, {"odd", "/srv/r\xff"}};
  const auto [path, corpus, below] = GENERATE(table<const char*, const char*, const char*>({
      {"/srv/reports/a.txt", "reports", "a.txt"},
      {"/srv/reports/news/a.txt", "news", "a.txt"},
      {"/srv/reports/newsroom/a.txt", "reports", "newsroom/a.txt"},
      {"/srv/reports/news", "reports", "news"},
      {"/srv/reports2/a.txt", "all", "srv/reports2/a.txt"},
      {"/etc/hosts", "all", "etc/hosts"},
      {"/srv/r\xff/\xfe", "odd", "\xfe"},
  }));
  CAPTURE(path);
  const auto key = Reader::key_of(facts, path);
  REQUIRE(key);
  CHECK(*key == Key{corpus, below});
  SECTION("and none where no corpus is") {
    facts.corpora.erase(facts.corpora.begin());
    CHECK_FALSE(Reader::key_of(facts, "/etc/hosts"));
    CHECK_FALSE(Reader::key_of(facts, "srv/reports/a.txt"));
    CHECK_FALSE(Reader::key_of(facts, ""));
  }
}

TEST_CASE("a key becomes the path that can be opened, also below / and of a corpus that is no more",
          "[snapshot]") {
  FreshFolder folder;
  auto store =
      open(folder / "index",
           {.languages = {"en"}, .corpora = {{"all", "/"}, {"news", "/srv/news"}}, .control_socket = {}});
  REQUIRE(Reader(folder / "index").run([](const Snapshot& snapshot) -> Result<void> {
    CHECK(snapshot.absolute_path({"all", "etc/hosts"}) == "/etc/hosts");
    CHECK(snapshot.absolute_path({"news", "a/b.txt"}) == "/srv/news/a/b.txt");
    CHECK(snapshot.absolute_path({"old", "a.txt"}) == "old:a.txt");
    return {};
  }));
}

TEST_CASE("each of many commits is seen, however soon it comes after the last", "[snapshot]") {
  FreshFolder folder;
  auto store = open(folder.path());
  Reader reader(folder.path());
  for (std::uint64_t generation = 1; generation <= 300; ++generation) {
    publish(*store, one(news("a"), std::to_string(generation)));
    const auto facts = reader.facts();
    REQUIRE(facts);
    REQUIRE(facts->generation == generation);
  }
}
