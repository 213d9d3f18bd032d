// SPDX-License-Identifier: GPL-2.0-or-later
// The words of an index, and how many living documents have them.
#include <set>

#include "tests/unit/index/segments_cases.h"

using namespace tidings;
using namespace tidings::test;

namespace {

void read(const Store& store, FunctionRef<void(const Snapshot&)> unit) {
  REQUIRE(Reader(store.folder()).run([&](const Snapshot& snapshot) -> Result<void> {
    unit(snapshot);
    return {};
  }));
}

}  // namespace

TEST_CASE("a word that only removed documents have is had by none", "[snapshot]") {
  FreshFolder folder;
  auto store = open(folder.path());
  publish_bulk(*store, {{"a", "strike basilisk"}, {"b", "strike port"}, {"c", "strike"}});
  publish(*store, one(news("d"), "strike harbour"));
  remove(*store, "a");
  remove(*store, "d");
  read(*store, [](const Snapshot& snapshot) {
    CHECK(snapshot.having("basilisk") == 0);
    CHECK(snapshot.having("harbour") == 0);
    CHECK(snapshot.having("port") == 1);
    CHECK(snapshot.having("nowhere") == 0);
    CHECK(snapshot.having("strike") == 3);  // more have it than were removed: those are counted too
  });
  remove(*store, "b");
  remove(*store, "c");
  read(*store, [](const Snapshot& snapshot) { CHECK(snapshot.having("strike") == 0); });
}

TEST_CASE("each word of all segments is handed out, and no other term", "[snapshot]") {
  FreshFolder folder;
  auto store = open(folder.path());
  publish_bulk(*store, {{"a", "strike strikes"}, {"b", "port"}});
  publish_bulk(*store, {{"c", "harbour"}});
  publish(*store, one(news("d"), "lashers Zeebrugge zebra"));
  read(*store, [](const Snapshot& snapshot) {
    std::set<std::string> words;
    snapshot.stemmed_words([&](std::string_view word) { return words.emplace(word), true; });
    CHECK(words ==
          std::set<std::string>{"strike", "strikes", "port", "harbour", "lashers", "zeebrugge", "zebra"});
    std::size_t calls = 0;
    snapshot.stemmed_words([&](std::string_view) { return ++calls < 5; });
    CHECK(calls == 5);
  });
}

TEST_CASE("the parts of a snapshot number their documents as it says", "[snapshot]") {
  FreshFolder folder;
  auto store = open(folder.path());
  publish_bulk(*store, {{"a", "strike"}, {"b", "port"}});
  publish_bulk(*store, {{"c", "harbour"}});
  publish(*store, one(news("d"), "lashers"));
  read(*store, [](const Snapshot& snapshot) {
    std::size_t documents = 0;
    for (std::size_t p = 0; p < snapshot.parts(); ++p)
      for (auto id = snapshot.part(p).postlist_begin({}); id != snapshot.part(p).postlist_end({}); ++id) {
        CHECK(snapshot.part(p).get_document(*id).get_value(slot::kPath) ==
              snapshot.database().get_document(snapshot.id_of(p, *id)).get_value(slot::kPath));
        ++documents;
      }
    CHECK(documents == 4);
  });
}

TEST_CASE("a live segment is a part only where it has documents, or is the only one", "[snapshot]") {
  FreshFolder folder;
  auto store = open(folder.path());
  Reader reader(folder.path());
  using Parts = std::pair<std::size_t, std::optional<std::size_t>>;
  const auto parts = [&] {
    Parts of;
    REQUIRE(reader.run([&](const Snapshot& snapshot) -> Result<void> {
      of = {snapshot.parts(), snapshot.live_part()};
      CHECK(snapshot.database().get_doccount() == snapshot.facts().documents);
      return {};
    }));
    return of;
  };
  CHECK(parts() == Parts{1, 0});
  publish_bulk(*store, {{"a", "strike"}});
  CHECK(parts() == Parts{1, std::nullopt});
  publish(*store, one(news("b"), "lashers"));
  CHECK(parts() == Parts{2, 1});
  test::remove(*store, "b");
  CHECK(parts() == Parts{1, std::nullopt});
}
