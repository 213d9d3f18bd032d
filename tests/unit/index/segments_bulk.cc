// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/bulk.h"

#include "tests/unit/index/segments_cases.h"

using namespace tidings;
using namespace tidings::test;
namespace fs = std::filesystem;

TEST_CASE("a bulk segment is invisible until it is published, and then one generation", "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  const auto segment = bulk_of(*store, {{"a", "strike"}, {"b", "walkout"}});
  CHECK(facts(folder / "index").documents == 0);
  CHECK(publish_bulk(*store, {segment}) == 1);
  CHECK(texts(folder / "index") == TextByKey{{"news:a", "strike"}, {"news:b", "walkout"}});
  CHECK(facts(folder / "index").generation == 1);
  CHECK(read(folder / "index", news("a"))->generation == 1);
  CHECK(store->find(news("a"))->place == Place{segment.entry.id, 1});
  CHECK(store->find(news("b"))->place == Place{segment.entry.id, 2});
  CHECK(index_files(folder / "index") == names_of(*store));

  SECTION("published again, as after an error that came after the deed, it is once") {
    CHECK(publish_bulk(*store, {segment}) == 1);
    CHECK(store->manifest().sealed.size() == 1);
    CHECK(facts(folder / "index").documents == 2);
  }
  SECTION("published again with what has come since, and with removals, these are published too") {
    const auto since = bulk_of(*store, {{"c", "ferry"}});
    const auto published = store->publish({segment, since}, none_superseded, {news("b")});
    REQUIRE(published);
    CHECK(*published == 2);
    CHECK(texts(folder / "index") == TextByKey{{"news:a", "strike"}, {"news:c", "ferry"}});
    CHECK(index_files(folder / "index") == names_of(*store));
  }
  SECTION("it has no terms of news, and what is published after it has") {
    const auto all = everything(folder / "index");
    for (const auto& [term, posting] : all.at("news:a").terms) {
      CHECK_FALSE(term.starts_with(prefix::kGeneration));
      CHECK_FALSE(term.starts_with(prefix::kCause));
    }
    CHECK(publish(*store, one(news("c"), "ferry")) == 2);
    CHECK(everything(folder / "index").at("news:c").terms.contains("XG2"));
  }
  SECTION("also when the store is opened again") {
    store.reset();
    store = open(folder / "index");
    CHECK(store->facts().generation == 1);
    CHECK(store->facts().documents == 2);
    CHECK(store->find(news("b"))->place == Place{segment.entry.id, 2});
    CHECK(texts(folder / "index") == TextByKey{{"news:a", "strike"}, {"news:b", "walkout"}});
  }
}

TEST_CASE("a document made in bulk holds what the same one holds that was published alone", "[segments]") {
  FreshFolder folder;
  const TextByKey reports = {
      {"sub/a.txt", "Dockers strike, again: £10.50"}, {"b", ""}, {"c", "Häuser pre-empt"}};
  auto bulk = open(folder / "bulk");
  publish_bulk(*bulk, reports);
  auto alone = open(folder / "alone");
  Batch batch;
  for (const auto& [path, text] : reports)
    batch.put(news(path), put_of(record_of(news(path), text), Cause::FirstCrawl));
  publish(*alone, batch);
  auto made = everything(folder / "bulk"), published = everything(folder / "alone");
  for (auto* all : {&made, &published})
    for (auto& [key, seen] : *all) seen.values.erase(slot::kFirstSeen);
  CHECK((made == published));
}

TEST_CASE("segments and removals that are published together are one generation", "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish_bulk(*store, {{"gone", "x"}, {"stays", "y"}});
  const std::vector<BulkSegment> segments = {bulk_of(*store, {{"a", "1"}}), bulk_of(*store, {{"b", "2"}})};
  const auto published = store->publish(segments, none_superseded, {news("gone"), news("never")});
  REQUIRE(published);
  CHECK(*published == 2);
  CHECK(facts(folder / "index").generation == 2);
  CHECK(texts(folder / "index") == TextByKey{{"news:a", "1"}, {"news:b", "2"}, {"news:stays", "y"}});
  CHECK_FALSE(store->find(news("gone")));
  CHECK(index_files(folder / "index") == names_of(*store));
}

TEST_CASE("what a bulk segment holds of a file that changed meanwhile is dead at once", "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish_bulk(*store, {{"old", "old one"}, {"sealed", "old one"}});
  const auto segment =
      bulk_of(*store, {{"a", "bulk"}, {"live", "bulk"}, {"old", "bulk"}, {"sealed", "bulk"}});
  publish(*store, one(news("live"), "newer, in the live segment"));
  publish(*store, one(news("sealed"), "newer, and sealed since"));
  REQUIRE(store->seal());
  publish(*store, one(news("live"), "newer, in the live segment"));

  std::set<KeyHash> superseded = {hash_of("news:sealed")};
  SECTION("by what is in the live segment, and by what its maker knows to be superseded") {}
  SECTION("also where the newer version is that the file is gone") {
    remove(*store, "old");
    superseded.insert(hash_of("news:old"));
  }
  TextByKey expected = {{"news:a", "bulk"},
                        {"news:live", "newer, in the live segment"},
                        {"news:sealed", "newer, and sealed since"}};
  if (!superseded.contains(hash_of("news:old"))) expected["news:old"] = "bulk";
  REQUIRE(store->publish({segment}, [&](const KeyHash& key) { return superseded.contains(key); }));
  CHECK(texts(folder / "index") == expected);
  const auto generation = facts(folder / "index").generation;
  store.reset();
  store = open(folder / "index");
  CHECK(texts(folder / "index") == expected);
  CHECK(store->facts().documents == expected.size());
  CHECK(store->facts().generation == generation);
}

TEST_CASE("a bulk document replaces the sealed one, and only there is its place", "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish_bulk(*store, {{"a", "1"}, {"b", "1"}});
  publish(*store, one(news("c"), "1"));
  REQUIRE(store->seal());
  CHECK(store->fits_bulk(news("c")));
  publish(*store, one(news("d"), "1"));
  CHECK_FALSE(store->fits_bulk(news("d")));
  CHECK(store->fits_bulk(news("never seen")));
  const auto second = bulk_of(*store, {{"a", "2"}, {"c", "2"}}, Cause::Rebuild);
  publish_bulk(*store, {second});
  const auto third = bulk_of(*store, {{"a", "3"}}, Cause::Rebuild);
  publish_bulk(*store, {third});
  CHECK(texts(folder / "index") ==
        TextByKey{{"news:a", "3"}, {"news:b", "1"}, {"news:c", "2"}, {"news:d", "1"}});
  CHECK(store->find(news("a"))->place == Place{third.entry.id, 1});
  CHECK(store->find(news("c"))->place == Place{second.entry.id, 2});
  CHECK(store->dead() == 3);
  CHECK(index_files(folder / "index") ==
        names_of(*store));  // each file of tombstones replaced the one before

  SECTION("a crawl meets it there alone") {
    std::vector<std::string> keys;
    REQUIRE(store->below(news(""), Store::kEver, [&](Key key) { keys.push_back(key.text()); }));
    std::sort(keys.begin(), keys.end());
    CHECK(keys == std::vector<std::string>{"news:a", "news:b", "news:c", "news:d"});
  }
  SECTION("and an ordinary publication replaces it in turn") {
    publish(*store, one(news("a"), "4"));
    remove(*store, "c");
    CHECK(texts(folder / "index") == TextByKey{{"news:a", "4"}, {"news:b", "1"}, {"news:d", "1"}});
  }
}

TEST_CASE("more documents than parts are compacted at once keep their order, and all are there",
          "[segments]") {
  constexpr std::size_t kMany = BulkWriter::kPartDocuments * (2 * BulkWriter::kPartsAtOnce + 3) + 7;
  FreshFolder folder;
  auto store = open(folder / "index");
  const BulkPlace place = store->new_bulk_place({"en"});
  BulkWriter writer(place);
  std::size_t most_parts = 0;
  for (std::size_t i = 0; i < kMany; ++i) {
    PutDocument put = put_of(record_of(news(std::to_string(i)), "strike"), Cause::FirstCrawl);
    complete(put, {}, 1);
    REQUIRE(writer.add(put.document, put.words));
    if (i % BulkWriter::kPartDocuments == 1)
      most_parts = std::max(most_parts, names_in(place.scratch / std::to_string(place.id)).size());
  }
  CHECK(most_parts > 10);
  CHECK(most_parts <= BulkWriter::kPartsAtOnce + 2);
  CHECK(writer.size() == kMany);
  const auto segment = writer.finish();
  REQUIRE(segment);
  CHECK(segment->entry.documents == kMany);
  REQUIRE(segment->documents.size() == kMany);
  const Xapian::Database made(segment->entry.path(folder / "index").string());
  std::size_t id = 0;
  for (auto it = made.valuestream_begin(slot::kPath); it != made.valuestream_end(slot::kPath); ++it, ++id) {
    if (it.get_docid() != id + 1 || *it != news(std::to_string(id)).text()) FAIL("document " << id + 1);
    if (segment->documents[id].key != hash_of(*it)) FAIL("key of document " << id + 1);
  }
  CHECK(id == kMany);
  CHECK(made.get_termfreq("strike") == kMany);
  publish_bulk(*store, {*segment});
  CHECK(facts(folder / "index").documents == kMany);
  CHECK(store->find(news("6400"))->place == Place{segment->entry.id, 6401});
}

TEST_CASE("a writer that is dropped leaves nothing in the scratch folder nor in the index", "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  const BulkPlace place = store->new_bulk_place({"en"});
  {
    BulkWriter writer(place);
    REQUIRE(writer.add(put_of(record_of(news("a"), "x"), Cause::FirstCrawl).document, {}));
    CHECK(fs::exists(place.scratch / std::to_string(place.id)));
  }
  CHECK(names_in(place.scratch).empty());
  CHECK(index_files(folder / "index") == names_of(*store));
  SECTION("and one that is finished leaves its segment alone") {
    const auto segment = bulk_of(*store, {{"a", "x"}});
    CHECK(names_in(place.scratch).empty());
    CHECK(fs::exists(segment.entry.path(folder / "index")));
  }
}

TEST_CASE("on a full disk a bulk segment is an error that says so, and the index goes on without",
          "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish(*store, one(news("before"), "x"));
  const auto segment = bulk_of(*store, {{"published", "x"}});
  const rlim_t bytes = GENERATE(0, 4 << 10, 20 << 10);
  CAPTURE(bytes);
  const fs::path scratch = store->new_bulk_place({"en"}).scratch;
  {
    FullDisk full(bytes);
    std::optional<Error> error;
    {
      BulkWriter writer(store->new_bulk_place({"en"}));
      for (int i = 0; i < 300 && !error; ++i) {
        std::string text;
        for (int word = 0; word < 100; ++word) text += "w" + std::to_string(i * 100 + word) + " ";
        if (auto added =
                writer.add(put_of(record_of(news(std::to_string(i)), text), Cause::FirstCrawl).document, {});
            !added)
          error = added.error();
      }
      if (!error)
        if (auto finished = writer.finish(); !finished) error = finished.error();
    }
    REQUIRE(error);
    CAPTURE(error->what);
    CHECK(error->code == Error::Code::Io);
    CHECK(error->what.find("File too large") != std::string::npos);
    CHECK(names_in(scratch).empty());
    if (bytes == 0) {
      for (int attempt = 0; attempt < 2; ++attempt) {
        const auto published = store->publish({segment}, none_superseded);
        REQUIRE_FALSE(published);
        CHECK(published.error().code == Error::Code::Io);
        CHECK(published.error().what.find("File too large") != std::string::npos);
      }
      CHECK(texts(folder / "index") == TextByKey{{"news:before", "x"}});
    }
  }
  publish_bulk(*store, {segment});
  CHECK(texts(folder / "index") == TextByKey{{"news:before", "x"}, {"news:published", "x"}});
}

TEST_CASE("a segment whose files are not there is not published, and the index is as it was", "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish(*store, one(news("a"), "1"));
  const auto segment = bulk_of(*store, {{"a", "2"}, {"b", "2"}});
  const bool words = GENERATE(false, true);
  const fs::path file =
      words ? segment.entry.words_path(folder / "index") : segment.entry.path(folder / "index");
  const auto bytes = *read_whole(file, 1 << 24);
  fs::remove(file);
  REQUIRE_FALSE(store->publish({segment}, none_superseded));
  CHECK(texts(folder / "index") == TextByKey{{"news:a", "1"}});
  CHECK(publish(*store, one(news("c"), "3")) == 2);
  folder.write("index/" + file.filename().string(), bytes);
  CHECK(publish_bulk(*store, {segment}) == 3);
  CHECK(texts(folder / "index") == TextByKey{{"news:a", "1"}, {"news:b", "2"}, {"news:c", "3"}});
}

TEST_CASE("a publication that fails leaves no tombstones on the disk", "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish_bulk(*store, {{"a", "1"}, {"b", "1"}});
  const auto segment = bulk_of(*store, {{"a", "2"}});
  const auto before = index_files(folder / "index");
  fs::create_directory(folder / "index" / "manifest.new");  // no manifest can be written
  REQUIRE_FALSE(store->publish({segment}, none_superseded));
  fs::remove(folder / "index" / "manifest.new");
  CHECK(index_files(folder / "index") == before);
  publish_bulk(*store, {segment});
  CHECK(texts(folder / "index") == TextByKey{{"news:a", "2"}, {"news:b", "1"}});
  CHECK(index_files(folder / "index") == names_of(*store));
}
