// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/index/segments_cases.h"

using namespace tidings;
using namespace tidings::test;
namespace fs = std::filesystem;

TEST_CASE("a seal changes nothing for a reader, neither one that has the index open nor a new one",
          "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index",
                    {.languages = {"en"}, .corpora = {{"news", "/srv/news"}}, .control_socket = "/c"});
  publish_bulk(*store, {{"a", "strike"}, {"b", "strikes"}, {"gone", "striking"}});
  publish(*store, one(news("a"), "walkout"));
  publish(*store, one(news("c"), "walkouts"));
  remove(*store, "gone");
  REQUIRE(store->set_note("news", "crawled", "2"));
  Reader reader(folder / "index");
  const auto before = everything(reader);
  const auto facts_before = *reader.facts();
  CHECK(forms_of(reader, "walkout") == std::vector<std::string>{"walkout", "walkouts"});

  const auto check = [&] {
    CHECK((everything(reader) == before));
    CHECK((everything(folder / "index") == before));
    Reader fresh(folder / "index");
    for (auto* by : {&reader, &fresh}) {
      const auto now = *by->facts();
      CHECK(now.identity == facts_before.identity);
      CHECK(now.generation == facts_before.generation);
      CHECK(now.committed_ms == facts_before.committed_ms);
      CHECK(now.documents == facts_before.documents);
      CHECK(now.corpora == facts_before.corpora);
      CHECK(now.control_socket == "/c");
      CHECK(forms_of(*by, "walkout") == std::vector<std::string>{"walkout", "walkouts"});
    }
    CHECK(*store->note("news", "crawled") == "2");
    CHECK(store->facts().documents == before.size());
    CHECK(index_files(folder / "index") == names_of(*store));
  };
  REQUIRE(store->seal());
  CHECK(store->manifest().sealed.size() == 2);
  check();
  SECTION("nor do a second one, of a live segment without documents, and a start") {
    REQUIRE(store->seal());
    CHECK(store->manifest().sealed.size() == 2);
    check();
    store.reset();
    store = open(folder / "index",
                 {.languages = {"en"}, .corpora = {{"news", "/srv/news"}}, .control_socket = "/c"});
    check();
  }
}

TEST_CASE("the dead stay dead through seals and starts, however many, and in whichever order they died",
          "[segments]") {
  constexpr int kMany = 3 * static_cast<int>(live_dead::kChunk) + 10;
  Random random;
  INFO("TIDINGS_SEED=" << random.seed());
  FreshFolder folder;
  auto store = open(folder / "index");
  TextByKey reports, expected;
  for (int i = 0; i < kMany; ++i) reports.emplace(std::to_string(i), "x");
  publish_bulk(*store, reports);
  for (const auto& [path, text] : reports) expected[news(path).text()] = text;
  while (!expected.empty()) {
    Batch batch;
    for (std::size_t n = 1 + random.below(300); n > 0 && !expected.empty(); --n) {
      auto victim = expected.begin();
      std::advance(victim, static_cast<long>(random.below(expected.size())));
      batch.remove(Key::parse(victim->first));
      expected.erase(victim);
    }
    publish(*store, batch);
    if (random.once_in(3)) REQUIRE(store->seal());
    if (random.once_in(2)) {
      store.reset();
      store = open(folder / "index");
    }
    CHECK(store->dead() == static_cast<std::size_t>(kMany) - expected.size());
    CHECK(store->facts().documents == expected.size());
    if ((texts(folder / "index") != expected)) FAIL("at " << expected.size() << " documents");
  }
  CHECK(*store->indexed_corpora() == std::vector<std::string>{});
}

TEST_CASE("documents of a sealed segment are found, replaced and removed as if they were live",
          "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish(*store, one(news("a"), "one", Cause::FirstCrawl));
  publish(*store, one(news("b"), "one"));
  publish(*store, one(news("c"), "one"));
  const auto first = *read(folder / "index", news("a"));
  REQUIRE(store->seal());
  const auto place = store->find(news("a"))->place;
  CHECK(place.segment == sealed_ids(*store).at(0));
  CHECK((*store->previous(news("a")))->generation == 1);
  CHECK((*store->previous(news("a")))->cause == Cause::FirstCrawl);

  SECTION("a touch keeps generation and cause") {
    Record touched = record_of(news("a"), "one");
    touched.file.ctime_ns = 77;
    Batch batch;
    batch.put(touched.key, put_of(touched, Cause::Arrival));
    publish(*store, batch);
    const auto now = *read(folder / "index", news("a"));
    CHECK(now.generation == 1);
    CHECK(now.cause == Cause::FirstCrawl);
    CHECK(now.first_seen_ms == first.first_seen_ms);
    CHECK(now.file.ctime_ns == 77);
  }
  SECTION("an arrival is a change, and keeps when it was first seen") {
    publish(*store, one(news("a"), "two"));
    const auto now = *read(folder / "index", news("a"));
    CHECK(now.cause == Cause::Change);
    CHECK(now.generation == 4);
    CHECK(now.first_seen_ms == first.first_seen_ms);
    CHECK(store->find(news("a"))->place.segment == store->manifest().live);
  }
  SECTION("a removal leaves the others") {
    remove(*store, "b");
    CHECK(texts(folder / "index") == TextByKey{{"news:a", "one"}, {"news:c", "one"}});
  }
  SECTION("and comes back as new") {
    remove(*store, "b");
    REQUIRE(store->seal());
    publish(*store, one(news("b"), "again"));
    CHECK(read(folder / "index", news("b"))->cause == Cause::Arrival);
    CHECK(read(folder / "index", news("b"))->report.text == "again");
  }
}

TEST_CASE("a seal is due by documents, text and tombstones, and not before", "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  CHECK_FALSE(store->seal_is_due());
  SECTION("documents, deleted ones too, for their numbers are never used again") {
    Batch batch;
    for (std::uint64_t i = 0; i + 1 < Store::kLiveDocuments; ++i)
      batch.put(news(std::to_string(i)), put_of(record_of(news(std::to_string(i)), "x"), Cause::FirstCrawl));
    publish(*store, batch);
    CHECK_FALSE(store->seal_is_due());
    publish(*store, one(news("0"), "y"));
  }
  SECTION("text") {
    const std::string half(Store::kLiveBytes / 2 - 10'000, ' ');
    publish(*store, one(news("a"), half));
    publish(*store, one(news("b"), half));
    CHECK_FALSE(store->seal_is_due());
    publish(*store, one(news("c"), std::string(20'000, ' ')));
  }
  CHECK(store->seal_is_due());
  REQUIRE(store->seal());
  CHECK_FALSE(store->seal_is_due());
}

TEST_CASE("a seal that the full disk stops leaves all as it was, and can be made again", "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish_bulk(*store, {{"a", "1"}, {"b", "1"}});
  publish(*store, one(news("a"), "2"));
  const TextByKey expected = {{"news:a", "2"}, {"news:b", "1"}};
  const rlim_t bytes = GENERATE(0, 20, 100, 200, 4 << 10, 9 << 10);
  CAPTURE(bytes);
  bool sealed = false;
  {
    FullDisk full(bytes);
    auto done = store->seal();
    sealed = done.has_value();
    if (!done) CHECK(done.error().code == Error::Code::Io);
    CHECK(texts(folder / "index") == expected);
  }
  CHECK(texts(folder / "index") == expected);
  publish(*store, one(news("c"), "3"));
  REQUIRE(store->seal());
  CHECK(texts(folder / "index") == TextByKey{{"news:a", "2"}, {"news:b", "1"}, {"news:c", "3"}});
  CHECK(store->manifest().sealed.size() == (sealed ? 3 : 2));
  store.reset();
  store = open(folder / "index");
  CHECK(store->facts().documents == 3);
  CHECK(index_files(folder / "index") == names_of(*store));
}

TEST_CASE("other languages find what is there by their stems, in every segment, and read no file again",
          "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index", in_languages({"en"}));
  const auto bulk = bulk_of(*store, {{"a", "Häuser"}});
  publish_bulk(*store, {bulk});
  publish(*store, one(news("b"), "Häusern"));
  REQUIRE(store->seal());
  publish(*store, one(news("c"), "Haus strikes"));
  const auto late = bulk_of(*store, {{"d", "hausen"}});  // by the stems of before
  Reader reader(folder / "index");
  const auto forms = [&](std::string_view stem) { return forms_of(reader, stem); };
  const auto before = everything(reader);
  CHECK(forms("strike") == std::vector<std::string>{"strikes"});
  CHECK(forms("haus") == std::vector<std::string>{"haus"});
  const bool described = GENERATE(true, false);
  if (described) {
    REQUIRE(store->describe(in_languages({"de"})));
    publish_bulk(*store, {late});
    CHECK(forms("haus") == std::vector<std::string>{"haus", "hausen", "hauser", "hausern"});
    remove(*store, "d");
    REQUIRE(store->publish(*merge(job_of(*store, {late.entry.id}, true))));
  } else {
    store.reset();
    store = open(folder / "index", in_languages({"de"}));
  }
  CHECK((everything(reader) == before));
  CHECK(forms("haus") == std::vector<std::string>{"haus", "hauser", "hausern"});
  CHECK(reader.facts()->languages == std::vector<std::string>{"de"});
  publish(*store, one(news("e"), "Hausers"));
  CHECK(forms("haus") == std::vector<std::string>{"haus", "hauser", "hausern", "hausers"});
  CHECK(index_files(folder / "index") == names_of(*store));

  SECTION("a live segment without documents keeps no form of the languages before") {
    REQUIRE(store->seal());
    publish(*store, one(news("f"), "universities"));  // univ- by the English stemmer
    remove(*store, "f");
    REQUIRE(store->describe(in_languages({"en"})));
    REQUIRE(store->describe(in_languages({"none"})));
    CHECK(forms("univers").empty());
    CHECK(forms("universiti").empty());
    CHECK(forms("haus").empty());
  }
}

TEST_CASE("languages that could not be put into force leave no vocabularies on the disk", "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish_bulk(*store, {{"a", "strike"}});
  const auto before = index_files(folder / "index");
  fs::create_directory(folder / "index" / "manifest.new");  // no manifest can be written
  REQUIRE_FALSE(store->describe(in_languages({"en", "de"})));
  fs::remove(folder / "index" / "manifest.new");
  CHECK(index_files(folder / "index") == before);
  REQUIRE(store->describe(in_languages({"en", "de"})));
  CHECK(index_files(folder / "index") == names_of(*store));
}
