// SPDX-License-Identifier: GPL-2.0-or-later
// Words in order: the file, what follows what in it, and phrases on a real index of several segments.
#include <fstream>
#include <random>

#include "tests/unit/index/segments_cases.h"

using namespace tidings;
using namespace tidings::test;

namespace {

using Row = std::vector<std::uint32_t>;

std::set<std::string> with_phrase(const std::filesystem::path& index, std::vector<std::string> words,
                                  PhraseSource::Where where = PhraseSource::Where::Anywhere) {
  std::set<std::string> keys;
  Analyzer analyzer({"en"});
  REQUIRE(Reader(index).run([&](const Snapshot& snapshot) -> Result<void> {
    keys.clear();
    Xapian::Enquire enquire(snapshot.database());
    enquire.set_query(snapshot.living(Xapian::Query(
        Xapian::Query::OP_FILTER, Xapian::Query(Xapian::Query::OP_AND, words.begin(), words.end()),
        snapshot.phrase(words, where, analyzer))));
    const auto hits = enquire.get_mset(0, 1000);
    for (auto hit = hits.begin(); hit != hits.end(); ++hit) keys.insert(key_of(hit.get_document()).path);
    return {};
  }));
  return keys;
}

std::set<std::string> with_near(const std::filesystem::path& index, const Nearness& nearness) {
  std::set<std::string> keys;
  Analyzer analyzer({"en"});
  REQUIRE(Reader(index).run([&](const Snapshot& snapshot) -> Result<void> {
    keys.clear();
    Xapian::Enquire enquire(snapshot.database());
    enquire.set_query(snapshot.living(snapshot.near(nearness, analyzer)));
    const auto hits = enquire.get_mset(0, 1000);
    for (auto hit = hits.begin(); hit != hits.end(); ++hit) keys.insert(key_of(hit.get_document()).path);
    return {};
  }));
  return keys;
}

Nearness::Operand word(std::string text) {
  return {{{std::move(text)}}};
}

std::uint64_t size_of(const std::filesystem::path& file) {
  return std::filesystem::file_size(file);
}

}  // namespace

TEST_CASE("words follow each other place by place, and a place may hold two", "[order]") {
  const Row row = {1, 2, 3 | 0, 4 | kSamePlace, 5, 1, 1, 2};
  CHECK(in_order(row, Row{1, 2}));
  CHECK(in_order(row, Row{2, 3, 5}));
  CHECK(in_order(row, Row{2, 4, 5}));
  CHECK(in_order(row, Row{4, 5}));
  CHECK(in_order(row, Row{1, 1, 2}));
  CHECK(in_order(row, Row{5, 1, 1, 2}));
  CHECK_FALSE(in_order(row, Row{3, 4}));
  CHECK_FALSE(in_order(row, Row{2, 1}));
  CHECK_FALSE(in_order(row, Row{1, 2, 5}));
  CHECK_FALSE(in_order(row, Row{1, 2, 1}));
  CHECK_FALSE(in_order({}, Row{1}));
}

TEST_CASE("a long text is looked through by blocks, and the same phrases are found", "[order]") {
  std::mt19937 random(7);
  constexpr std::size_t kWords = 5000;
  const std::uint32_t vocabulary = GENERATE(40U, 3000U, 1'000'000U);
  Row row;
  for (std::size_t i = 0; i < kWords; ++i)
    row.push_back(static_cast<std::uint32_t>(random() % vocabulary * 7919 % kWordHash) |
                  (random() % 10 == 0 ? kSamePlace : 0));
  row[0] &= kWordHash;
  const WordBlocks blocks(row);
  std::size_t found = 0;
  for (std::size_t i = 0; i < 2000; ++i) {
    const std::size_t at =
        i % 2 == 0 ? random() % (kWords - 4) : WordBlocks::kBlock * (1 + random() % 4) - random() % 4;
    Row phrase;
    for (std::size_t k = 0; k < 2 + random() % 2; ++k) phrase.push_back(row[at + k] & kWordHash);
    if (random() % 3 == 0) std::swap(phrase[0], phrase[1]);
    const bool is_there = in_order(row, phrase);
    CHECK(in_order(row, phrase, &blocks) == is_there);
    found += is_there ? 1 : 0;
  }
  CHECK(found > 500);
  CHECK(found < 2000);
  const WordBlocks none{Row()};
  CHECK_FALSE(in_order(Row(), Row{1, 2}, &none));
}

TEST_CASE("the blocks of a long text are made once, and of so many words at most", "[order]") {
  FreshFolder folder;
  WordOrderWriter writer(folder / "a");
  const Row half(std::size_t{5} << 20, 7);
  for (const Xapian::docid id : {1, 2}) REQUIRE(writer.put(id, {}, half));
  REQUIRE(writer.finish());
  const auto order = WordOrder::open(folder / "a");
  REQUIRE(order);
  const WordBlocks* first = (*order)->blocks(1, half);
  REQUIRE(first);
  CHECK((*order)->blocks(1, half) == first);
  CHECK_FALSE((*order)->blocks(2, half));
}

TEST_CASE("a file of words in order gives back each row, copies them by a merge, and knows its damage",
          "[order]") {
  FreshFolder folder;
  WordOrderWriter writer(folder / "a");
  REQUIRE(writer.put(1, Row{1, 2}, Row{3}));
  REQUIRE(writer.put(2, {}, {}));
  REQUIRE(writer.put(3, {}, Row(100'000, 7)));
  CHECK(WordOrder::open(folder / "b").error().code == Error::Code::NotFound);
  REQUIRE(writer.finish());
  const auto row_is = [](const WordOrder& order, Xapian::docid id, const Row& title, const Row& text) {
    const auto row = order.of(id);
    CHECK(Row(row.title.begin(), row.title.end()) == title);
    CHECK(Row(row.text.begin(), row.text.end()) == text);
  };
  const auto order = WordOrder::open(folder / "a");
  REQUIRE(order);
  row_is(**order, 1, {1, 2}, {3});
  row_is(**order, 2, {}, {});
  row_is(**order, 3, {}, Row(100'000, 7));
  CHECK_THROWS_AS((*order)->of(0), Xapian::DatabaseCorruptError);
  CHECK_THROWS_AS((*order)->of(4), Xapian::DatabaseCorruptError);
  CHECK(*MappedFile::is_sound(folder / "a"));

  WordOrderWriter merged(folder / "merged");
  REQUIRE(merged.put(2, Row{9}, {}));
  REQUIRE(merged.take(**order, {0, 3, 0, 1}));
  REQUIRE(merged.finish());
  const auto both = WordOrder::open(folder / "merged");
  REQUIRE(both);
  row_is(**both, 1, {}, Row(100'000, 7));
  row_is(**both, 2, {9}, {});
  row_is(**both, 3, {1, 2}, {3});

  std::fstream(folder / "a", std::ios::in | std::ios::out).seekp(5000).put('x');
  CHECK_FALSE(*MappedFile::is_sound(folder / "a"));
  std::filesystem::resize_file(folder / "a", 7);
  CHECK(WordOrder::open(folder / "a").error().code == Error::Code::IndexCorrupt);
  {
    WordOrderWriter given_up(folder / "c");
    REQUIRE(given_up.put(1, Row{1}, {}));
  }
  CHECK_FALSE(std::filesystem::exists(folder / "c"));
}

TEST_CASE("a phrase is found in sealed segments, merged ones, those that were live, and the live one",
          "[order]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish_bulk(*store, {bulk_of(*store, {{"bulk", "a strike over pay"}, {"other", "pay over a strike"}})});
  publish(*store, one(news("was live"), "the strike over pay goes on"));
  publish(*store, one(news("was live, not"), "the strike over the pay goes on"));
  REQUIRE(store->seal());
  publish(*store, one(news("live"), "no strike over pay"));
  publish(*store, one(news("live, not"), "pay, over, strike"));
  const std::set<std::string> expected = {"bulk", "was live", "live"};
  CHECK(with_phrase(folder / "index", {"strike", "over", "pay"}) == expected);
  CHECK(with_phrase(folder / "index", {"strike", "over", "pay"}, PhraseSource::Where::Title).empty());
  const auto job = store->plan_merge(/*idle=*/true);
  REQUIRE(job);
  const auto merged = merge(*job);
  REQUIRE(merged);
  CHECK(merged->entry->order == 1);
  CHECK(size_of(merged->entry->order_path(folder / "index")) > 0);
  REQUIRE(store->publish(*merged));
  CHECK(with_phrase(folder / "index", {"strike", "over", "pay"}) == expected);
}

TEST_CASE("a phrase does not span the title and the text, and one of the title is told from one of the text",
          "[order]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  Record record = record_of(news("a"), "pay rise at last");
  record.report.title = "Dockers strike";
  Batch batch;
  batch.put(record.key, put_of(record, Cause::Arrival));
  publish(*store, batch);
  CHECK(with_phrase(folder / "index", {"dockers", "strike"}).size() == 1);
  CHECK(with_phrase(folder / "index", {"strike", "pay"}).empty());
  CHECK(with_phrase(folder / "index", {"dockers", "strike"}, PhraseSource::Where::Title).size() == 1);
  CHECK(with_phrase(folder / "index", {"pay", "rise"}, PhraseSource::Where::Title).empty());
}

TEST_CASE("words are near each other in either order, at most so many words away, in every segment",
          "[order]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish_bulk(*store,
               {bulk_of(*store, {{"1", "strike pay"}, {"2", "pay a strike"}, {"3", "strike a a pay a"}})});
  publish(*store, one(news("1 live"), "pay strike"));
  const auto within = [&](std::uint32_t n) {
    return with_near(folder / "index", {{word("strike"), word("pay")}, {n}});
  };
  using Keys = std::set<std::string>;
  CHECK(within(1) == Keys{"1", "1 live"});
  CHECK(within(2) == Keys{"1", "1 live", "2"});
  CHECK(within(3) == Keys{"1", "1 live", "2", "3"});
  CHECK(within(1000) == within(3));
  SECTION("of several words in order the nearest counts") {
    CHECK(with_near(folder / "index", {{word("strike"), {{{"a"}, {"pay"}}}}, {2}}) == Keys{"3"});
    CHECK(with_near(folder / "index", {{word("strike"), {{{"a"}, {"pay"}}}}, {1}}).empty());
  }
  SECTION("any word of a place will do, and any spelling") {
    CHECK(with_near(folder / "index", {{{{{"x", "strike"}}}, {{{"pay"}}, {{"y"}}}}, {1}}) == within(1));
  }
  SECTION("no word is near itself, and each of three is near the one before") {
    CHECK(with_near(folder / "index", {{word("strike"), word("strike")}, {5}}).empty());
    CHECK(with_near(folder / "index", {{word("a"), word("a")}, {2}}) == Keys{"3"});
    CHECK(with_near(folder / "index", {{word("strike"), word("a"), word("pay")}, {1, 1}}) == Keys{"2"});
    CHECK(with_near(folder / "index", {{word("strike"), word("a"), word("pay")}, {2, 1}}) == Keys{"2", "3"});
  }
}

TEST_CASE("the words of an index are those of all its segments", "[order]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish_bulk(*store, {bulk_of(*store, {{"1", "strikes 30,000"}, {"2", "strike"}})});
  publish(*store, one(news("live"), "striking £10.50 strike"));
  std::set<std::string> stemmed, beginning;
  REQUIRE(Reader(folder / "index").run([&](const Snapshot& snapshot) -> Result<void> {
    snapshot.stemmed_words([&](std::string_view word) { return stemmed.emplace(word), true; });
    snapshot.words({}, "stri", [&](std::string_view word) { return beginning.emplace(word), true; });
    return {};
  }));
  CHECK(beginning == std::set<std::string>{"strike", "strikes", "striking"});
  for (const char* word : {"strike", "strikes", "striking"}) CHECK(stemmed.contains(word));
  CHECK_FALSE(stemmed.contains("30000"));
}
