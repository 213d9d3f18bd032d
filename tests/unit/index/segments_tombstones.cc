// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/tombstones.h"

#include "index/listed_source.h"

#include <set>

#include "tests/unit/index/segments_cases.h"

using namespace tidings;
using namespace tidings::test;
namespace fs = std::filesystem;

namespace {

Dead random_dead(Random& random, Xapian::docid last, std::size_t once_in) {
  Dead dead;
  for (Xapian::docid id = 1; id <= last; ++id)
    if (random.once_in(once_in)) dead.push_back(id);
  return dead;
}

}  // namespace

TEST_CASE("tombstones read back as they were written, and any damage is noticed", "[segments]") {
  FreshFolder folder;
  const fs::path path = folder / "sealed-1.dead-1";
  const Dead dead = GENERATE(Dead{}, Dead{1}, Dead{1, 2, 3, 255, 256, 65'536, 0xFFFF'FFFF});
  CAPTURE(dead);
  REQUIRE(write_dead(path, dead));
  REQUIRE(read_dead(path));
  CHECK(*read_dead(path) == dead);

  const std::string whole = *read_whole(path, 1 << 20);
  const auto check = [&](const std::string& bytes) {
    folder.write("sealed-1.dead-1", bytes);
    const auto read = read_dead(path);
    if (read) FAIL("taken for tombstones: " << read->size());
    CHECK(read.error().code == Error::Code::IndexCorrupt);
  };
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 8));
    check(flipped);
    check(whole.substr(0, at));
  }
  check(whole + '\0');
  check(whole + std::string(4, '\0'));
  fs::remove(path);
  CHECK(read_dead(path).error().code == Error::Code::NotFound);
}

TEST_CASE("tombstones of the live segment are read in order of document, each once, whatever their chunks",
          "[segments]") {
  FreshFolder folder;
  Xapian::WritableDatabase database((folder / "live").string());
  database.set_metadata(live_dead::key(7, 0), live_dead::encode({9, 3, 70'000}, 0, 3));
  database.set_metadata(live_dead::key(7, 1), live_dead::encode({3, 1, 4}, 0, 2));
  database.set_metadata(live_dead::key(70, 0), live_dead::encode({5}, 0, 1));
  database.commit();
  const auto read = live_dead::read(database);
  CHECK(read == std::map<SegmentId, Dead>{{7, {1, 3, 9, 70'000}}, {70, {5}}});
}

TEST_CASE("the dead are left out of every query on several segments, and the totals are exact",
          "[segments]") {
  Random random;
  INFO("TIDINGS_SEED=" << random.seed());
  FreshFolder folder;
  Xapian::Database all;
  const std::size_t segments = 1 + random.below(6);
  std::vector<Xapian::docid> sizes;
  std::vector<Dead> dead;
  std::vector<std::vector<std::set<std::string>>> words;  // by segment and document
  ListedByUuid by_uuid;
  const std::vector<std::string> vocabulary = {"common", "often", "seldom", "rare"};
  for (std::size_t s = 0; s < segments; ++s) {
    const std::string path = (folder / std::to_string(s)).string();
    Xapian::WritableDatabase database(path, Xapian::DB_CREATE | Xapian::DB_NO_SYNC);
    sizes.push_back(static_cast<Xapian::docid>(random.below(400)));
    words.emplace_back();
    for (Xapian::docid id = 1; id <= sizes[s]; ++id) {
      Xapian::Document document;
      auto& has = words[s].emplace_back();
      for (std::size_t w = 0, once_in = 1; w < vocabulary.size(); ++w, once_in *= 6)
        if (random.once_in(once_in)) has.insert(vocabulary[w]);
      for (const auto& word : has) document.add_term(word);
      database.add_document(document);
    }
    database.commit();
    dead.push_back(random.once_in(4) ? Dead{} : random_dead(random, sizes[s], 1 + random.below(20)));
    if (!dead[s].empty()) by_uuid[database.get_uuid()] = std::make_shared<const Dead>(dead[s]);
    all.add_database(Xapian::Database(path));
  }
  const auto shared = std::make_shared<const ListedByUuid>(by_uuid);
  const auto living = [&](const Xapian::Query& query) {
    return Xapian::Query(Xapian::Query::OP_AND_NOT, query,
                         Xapian::Query((new ListedSource(shared, "dead"))->release()));
  };
  using Q = Xapian::Query;
  const std::vector<std::pair<Q, std::function<bool(const std::set<std::string>&)>>> queries = {
      {Q::MatchAll, [](const auto&) { return true; }},
      {Q("common"), [](const auto& has) { return has.contains("common"); }},
      {Q("rare"), [](const auto& has) { return has.contains("rare"); }},
      {Q(Q::OP_AND, Q("often"), Q("seldom")),
       [](const auto& has) { return has.contains("often") && has.contains("seldom"); }},
      {Q(Q::OP_OR, Q("rare"), Q("seldom")),
       [](const auto& has) { return has.contains("rare") || has.contains("seldom"); }},
      {Q(Q::OP_AND_NOT, Q("common"), Q("often")),
       [](const auto& has) { return has.contains("common") && !has.contains("often"); }},
      {Q("none of them"), [](const auto&) { return false; }},
  };
  for (const auto& [query, matches] : queries) {
    INFO(query.get_description());
    std::set<Xapian::docid> expected;
    for (std::size_t s = 0; s < segments; ++s)
      for (Xapian::docid id = 1; id <= sizes[s]; ++id)
        if (matches(words[s][id - 1]) && !contains(dead[s], id))
          expected.insert((id - 1) * static_cast<Xapian::docid>(segments) + static_cast<Xapian::docid>(s) +
                          1);
    Xapian::Enquire enquire(all);
    enquire.set_query(living(query));
    std::set<Xapian::docid> found;
    // Page by page, as a reader of answers does: the source is begun anew each time.
    for (Xapian::doccount first = 0;; first += 50) {
      const auto page = enquire.get_mset(first, 50, all.get_doccount() + 1);
      CHECK(page.get_matches_estimated() == expected.size());
      CHECK(page.get_matches_lower_bound() == expected.size());
      CHECK(page.get_matches_upper_bound() == expected.size());
      for (auto hit = page.begin(); hit != page.end(); ++hit) CHECK(found.insert(*hit).second);
      if (page.size() < 50) break;
    }
    CHECK(found == expected);
  }
}

TEST_CASE("the union of tombstones has each once, in order", "[segments]") {
  CHECK(united({1, 3, 5}, {2, 3, 9}) == Dead{1, 2, 3, 5, 9});
  CHECK(united({}, {4}) == Dead{4});
  CHECK(united({}, {}).empty());
  CHECK(contains({1, 3, 5}, 3));
  CHECK_FALSE(contains({1, 3, 5}, 4));
  CHECK_FALSE(contains({}, 1));
}

TEST_CASE("the source of the dead stops at the document it is sent to, where that is dead", "[segments]") {
  FreshFolder folder;
  Xapian::WritableDatabase database((folder / "db").string());
  database.commit();
  const ListedByUuid by_uuid = {{database.get_uuid(), std::make_shared<const Dead>(Dead{2, 3, 9, 70'000})}};
  ListedSource source(std::make_shared<const ListedByUuid>(by_uuid), "dead");
  for (int again = 0; again < 2; ++again) {  // as for a second page
    source.init(database);
    CHECK(source.get_termfreq_max() == 4);
    source.next(0);
    CHECK(source.get_docid() == 2);
    source.skip_to(3, 0);
    CHECK(source.get_docid() == 3);
    source.skip_to(4, 0);
    CHECK(source.get_docid() == 9);
    source.skip_to(9, 0);
    CHECK(source.get_docid() == 9);
    source.next(0);
    CHECK(source.get_docid() == 70'000);
    source.skip_to(70'001, 0);
    CHECK(source.at_end());
  }
  Xapian::WritableDatabase other((folder / "other").string());
  other.commit();
  source.init(other);
  source.skip_to(1, 0);
  CHECK(source.at_end());
}
