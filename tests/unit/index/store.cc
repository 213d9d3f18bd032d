// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/store.h"

#include "tests/unit/index/store_cases.h"

using namespace tidings;
using namespace tidings::test;

namespace {

std::vector<std::string> below(Store& store, const Key& folder, std::uint32_t crawl = Store::kEver) {
  std::vector<std::string> paths;
  REQUIRE(store.below(folder, crawl, [&](Key key) { paths.push_back(key.text()); }));
  std::sort(paths.begin(), paths.end());
  return paths;
}
using Paths = std::vector<std::string>;

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
  const auto before = live(folder / "index").get_revision();
  CHECK(publish(*store, batch) == 1);
  CHECK(live(folder / "index").get_revision() == before + 1);
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
    // At various points of the commit. Where it is the values that cannot be written, Xapian 1.4 ends the process (~ValueUpdater throws).
    const rlim_t bytes = GENERATE(0, 9 << 10, 17 << 10, 33 << 10);
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
    CHECK(live(folder / "index").get_termfreq(boolean_term(prefix::kGeneration, "2")) == 0);
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
  // Standing queries look by these terms, and hear of news alone.
  const Xapian::Database database = live(folder / "index");
  const bool news = kept == Cause::Arrival || kept == Cause::Change || kept == Cause::CatchUp;
  CHECK(is_news(kept) == news);
  CHECK(database.get_termfreq(boolean_term(prefix::kCause, name(kept))) == (news ? 1 : 0));
  CHECK(database.get_termfreq(boolean_term(prefix::kGeneration, std::to_string(generation))) ==
        (news ? 1 : 0));
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
  const auto check = [&] {
    const auto found = store->find(record.key);
    REQUIRE(found);
    CHECK(found->stamp.same_stamp(record.file));
    CHECK(found->status == Status::Failed);
    CHECK(found->place.segment == store->manifest().live);
    const auto document = live(folder / "index").get_document(found->place.document);
    CHECK(document.get_value(slot::kPath) == record.key.text());
    CHECK_FALSE(store->find({"news", "b.txt"}));
    CHECK_FALSE(store->find({"other", "a.txt"}));
  };
  check();
  store.reset();
  store = open(folder / "index");
  check();
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

  CHECK(below(*store, {"news", ""}).size() == 10);
  CHECK(below(*store, {"news2", ""}) == Paths{"news2:sub/b.txt"});
  CHECK(below(*store, {"news", "sub"}) == Paths{"news:sub/b.txt", "news:sub/x/c.txt"});
  CHECK(below(*store, {"news", "Über"}) == Paths{"news:Über/e.txt"});
  CHECK(below(*store, {"news", ":odd"}) == Paths{"news::odd/f.txt"});
  CHECK(below(*store, {"news", "line\nend"}) == Paths{"news:line\nend/i.txt"});
  CHECK(below(*store, {"news", deep}) ==
        Paths{"news:" + deep + "/g.txt", "news:" + deep + "/" + std::string(250, 'g') + ".txt"});
  CHECK(below(*store, {"news", twin}) == Paths{"news:" + twin + "/h.txt"});
  CHECK(below(*store, {"news", "nothing"}).empty());
  SECTION("a file that took the folder's place is among them") {
    CHECK(below(*store, {"news", "a.txt"}) == Paths{"news:a.txt"});
  }
  SECTION("and none that the crawl met, or a later one, or that was published since it began") {
    const auto crawl = store->begin_crawl();
    CHECK(below(*store, {"news", "sub"}, crawl) == Paths{"news:sub/b.txt", "news:sub/x/c.txt"});
    store->met({"news", "sub/b.txt"}, crawl);
    publish(*store, one({"news", "sub/new.txt"}, "new"));
    CHECK(below(*store, {"news", "sub"}, crawl) == Paths{"news:sub/x/c.txt"});
    publish(*store, one({"news", "sub/x/c.txt"}, "changed"));
    CHECK(below(*store, {"news", "sub"}, crawl).empty());
    CHECK(below(*store, {"news", "sub"}).size() == 3);
    const auto later = store->begin_crawl();
    CHECK(below(*store, {"news", "sub"}, later).size() == 3);
    store->met({"news", "sub/new.txt"}, later);
    CHECK(below(*store, {"news", "sub"}, crawl).empty());
  }
  SECTION("whichever segment they are in") {
    REQUIRE(store->seal());
    publish(*store, one({"news", "sub/new.txt"}, "new"));
    publish(*store, one({"news", "sub/b.txt"}, "changed"));  // and each once, though two segments have it
    CHECK(below(*store, {"news", "sub"}) == Paths{"news:sub/b.txt", "news:sub/new.txt", "news:sub/x/c.txt"});
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
  SECTION("and not those whose last report is dead in a sealed segment") {
    REQUIRE(store->seal());
    Batch removal;
    removal.remove({"a-b", "x.txt"});
    removal.remove({"ab", "x.txt"});
    removal.remove({"ab", "f/" + std::string(220, 'y') + "/z.txt"});
    publish(*store, removal);
    publish(*store, one({"c", "x.txt"}, "x"));
    CHECK(*store->indexed_corpora() == std::vector<std::string>{"a", "a-b", "a_b", "b", "c"});
  }
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
