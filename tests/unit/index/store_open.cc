// SPDX-License-Identifier: GPL-2.0-or-later
// Opening an index for writing: what is refused, what is made anew, what is swept, and what is left alone.
#include <fstream>

#include "tests/unit/index/segments_cases.h"

using namespace tidings;
using namespace tidings::test;
namespace fs = std::filesystem;

namespace {

Store::Options rebuilding() {
  return {.languages = {"en"}, .corpora = {}, .control_socket = {}, .rebuild = true};
}

}  // namespace

TEST_CASE("a rebuild keeps an index that can be opened, and makes anew one that cannot", "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish(*store, one({"news", "a"}, "x"));
  REQUIRE(store->seal());
  publish(*store, one({"news", "b"}, "x"));
  const auto before = store->facts();
  store.reset();
  SECTION("sound") {
    store = open(folder / "index", rebuilding());
    CHECK(store->facts().identity == before.identity);
    CHECK(store->facts().generation == before.generation);
    CHECK(store->facts().documents == 2);
  }
  SECTION("damaged") {
    const auto manifest = *Manifest::read(folder / "index");
    const std::vector<fs::path> files = {manifest_path(folder / "index"),
                                         manifest.live_path(folder / "index") / "iamglass",
                                         manifest.sealed.at(0).path(folder / "index") / "iamglass",
                                         manifest.sealed.at(0).words_path(folder / "index")};
    const auto& victim = files.at(GENERATE(as<std::size_t>(), 0, 1, 2, 3));
    CAPTURE(victim);
    fs::resize_file(victim, 3);
    REQUIRE_FALSE(Store::open(folder / "index", {}));
    store = open(folder / "index", rebuilding());
    CHECK(store->facts().identity != before.identity);
    CHECK(store->facts().documents == 0);
    CHECK(facts(folder / "index").documents == 0);
  }
}

TEST_CASE("a folder that holds something else is refused and left as it was, also by a rebuild", "[store]") {
  FreshFolder folder;
  const bool rebuild = GENERATE(false, true);
  const auto file = GENERATE(as<std::string>(), "thesis.odt", "live/album.flac", "live-2019/album.flac",
                             "live-jazz/album.flac", "live-4", "sealed-letters.odt", "sealed-1.glassware.odt",
                             "scratch/novel.odt", "lock/door.odt");
  CAPTURE(rebuild, file);
  folder.write("home/" + file, "years of work");
  fs::permissions(folder / "home", fs::perms(0755));
  const auto refused = Store::open(
      folder / "home", {.languages = {"en"}, .corpora = {}, .control_socket = {}, .rebuild = rebuild});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Error::Code::BadRequest);
  CHECK(refused.error().what.find("home") != std::string::npos);
  CHECK_FALSE(refused.error().hint.empty());
  CHECK(fs::file_size(folder / ("home/" + file)) == 13);
  CHECK(fs::status(folder / "home").permissions() == fs::perms(0755));
  CHECK(names_in(folder / "home").size() == 1);
}

TEST_CASE("another program's Xapian database is refused, also by a rebuild", "[store]") {
  FreshFolder folder;
  const bool rebuild = GENERATE(false, true);
  const auto name = GENERATE(as<std::string>(), "live", "live-1");
  CAPTURE(rebuild, name);
  fs::create_directories(folder / "index");
  {
    Xapian::WritableDatabase database((folder / "index" / name).string());
    Xapian::Document document;
    document.add_term("Kmail");
    database.add_document(document);
  }
  const auto refused = Store::open(
      folder / "index", {.languages = {"en"}, .corpora = {}, .control_socket = {}, .rebuild = rebuild});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Error::Code::BadRequest);
  CHECK(Xapian::Database((folder / "index" / name).string()).get_doccount() == 1);
}

TEST_CASE("what a killed first start left behind is no obstacle", "[store]") {
  FreshFolder folder;
  SECTION("before the first manifest") {
    folder.write("index/lock", "");
    folder.write("index/live-1/flintlock", "");
    folder.write("index/live-1/postlist.glass", "");
    folder.write("index/manifest.new", "tidings mani");
    fs::create_directories(folder / "index/scratch");
  }
  SECTION("while an index was made anew, its manifest being the first to go") {
    auto store = open(folder / "index");
    publish(*store, one({"news", "a"}, "x"));
    REQUIRE(store->seal());
    publish(*store, one({"news", "b"}, "x"));
    store.reset();
    fs::remove(manifest_path(folder / "index"));
  }
  auto store = open(folder / "index");
  CHECK(store->facts().generation == 0);
  CHECK(publish(*store, one({"news", "a"}, "x")) == 1);
  CHECK(names_in(folder / "index").size() <= 4);  // live, lock, manifest, scratch
}

TEST_CASE("files of no manifest are swept at the start, and those of other programs are left alone",
          "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish(*store, one({"news", "a"}, "dockers strike"));
  REQUIRE(store->seal());
  publish(*store, one({"news", "a"}, "dockers walk out"));
  REQUIRE(store->seal());  // and tombstones in a file
  publish(*store, one({"news", "b"}, "ferries sail"));
  store.reset();
  auto named = names_in(folder / "index");
  named.erase(std::remove(named.begin(), named.end(), "scratch"), named.end());
  const std::vector<std::string> left = {"manifest.new",         "live-7/iamglass",  "sealed-8.glass",
                                         "sealed-9.glass",       "sealed-8.words-1", "sealed-8.words-1.new",
                                         "sealed-8.dead-1",      "live-1.words-2",   "live-1.dead-9.new",
                                         "scratch/5/0/iamglass", "live-1.dead-7",    "live-1.words-1.new"};
  for (const auto& name : left) folder.write("index/" + name, "torn");
  const std::vector<std::string> foreign = {"notes.txt",       "live-jazz/album.flac", "sealed-letters.odt",
                                            "live/album.flac", "manifest.bak",         "live-7.odt"};
  for (const auto& name : foreign) folder.write("index/" + name, "years of work");

  store = open(folder / "index");
  for (const auto& name : left) {
    CAPTURE(name);
    CHECK_FALSE(fs::exists(folder / ("index/" + name)));
  }
  for (const auto& name : named) {
    CAPTURE(name);
    CHECK(fs::exists(folder / ("index/" + name)));
  }
  for (const auto& name : foreign) {
    CAPTURE(name);
    CHECK(fs::exists(folder / ("index/" + name)));
  }
  CHECK(read(folder / "index", {"news", "a"})->report.text == "dockers walk out");
  CHECK(read(folder / "index", {"news", "b"})->report.text == "ferries sail");

  SECTION("also by a rebuild of what cannot be opened") {
    store.reset();
    fs::resize_file(manifest_path(folder / "index"), 3);
    store = open(folder / "index", rebuilding());
    for (const auto& name : foreign) {
      CAPTURE(name);
      CHECK(fs::exists(folder / ("index/" + name)));
    }
  }
}

TEST_CASE("a second writer gets IndexLocked, and the first goes on", "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  const bool rebuild = GENERATE(false, true);
  const auto second = Store::open(
      folder / "index", {.languages = {"en"}, .corpora = {}, .control_socket = {}, .rebuild = rebuild});
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Error::Code::IndexLocked);
  CHECK(second.error().hint.find("tidings status") != std::string::npos);
  CHECK(publish(*store, one({"news", "a"}, "x")) == 1);
  REQUIRE(store->seal());
  CHECK(publish(*store, one({"news", "b"}, "x")) == 2);
  CHECK(read(folder / "index", {"news", "a"}));
  CHECK(read(folder / "index", {"news", "b"}));
}

TEST_CASE("an index that is taken away is an error for its writer, and never an empty one in its place",
          "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish(*store, one({"news", "a"}, "x"));
  const fs::path live = live_folder(folder / "index");
  fs::rename(live, folder / "away");
  for (int attempt = 0; attempt < 2; ++attempt) CHECK_FALSE(store->publish(one({"news", "b"}, "x")));
  CHECK_FALSE(fs::exists(live / "iamglass"));
  CHECK(store->find({"news", "a"}));  // a crawl goes on by what was known
  SECTION("and the same one goes on when it is back") {
    fs::remove_all(live);
    fs::rename(folder / "away", live);
    CHECK(publish(*store, one({"news", "b"}, "x")) == 2);
    CHECK(facts(folder / "index").documents == 2);
  }
}

TEST_CASE("the index folder is its owner's alone", "[store]") {
  FreshFolder folder;
  fs::create_directories(folder / "a/index");
  fs::permissions(folder / "a/index", fs::perms(0755));
  open(folder / "a/index");
  CHECK(fs::status(folder / "a/index").permissions() == fs::perms(0700));
}

TEST_CASE("a damaged index is an error that says how to make it anew", "[store]") {
  FreshFolder folder;
  publish(*open(folder / "index"), one({"news", "a"}, "x"));
  SECTION("a file of it is cut short") {
    fs::resize_file(live_folder(folder / "index") / "iamglass", 3);
  }
  SECTION("its manifest is cut short") {
    const auto bytes = GENERATE(as<std::uintmax_t>(), 0, 3, 40, 100);
    CAPTURE(bytes);
    fs::resize_file(manifest_path(folder / "index"), bytes);
  }
  SECTION("a document lacks what every document has") {
    const auto missing = GENERATE(slot::kStamp, slot::kCause, slot::kGeneration, slot::kPath, slot::kStatus);
    CAPTURE(missing);
    Xapian::WritableDatabase database(live_folder(folder / "index").string());
    auto document = database.get_document(1);
    document.remove_value(missing);
    database.replace_document(1, document);
  }
  const auto read = Reader(folder / "index").run([](const Snapshot& snapshot) -> Result<void> {
    snapshot.record(1);
    return {};
  });
  REQUIRE_FALSE(read);
  CHECK(read.error().code == Error::Code::IndexCorrupt);
  CHECK(read.error().hint.find("tidingsd --rebuild") != std::string::npos);
  auto store = Store::open(folder / "index", {});
  if (store) {
    // A touch of the damaged document, and what a crawl asks for: an error or a whole document, and no exception.
    (void)(*store)->find({"news", "a"});
    (void)(*store)->previous({"news", "a"});
    (void)(*store)->below({"news", ""}, Store::kEver, [](Key) {});
    CHECK_FALSE((*store)->publish(one({"news", "a"}, "x")));
  } else {
    CHECK(store.error().code == Error::Code::IndexCorrupt);
    CHECK(store.error().hint.find("tidingsd --rebuild") != std::string::npos);
  }
}

TEST_CASE("a vocabulary of other stems is made anew at the start, and where that fails it is an error",
          "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  TextByKey reports;
  Random random(7);
  for (int i = 0; i < 100; ++i) {
    std::string& text = reports["zz" + std::to_string(i)];
    for (int w = 0; w < 60; ++w) {
      for (int c = 0; c < 12; ++c) text += static_cast<char>('a' + random.below(26));
      text += ' ';
    }
  }
  reports["last"] = "strikes";
  publish_bulk(*store, reports);
  const SegmentEntry entry = store->manifest().sealed.at(0);
  store.reset();
  const fs::path segment = entry.path(folder / "index"), words = entry.words_path(folder / "index");
  Analyzer german({"de"});
  REQUIRE(Vocabulary::write(words, Xapian::Database(segment.string()), german));
  SECTION("made anew") {
    store = open(folder / "index");
    Reader reader(folder / "index");
    CHECK(forms_of(reader, "strike") == std::vector<std::string>{"strikes"});
    CHECK_FALSE(fs::exists(words));
  }
  SECTION("a block of its terms is of another level than it was") {
    const std::string bytes = *read_whole(segment, 1 << 26);
    const std::size_t block = bytes.find("strikes") / 8192;
    std::fstream out(segment, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(static_cast<std::streamoff>(block * 8192 + 4));
    out.put('\7');
    out.close();
    const auto refused = Store::open(folder / "index", in_languages({"en"}));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Error::Code::IndexCorrupt);
  }
}
