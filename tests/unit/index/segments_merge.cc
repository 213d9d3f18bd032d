// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/merge.h"

#include "tests/unit/index/failing_calls.h"
#include "tests/unit/index/segments_cases.h"

using namespace tidings;
using namespace tidings::test;
namespace fs = std::filesystem;

namespace {

/// Three sealed segments of several sorts: a folder with gaps among its ids, and two files, of which one has dead ones.
std::vector<SegmentId> three_segments(Store& store) {
  publish(store, one(news("a"), "Dockers strike, again: £10.50", Cause::FirstCrawl));
  publish(store, one(news("gap"), "never sealed"));
  publish(store, one(news("sub/b.txt"), "Häuser pre-empt it"));
  remove(store, "gap");
  publish(store, one(news("c"), ""));
  REQUIRE(store.seal());
  publish_bulk(store, {{"d", "walkout"}, {"e", "walkouts"}, {"f", "walk out"}, {"g", "walked"}});
  publish_bulk(store, {{"e", "ferries"}, {"h", "sail"}});  // the one of before is dead
  return sealed_ids(store);
}

Merged merged_of(MergeJob job) {
  auto made = merge(std::move(job));
  INFO((made ? "" : made.error().what));
  REQUIRE(made);
  return std::move(*made);
}

/// Reports with all that the builder knows of.
Record rich(const std::string& path, const std::string& text) {
  Record record = record_of(news(path), text);
  record.report.title = "Dockers walk out";
  record.report.title_from = Origin::Metadata;
  record.report.source = "Évening Post";
  record.report.source_from = Origin::Metadata;
  record.report.type = "html";
  record.report.language = "en";
  record.report.date = {"2023-02-27T10:00:00Z", Origin::Metadata};
  if (!text.empty()) record.report.boilerplate = {{0, 4}};
  record.report.status = Status::Partial;
  record.report.reason = "cut";
  record.file = {std::uint64_t{1} << 40, 1'722'470'400'123'456'789, 5, 0xFFFF'FFFF'FFFF'FFFF};
  record.indexed_ms = 99;
  return record;
}

}  // namespace

TEST_CASE("a merge keeps all that lives, as it was, and changes nothing for a reader", "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  const auto ids = three_segments(*store);
  publish(*store, one(news("live"), "in the live segment"));
  Reader reader(folder / "index");
  const auto before = everything(reader);
  const auto generation = reader.facts()->generation;
  const bool drop_dead = GENERATE(false, true);
  CAPTURE(drop_dead);
  std::vector<SegmentId> which = ids;
  SECTION("all of them") {}
  SECTION("the first two") {
    which.pop_back();
  }
  SECTION("the outer ones") {
    which.erase(which.begin() + 1);
  }
  SECTION("one alone") {
    which = {ids[GENERATE(as<std::size_t>(), 0, 1, 2)]};
  }
  const auto made = merged_of(job_of(*store, which, drop_dead));
  CHECK((everything(reader) == before));
  REQUIRE(store->publish(made));
  CHECK((everything(reader) == before));
  CHECK((everything(folder / "index") == before));
  CHECK(reader.facts()->generation == generation);
  CHECK(store->manifest().sealed.size() == ids.size() - which.size() + 1);
  CHECK(index_files(folder / "index") == names_of(*store));
  const bool all = which.size() == ids.size();
  if (all) CHECK(store->dead() == (drop_dead ? 0 : 1));
  for (const auto& [key, seen] : before) {
    CAPTURE(key);
    const auto found = store->find(Key::parse(key));
    REQUIRE(found);
    if (all && key != "news:live") CHECK(found->place.segment == sealed_ids(*store).at(0));
  }
  SECTION("and what was merged can be replaced, removed, and merged again") {
    publish(*store, one(news("d"), "new"));
    remove(*store, "a");
    remove(*store, "h");
    REQUIRE(store->seal());
    REQUIRE(store->publish(merged_of(job_of(*store, sealed_ids(*store), !drop_dead))));
    store.reset();
    store = open(folder / "index");
    auto expected = texts(before);
    expected["news:d"] = "new";
    expected.erase("news:a");
    expected.erase("news:h");
    CHECK(texts(folder / "index") == expected);
    CHECK(store->facts().documents == expected.size());
  }
}

TEST_CASE("none of the dead come back by a merge, those too that died while it was made", "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  const auto ids = three_segments(*store);
  const bool drop_dead = GENERATE(false, true);
  CAPTURE(drop_dead);
  auto made = merged_of(job_of(*store, ids, drop_dead));
  TextByKey expected = texts(folder / "index");
  SECTION("replaced in the live segment") {
    publish(*store, one(news("a"), "new"));
    publish(*store, one(news("e"), "new"));
    expected["news:a"] = expected["news:e"] = "new";
  }
  SECTION("replaced and sealed since") {
    publish(*store, one(news("a"), "new"));
    REQUIRE(store->seal());
    expected["news:a"] = "new";
  }
  SECTION("removed") {
    for (const auto* path : {"a", "c", "d", "h"}) {
      remove(*store, path);
      expected.erase(news(path).text());
    }
  }
  SECTION("all removed") {
    for (const auto& [key, text] : std::exchange(expected, {})) remove(*store, Key::parse(key).path);
  }
  SECTION("replaced in bulk") {
    publish_bulk(*store, {{"d", "new"}, {"sub/b.txt", "new"}});
    expected["news:d"] = expected["news:sub/b.txt"] = "new";
  }
  SECTION("removed, and the store opened again since") {
    remove(*store, "a");
    expected.erase("news:a");
    store.reset();  // what was made of the merge is swept by it
    store = open(folder / "index");
    made = merged_of(job_of(*store, ids, drop_dead));
    remove(*store, "d");
    expected.erase("news:d");
  }
  REQUIRE(store->publish(made));
  CHECK(texts(folder / "index") == expected);
  CHECK(store->facts().documents == expected.size());
  store.reset();
  store = open(folder / "index");
  CHECK(texts(folder / "index") == expected);
  CHECK(store->facts().documents == expected.size());
  for (const auto& [key, text] : expected) CHECK(store->find(Key::parse(key)));
}

TEST_CASE("a segment whose documents are all dead is gone after its merge", "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish_bulk(*store, {{"a", "1"}, {"b", "1"}});
  publish(*store, one(news("a"), "2"));
  remove(*store, "b");
  const auto job = store->plan_merge(false);
  REQUIRE(job);
  CHECK(job->drop_dead);
  const auto made = merged_of(*job);
  CHECK_FALSE(made.entry);
  REQUIRE(store->publish(made));
  CHECK(store->manifest().sealed.empty());
  CHECK(texts(folder / "index") == TextByKey{{"news:a", "2"}});
  CHECK(index_files(folder / "index") == names_of(*store));
  CHECK_FALSE(store->plan_merge(true));
}

TEST_CASE("documents that are made anew without the dead equal those that were there", "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index", in_languages({"en", "de"}));
  Batch batch;
  for (const auto* text :
       {"Leave a reply. The port is shut", "", "東京の C++ l'état 30,000 info@example.org"}) {
    const Record record = rich("r" + std::to_string(batch.size()), text);
    batch.put(record.key, put_of(record, Cause::CatchUp));
  }
  Record headline = rich("headline", "Dockers walk out\nPort shut again");
  headline.report.headline = {0, 16};
  headline.report.boilerplate.clear();
  batch.put(headline.key, put_of(headline, Cause::FirstCrawl));
  Record bare = record_of(news("bare"), "x");
  bare.report.date = {};
  bare.report.title = "bare";
  bare.report.title_from = Origin::FileName;
  batch.put(bare.key, put_of(bare, Cause::Arrival));
  publish(*store, batch);
  publish(*store, one(news("dead"), "x"));
  REQUIRE(store->seal());
  remove(*store, "dead");
  const auto before = everything(folder / "index");
  REQUIRE(before.size() == 5);
  CHECK(before.at("news:r0").terms.contains("XKcatch_up"));
  REQUIRE(store->publish(merged_of(job_of(*store, sealed_ids(*store), true))));
  CHECK(store->dead() == 0);
  const auto after = everything(folder / "index");
  for (const auto& [key, seen] : before) {
    CAPTURE(key);
    REQUIRE(after.contains(key));
    const Seen& now = after.at(key);
    CHECK(now.data == seen.data);
    CHECK(now.values == seen.values);
    CHECK(now.terms == seen.terms);
    CHECK(now.words == seen.words);
  }
}

TEST_CASE("a merged segment has a vocabulary of all its words, in the languages of now", "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish_bulk(*store, {{"a", "Häuser strikes"}});
  publish_bulk(*store, {{"b", "Hauses strike"}});
  Reader reader(folder / "index");
  auto job = store->plan_merge(true);
  REQUIRE(job);
  const bool languages_change = GENERATE(false, true);
  const auto made = merged_of(*job);
  if (languages_change) REQUIRE(store->describe(in_languages({"de"})));
  const std::uint64_t before = store->manifest().number;
  REQUIRE(store->publish(made));
  CHECK(store->manifest().number == before + 1);  // no manifest names it without that vocabulary
  CHECK(forms_of(reader, languages_change ? "haus" : "hauser").size() == (languages_change ? 2 : 1));
  if (!languages_change) CHECK(forms_of(reader, "strike") == std::vector<std::string>{"strike", "strikes"});
  CHECK(index_files(folder / "index") == names_of(*store));
}

TEST_CASE("segments of a merge under way are in no other, and are free again when it failed", "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  for (const auto* path : {"a", "b", "c"}) publish_bulk(*store, {{path, "x"}});
  const auto before = texts(folder / "index");
  const auto job = store->plan_merge(true);
  REQUIRE(job);
  CHECK(job->sources.size() == 3);
  CHECK_FALSE(store->plan_merge(true));
  publish_bulk(*store, {{"d", "x"}});
  CHECK_FALSE(store->plan_merge(true));  // the new one alone is not merged

  SECTION("on a full disk it is an error, and leaves nothing in the index folder") {
    {
      FullDisk full(GENERATE(0, 4 << 10, 9 << 10));
      MergeJob failing = *job;
      failing.drop_dead = GENERATE(false, true);
      [[maybe_unused]] const LeaksOfXapian leaks;
      const auto made = merge(failing);
      REQUIRE_FALSE(made);
      CHECK(made.error().code == Error::Code::Io);
    }
    store->drop(*job);
  }
  SECTION("a source that is damaged is an error") {
    const auto& victim = job->sources[1].entry;
    const auto bytes = *read_whole(victim.path(folder / "index"), 1 << 24);
    fs::resize_file(victim.path(folder / "index"), 100);
    const auto made = merge(*job);
    REQUIRE_FALSE(made);
    store->drop(*job);
    folder.write("index/" + victim.path(folder / "index").filename().string(), bytes);
  }
  SECTION("a merge that was made and cannot be published") {
    const auto made = merged_of(*job);
    {
      FullDisk full(0);
      REQUIRE_FALSE(store->publish(made));
    }
    CHECK(texts(folder / "index").size() == 4);
    store->drop(*job);
    fs::remove(folder / "index/manifest.new");  // the next manifest would have replaced it
  }
  CHECK(index_files(folder / "index") == names_of(*store));
  const auto again = store->plan_merge(true);
  REQUIRE(again);
  CHECK(again->sources.size() == 4);
  REQUIRE(store->publish(merged_of(*again)));
  CHECK(store->manifest().sealed.size() == 1);
  auto expected = before;
  expected.emplace("news:d", "x");
  CHECK(texts(folder / "index") == expected);
}

TEST_CASE("a merge that is published twice is an error, and no harm", "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  three_segments(*store);
  const auto before = texts(folder / "index");
  const auto made = merged_of(job_of(*store, sealed_ids(*store), false));
  REQUIRE(store->publish(made));
  CHECK_FALSE(store->publish(made));
  CHECK(texts(folder / "index") == before);
  CHECK(publish(*store, one(news("a"), "new")) > 0);
  CHECK(read(folder / "index", news("a"))->report.text == "new");
}

TEST_CASE("nothing of a live segment's metadata outlives a merge", "[segments]") {
  // Its forms have words of reports that were removed while it was live, and nobody reads them in a sealed segment.
  FreshFolder folder;
  auto store = open(folder / "index");
  for (const auto* path : {"a", "b"}) {
    publish(*store, one(news(path), "dockers strike"));
    publish(*store,
            one(news("gone"), "ferries sail " + std::string(path == std::string("a") ? "north" : "south")));
    remove(*store, "gone");
    REQUIRE(store->seal());
  }
  auto merged = merge(job_of(*store, sealed_ids(*store), false));
  REQUIRE(merged);
  REQUIRE(store->publish(*merged));
  const Xapian::Database made(store->manifest().sealed.at(0).path(folder / "index").string());
  CHECK(made.get_doccount() == 2);
  CHECK(made.metadata_keys_begin() == made.metadata_keys_end());
}
