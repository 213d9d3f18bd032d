// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/alerts/listened.h"

#include "tests/unit/searcher/reports_index.h"

using namespace tidings;
using namespace tidings::searcher;
using namespace tidings::searcher::alerts;
using namespace tidings::test;

namespace {

std::vector<std::string> lines(const std::vector<const LiveBatch::Record*>& records) {
  std::vector<std::string> all;
  for (const auto* record : records) all.push_back(record->json);
  return all;
}

std::vector<std::string> lines_of_pages(const ReportsIndex& index, const std::string& query, Position from) {
  std::vector<std::string> all;
  Reader reader(index.folder());
  Searcher searcher = index.searcher();
  for (bool more = true; more;) {
    const auto page = live_page(reader, searcher, query, from, 2);
    REQUIRE(page);
    for (const auto& record : page->records) all.push_back(live_line(record.hit, record.cursor));
    from = page->next;
    more = page->more;
  }
  return all;
}

LiveBatch batch_of(const ReportsIndex& index, Listened& listened, std::uint64_t after) {
  LiveBatch batch;
  Searcher searcher = index.searcher();
  index.read([&](const Snapshot& snapshot) {
    auto found = listened.batch(snapshot, searcher, after);
    REQUIRE(found);
    batch = std::move(*found);
  });
  return batch;
}

}  // namespace

TEST_CASE("who is up to date is told the same as who reads pages", "[listened]") {
  ReportsIndex index;
  Listened listened({}, nullptr);
  const std::vector<std::string> queries = {"pay", "\"pay strike\"", "pay -strike", "wages"};
  for (const auto& query : queries) REQUIRE(listened.add(query));
  index.put({{"old.txt", "An old pay strike"}});
  const Position before{index.search("old").identity, index.search("old").generation + 1, {}};
  index.put({{"b.txt", "The pay strike goes on"}, {"a.txt", "Strike pay"}, {"d.txt", "No word of it"}});
  index.put({{"c.txt", "Pay day"}, {"a.txt", "Strike pay, a later version"}});

  const LiveBatch batch = batch_of(index, listened, before.generation - 1);
  CHECK(batch.follows(before));
  for (const auto& query : queries)
    CHECK(lines(batch.after_position(query, before)) == lines_of_pages(index, query, before));
  CHECK(batch.after_position("pay", before).size() == 3);

  SECTION("and from the middle of it on, too") {
    const Position middle{before.identity, before.generation + 1, news("a.txt").text()};
    CHECK(lines(batch.after_position("pay", middle)) == lines_of_pages(index, "pay", middle));
    CHECK(batch.after_position("pay", middle).size() == 1);
  }
  SECTION("and a position before the batch needs pages, as one of another index does") {
    CHECK_FALSE(batch.follows({before.identity, before.generation - 1, {}}));
    CHECK_FALSE(batch.follows({"another", before.generation, {}}));
  }
}

TEST_CASE("a query that brings more than a batch takes is left to pages, the others are not", "[listened]") {
  ReportsIndex index;
  Listened listened({}, nullptr);
  REQUIRE(listened.add("pay"));
  REQUIRE(listened.add("strike"));
  std::vector<Told> many;
  for (std::size_t i = 0; i <= Listened::kRecords; ++i)
    many.push_back({"pay" + std::to_string(i) + ".txt", i == 0 ? "Pay and a strike" : "Pay"});
  index.put(many);
  const LiveBatch batch = batch_of(index, listened, 0);
  CHECK(batch.left_out == std::set<std::string>{"pay"});
  CHECK(batch.after_position("strike", {batch.identity, 1, {}}).size() == 1);
}

TEST_CASE("a query that nobody listens to any more is not matched", "[listened]") {
  ReportsIndex index;
  Listened listened({}, nullptr);
  REQUIRE(listened.add("pay"));
  REQUIRE(listened.add("pay"));
  index.put({{"a.txt", "Pay"}});
  CHECK(batch_of(index, listened, 0).records.size() == 1);
  listened.remove("pay");
  CHECK(listened.empty());
  CHECK(batch_of(index, listened, 0).records.empty());
}
