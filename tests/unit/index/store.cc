// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/store.h"

#include "tests/unit/index/store_cases.h"

using namespace tidings;
using namespace tidings::test;

namespace {

std::vector<std::string> below(Store& store, const Key& folder, Xapian::docid last_id) {
  std::vector<std::string> paths;
  REQUIRE(store.below(folder, last_id, [&](Xapian::docid, Key key) { paths.push_back(key.text()); }));
  std::sort(paths.begin(), paths.end());
  return paths;
}
using Paths = std::vector<std::string>;

std::string raw(const std::filesystem::path& folder, const std::string& key) {
  return Xapian::Database(live_folder(folder).string()).get_metadata(key);
}

}  // namespace

TEST_CASE("documents and their generation become visible together, or not at all", "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  CHECK(facts(folder / "index").generation == 0);
  CHECK(publish(*store, one({"news", "a.txt"}, "strike at the port")) == 1);
  CHECK(facts(folder / "index").generation == 1);
  CHECK(facts(folder / "index").documents == 1);
  CHECK(read(folder / "index", {"news", "a.txt"})->generation == 1);
  CHECK(read(folder / "index", {"news", "a.txt"})->report.text == "strike at the port");

  SECTION("an empty batch is no generation") {
    CHECK(publish(*store, Batch()) == 1);
    CHECK(facts(folder / "index").generation == 1);
  }
  SECTION("a removal is one, and removing what is not there does no harm") {
    Batch batch;
    batch.remove({"news", "a.txt"});
    batch.remove({"news", "never.txt"});
    CHECK(publish(*store, batch) == 2);
    CHECK_FALSE(read(folder / "index", {"news", "a.txt"}));
    CHECK(facts(folder / "index").documents == 0);
  }
  SECTION("the later change of a batch replaces the earlier") {
    Batch batch = one({"news", "b.txt"}, "first");
    batch.remove({"news", "b.txt"});
    batch.put({"news", "a.txt"}, put_of(record_of({"news", "a.txt"}, "second"), Cause::Arrival));
    publish(*store, batch);
    CHECK_FALSE(read(folder / "index", {"news", "b.txt"}));
    CHECK(read(folder / "index", {"news", "a.txt"})->report.text == "second");
  }
}

TEST_CASE("10,001 puts are one generation and one commit", "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  Record record = record_of({"news", ""}, "x");
  Batch batch;
  for (int i = 0; i < 10'001; ++i) {
    record.key.path = std::to_string(i);
    batch.put(record.key, put_of(record, Cause::FirstCrawl));
  }
  const auto before = Xapian::Database(live_folder(folder / "index").string()).get_revision();
  CHECK(publish(*store, batch) == 1);
  CHECK(Xapian::Database(live_folder(folder / "index").string()).get_revision() == before + 1);
  CHECK(facts(folder / "index").documents == 10'001);
}

TEST_CASE("after a full disk nothing of the batch is visible, and all of it when it is published again",
          "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish(*store, one({"news", "before.txt"}, "before"));
  Batch batch;
  for (int i = 0; i < 200; ++i) {
    const Key key{"news", std::to_string(i) + ".txt"};
    batch.put(key,
              put_of(record_of(key, std::string(4000, static_cast<char>('a' + i % 26)) + std::to_string(i)),
                     Cause::Arrival));
  }
  batch.remove({"news", "before.txt"});
  {
    const rlim_t bytes =
        GENERATE(0, 9 << 10, 17 << 10, 33 << 10, 65 << 10);  // at various points of the commit
    CAPTURE(bytes);
    FullDisk full(bytes);
    for (int attempt = 0; attempt < 3; ++attempt) {
      const auto failed = store->publish(batch);
      REQUIRE_FALSE(failed);
      CHECK(failed.error().code == Error::Code::Io);
      CHECK(failed.error().what.find((folder / "index").string()) != std::string::npos);
      CHECK(failed.error().what.find("File too large") != std::string::npos);
      CHECK(facts(folder / "index").generation == 1);
      CHECK(read(folder / "index", {"news", "before.txt"}));
      CHECK_FALSE(read(folder / "index", {"news", "0.txt"}));
    }
  }
  CHECK(batch.size() == 201);
  CHECK(publish(*store, batch) == 2);
  CHECK(facts(folder / "index").generation == 2);
  CHECK(facts(folder / "index").documents == 200);
  CHECK_FALSE(read(folder / "index", {"news", "before.txt"}));
  CHECK(read(folder / "index", {"news", "199.txt"})->generation == 2);
}

TEST_CASE("a touch keeps generation and cause, so that it never fires", "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  const Key key{"news", "a.txt"};
  publish(*store, one(key, "strike", Cause::FirstCrawl));
  const auto first = *read(folder / "index", key);
  Record touched = record_of(key, "strike");
  touched.file.ctime_ns = 77;
  const auto again = [&](Cause cause) {
    Batch batch;
    batch.put(key, put_of(touched, cause));
    publish(*store, batch);
    return *read(folder / "index", key);
  };

  SECTION("whatever the look was for; only the stamp is new") {
    const auto cause = GENERATE(Cause::Arrival, Cause::Change, Cause::CatchUp, Cause::Move);
    const auto now = again(cause);
    CHECK(now.generation == 1);
    CHECK(now.cause == Cause::FirstCrawl);
    CHECK(now.first_seen_ms == first.first_seen_ms);
    CHECK(now.file.ctime_ns == 77);
    const std::string batch_term = boolean_term(prefix::kGeneration, "2");
    CHECK(Xapian::Database(live_folder(folder / "index").string()).get_termfreq(batch_term) == 0);
  }
  SECTION("but for a rebuild and a repair, which make the document anew") {
    const auto cause = GENERATE(Cause::Rebuild, Cause::Repair);
    const auto now = again(cause);
    CHECK(now.generation == 2);
    CHECK(now.cause == cause);
  }
  SECTION("but where the same bytes are read with another outcome") {
    touched.report.status = Status::Partial;
    CHECK(again(Cause::Arrival).generation == 2);
  }
  SECTION("a file that still cannot be read has not changed either") {
    touched.hash.clear();
    touched.report.status = Status::Unreadable;
    CHECK(again(Cause::Arrival).generation == 2);
    CHECK(again(Cause::Arrival).generation == 2);
    CHECK(again(Cause::CatchUp).cause == Cause::Change);
  }
}

TEST_CASE("an arrival of a known report becomes a change, and a change of a new one an arrival", "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  const auto [known, given, kept] = GENERATE(table<bool, Cause, Cause>({
      {false, Cause::Arrival, Cause::Arrival},
      {false, Cause::Change, Cause::Arrival},
      {false, Cause::FirstCrawl, Cause::FirstCrawl},
      {false, Cause::CatchUp, Cause::CatchUp},
      {false, Cause::Move, Cause::Move},
      {true, Cause::Arrival, Cause::Change},
      {true, Cause::Change, Cause::Change},
      {true, Cause::CatchUp, Cause::CatchUp},
      {true, Cause::FirstCrawl, Cause::FirstCrawl},
  }));
  CAPTURE(known, name(given), name(kept));
  const Key key{"news", "a.txt"};
  if (known) publish(*store, one(key, "before"));
  const auto generation = publish(*store, one(key, "now", given));
  const auto record = *read(folder / "index", key);
  CHECK(record.cause == kept);
  CHECK(record.generation == generation);
  const Xapian::Database database(live_folder(folder / "index").string());
  CHECK(database.get_termfreq(boolean_term(prefix::kCause, name(kept))) == 1);
  CHECK(database.get_termfreq(boolean_term(prefix::kGeneration, std::to_string(generation))) == 1);
}

TEST_CASE("when a report was first seen is kept through its changes", "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  const Key key{"news", "a.txt"};
  publish(*store, one(key, "one"));
  // As if it had been seen long ago: the clock alone would not tell the two commits of this test apart.
  Record old = record_of(key, "one");
  {
    store.reset();
    Xapian::WritableDatabase database(live_folder(folder / "index").string());
    auto document = database.get_document(1);
    document.add_value(slot::kFirstSeen, encode_u64(1234));
    database.replace_document(1, document);
  }
  store = open(folder / "index");
  publish(*store, one(key, "two"));
  CHECK(read(folder / "index", key)->first_seen_ms == 1234);
  Batch removal;
  removal.remove(key);
  publish(*store, removal);
  publish(*store, one(key, "two"));
  CHECK(read(folder / "index", key)->first_seen_ms > 1234);
}

TEST_CASE("what a document says of its file comes back to the crawler", "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  Record record = record_of({"news", "a.txt"}, "text");
  record.file = {std::uint64_t{1} << 40, 1'722'470'400'123'456'789, 5, 0xFFFF'FFFF'FFFF'FFFF};
  record.report.status = Status::Failed;
  Batch batch;
  batch.put(record.key, put_of(record, Cause::Arrival));
  publish(*store, batch);
  const auto found = store->find(record.key);
  REQUIRE(found);
  REQUIRE(*found);
  CHECK((*found)->stamp.same_stamp(record.file));
  CHECK((*found)->status == Status::Failed);
  CHECK((*found)->id == *store->last_id());
  CHECK_FALSE(store->find({"news", "b.txt"})->has_value());
  CHECK_FALSE(store->find({"other", "a.txt"})->has_value());
}

TEST_CASE("a folder's reports are found below it, however long its name", "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  const std::string deep = std::string(150, 'd') + "/" + std::string(150, 'e');  // past Xapian's 245 bytes
  const std::string twin = std::string(150, 'd') + "/" + std::string(149, 'e') + "f";
  Batch batch;
  for (const std::string& path : std::initializer_list<std::string>{
           "a.txt", "sub/b.txt", "sub/x/c.txt", "subway/d.txt", "Über/e.txt", ":odd/f.txt", deep + "/g.txt",
           twin + "/h.txt", deep + "/" + std::string(250, 'g') + ".txt", "line\nend/i.txt"})
    batch.put({"news", path}, put_of(record_of({"news", path}, "x"), Cause::FirstCrawl));
  batch.put({"news2", "sub/b.txt"}, put_of(record_of({"news2", "sub/b.txt"}, "x"), Cause::FirstCrawl));
  publish(*store, batch);
  const auto last = *store->last_id();

  CHECK(below(*store, {"news", ""}, last).size() == 10);
  CHECK(below(*store, {"news2", ""}, last) == Paths{"news2:sub/b.txt"});
  CHECK(below(*store, {"news", "sub"}, last) == Paths{"news:sub/b.txt", "news:sub/x/c.txt"});
  CHECK(below(*store, {"news", "Über"}, last) == Paths{"news:Über/e.txt"});
  CHECK(below(*store, {"news", ":odd"}, last) == Paths{"news::odd/f.txt"});
  CHECK(below(*store, {"news", "line\nend"}, last) == Paths{"news:line\nend/i.txt"});
  CHECK(below(*store, {"news", deep}, last) ==
        Paths{"news:" + deep + "/g.txt", "news:" + deep + "/" + std::string(250, 'g') + ".txt"});
  CHECK(below(*store, {"news", twin}, last) == Paths{"news:" + twin + "/h.txt"});
  CHECK(below(*store, {"news", "nothing"}, last).empty());
  SECTION("a file that took the folder's place is among them") {
    CHECK(below(*store, {"news", "a.txt"}, last) == Paths{"news:a.txt"});
  }
  SECTION("and none that came after the last document asked for") {
    publish(*store, one({"news", "sub/new.txt"}, "new"));
    CHECK(below(*store, {"news", "sub"}, last) == Paths{"news:sub/b.txt", "news:sub/x/c.txt"});
    CHECK(below(*store, {"news", "sub"}, last + 1).size() == 3);
  }
}

TEST_CASE("a long key is one document, and its changes are changes of it", "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  const Key key{"news", std::string(250, 'a') + "/" + std::string(250, 'b')};
  const Key twin{"news", std::string(250, 'a') + "/" + std::string(249, 'b') + "c"};
  publish(*store, one(key, "one"));
  publish(*store, one(twin, "twin"));
  publish(*store, one(key, "two"));
  CHECK(facts(folder / "index").documents == 2);
  CHECK(read(folder / "index", key)->report.text == "two");
  CHECK(read(folder / "index", key)->key == key);
  CHECK(read(folder / "index", twin)->report.text == "twin");
}

TEST_CASE("the corpora that have reports are told, whatever is configured", "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  CHECK(store->indexed_corpora()->empty());
  Batch batch;
  for (const char* corpus : {"a", "a-b", "a_b", "ab", "b"})
    for (const std::string& path : {std::string("x.txt"), "f/" + std::string(220, 'y') + "/z.txt"})
      batch.put({corpus, path}, put_of(record_of({corpus, path}, "x"), Cause::FirstCrawl));
  publish(*store, batch);
  auto names = *store->indexed_corpora();
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{"a", "a-b", "a_b", "ab", "b"});
}

TEST_CASE("corpora, languages and the socket are recorded at once, and are no generation", "[store]") {
  FreshFolder folder;
  auto store =
      open(folder / "index",
           {.languages = {"en", "de"}, .corpora = {{"news", "/r/news"}}, .control_socket = "/run/c.sock"});
  auto now = facts(folder / "index");
  CHECK(now.languages == std::vector<std::string>{"en", "de"});
  CHECK(now.corpora == std::vector<CorpusRoot>{{"news", "/r/news"}});
  CHECK(now.control_socket == "/run/c.sock");
  CHECK_FALSE(now.identity.empty());
  const std::vector<CorpusRoot> odd{{"a", "/with\ttab and\nline"}, {"b", "/\xff"}};
  REQUIRE(store->describe({.languages = {"fr"}, .corpora = odd, .control_socket = {}}));
  CHECK(facts(folder / "index").corpora == odd);
  CHECK(facts(folder / "index").generation == 0);
  CHECK(facts(folder / "index").identity == now.identity);
  SECTION("also when the store is opened again, with its identity") {
    publish(*store, one({"a", "x"}, "x"));
    store.reset();
    store = open(folder / "index");
    CHECK(store->facts().identity == now.identity);
    CHECK(store->facts().generation == 1);
    CHECK(store->facts().documents == 1);
  }
}

TEST_CASE("how a corpus was crawled is kept, each its own", "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  CHECK(store->crawled("news")->empty());
  REQUIRE(store->set_crawled("news", "en de"));
  store.reset();
  store = open(folder / "index");
  CHECK(*store->crawled("news") == "en de");
  CHECK(store->crawled("newsroom")->empty());
  CHECK(store->facts().generation == 0);
}

TEST_CASE("a note of a corpus is kept, each its own, and is no generation", "[store]") {
  FreshFolder folder;
  auto store = std::move(*Store::open(folder / "index", {}));
  CHECK(store->note("news", "mount_point")->empty());
  REQUIRE(store->set_note("news", "mount_point", "yes"));
  REQUIRE(store->set_note("mail", "mount_point", "no"));
  REQUIRE(store->set_note("news", "other", "x"));
  store.reset();
  store = std::move(*Store::open(folder / "index", {}));
  CHECK(*store->note("news", "mount_point") == "yes");
  CHECK(*store->note("mail", "mount_point") == "no");
  CHECK(store->facts().generation == 0);
  REQUIRE(store->set_note("news", "mount_point", {}));
  CHECK(store->note("news", "mount_point")->empty());
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
  CHECK(read(folder / "index", {"news", "a"}));
}

TEST_CASE("an index of another format is refused with both numbers and the way out, and a rebuild takes it",
          "[store]") {
  FreshFolder folder;
  publish(*open(folder / "index"), one({"news", "a"}, "x"));
  {
    Xapian::WritableDatabase database(live_folder(folder / "index").string());
    database.set_metadata("tidings.schema", "4711");
  }
  const std::string ours = "format " + std::to_string(kSchemaVersion);
  const auto writer = Store::open(folder / "index", {});
  REQUIRE_FALSE(writer);
  const auto reader = Reader(folder / "index").facts();
  REQUIRE_FALSE(reader);
  for (const Error& error : {writer.error(), reader.error()}) {
    CHECK(error.code == Error::Code::IndexVersion);
    CHECK(error.what.find("format 4711") != std::string::npos);
    CHECK(error.what.find(ours) != std::string::npos);
    CHECK(error.hint.find("tidingsd --rebuild") != std::string::npos);
  }
  auto store =
      open(folder / "index", {.languages = {"en"}, .corpora = {}, .control_socket = {}, .rebuild = true});
  CHECK(store->facts().generation == 0);
  CHECK(store->facts().documents == 0);
  CHECK(raw(folder / "index", "tidings.schema") == std::to_string(kSchemaVersion));
}

TEST_CASE("a folder that holds something else is refused and left as it was, also by a rebuild", "[store]") {
  namespace fs = std::filesystem;
  FreshFolder folder;
  const bool rebuild = GENERATE(false, true);
  const auto file = GENERATE(as<std::string>(), "thesis.odt", "live/album.flac");
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
  CHECK_FALSE(fs::exists(folder / "home/live/iamglass"));
}

TEST_CASE("another program's Xapian database is refused", "[store]") {
  FreshFolder folder;
  std::filesystem::create_directories(live_folder(folder / "index"));
  {
    Xapian::WritableDatabase database(live_folder(folder / "index").string());
    Xapian::Document document;
    document.add_term("Kmail");
    database.add_document(document);
  }
  const auto refused = Store::open(folder / "index", {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Error::Code::BadRequest);
  CHECK(Xapian::Database(live_folder(folder / "index").string()).get_doccount() == 1);
}

TEST_CASE("what a killed first start left behind is no obstacle", "[store]") {
  FreshFolder folder;
  folder.write("index/live/flintlock", "");
  folder.write("index/live/postlist.glass", "");
  CHECK(open(folder / "index")->facts().generation == 0);
}

TEST_CASE("an index that is taken away is an error for its writer, and never an empty one in its place",
          "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish(*store, one({"news", "a"}, "x"));
  std::filesystem::rename(live_folder(folder / "index"), folder / "away");
  for (int attempt = 0; attempt < 2; ++attempt) CHECK_FALSE(store->publish(one({"news", "b"}, "x")));
  CHECK_FALSE(std::filesystem::exists(live_folder(folder / "index") / "iamglass"));
  SECTION("and the same one goes on when it is back") {
    std::filesystem::remove_all(live_folder(folder / "index"));
    std::filesystem::rename(folder / "away", live_folder(folder / "index"));
    CHECK(publish(*store, one({"news", "b"}, "x")) == 2);
    CHECK(facts(folder / "index").documents == 2);
  }
}

TEST_CASE("the index folder is its owner's alone", "[store]") {
  namespace fs = std::filesystem;
  FreshFolder folder;
  fs::create_directories(folder / "a/index");
  fs::permissions(folder / "a/index", fs::perms(0755));
  open(folder / "a/index");
  CHECK(fs::status(folder / "a/index").permissions() == fs::perms(0700));
}

TEST_CASE("a damaged index is an error that says how to make it anew", "[store]") {
  namespace fs = std::filesystem;
  FreshFolder folder;
  publish(*open(folder / "index"), one({"news", "a"}, "x"));
  SECTION("a file of it is cut short") {
    fs::resize_file(live_folder(folder / "index") / "iamglass", 3);
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
    (void)(*store)->below({"news", ""}, 1, [](Xapian::docid, Key) {});
    (void)(*store)->publish(one({"news", "a"}, "x"));
  } else {
    CHECK(store.error().code == Error::Code::IndexCorrupt);
  }
}
