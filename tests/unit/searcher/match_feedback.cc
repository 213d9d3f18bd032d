// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/feedback.h"

#include <cmath>

#include "tests/unit/searcher/reports_index.h"

using namespace tidings;
using namespace tidings::searcher;
using namespace tidings::test;

namespace {

using Found = std::vector<std::string>;

/// Two reports of lashers at a port, one of lashers alone, and others that make all of that rare.
ReportsIndex& port_and_others(ReportsIndex& index) {
  index.put({{"both", "the port and its lashers, by day"},
             {"both too", "lashers of the port, at night"},
             {"told", "lashers went home"},
             {"other", "a fund for the library"},
             {"apart", "this fund is another one"}});
  std::vector<Told> rest;
  for (int i = 0; i < 16; ++i)
    rest.push_back({"rest " + std::to_string(i), "nothing of it " + std::to_string(i)});
  index.seal(rest);
  return index;
}

SearchRequest bag_of_words(const std::string& text) {
  SearchRequest request;
  request.text = text;
  request.plain = true;
  request.limit = 100;
  return request;
}

}  // namespace

TEST_CASE("a word that the best reports share is asked for as well, behind those that were typed",
          "[feedback]") {
  ReportsIndex index;
  const Answer answer = port_and_others(index).search(bag_of_words("port"));
  CHECK(names_of(answer) == Found{"both too", "both", "told"});
  CHECK(answer.total == 3);
  CHECK(answer.understood == "reports with \"port\"; and by words of the best of them: \"lashers\"");
  CHECK(answer.hits[1].score > 2 * answer.hits[2].score);
}

TEST_CASE("a word of one report alone is told by nobody", "[feedback]") {
  ReportsIndex index;
  CHECK(names_of(port_and_others(index).search(bag_of_words("library"))) == Found{"other"});
}

TEST_CASE("a word that most reports have tells nothing", "[feedback]") {
  ReportsIndex index;
  std::vector<Told> reports;
  for (int i = 0; i < 8; ++i)
    reports.push_back({std::to_string(i), i < 2 ? "port of the ships" : "many ships"});
  index.put(reports);
  CHECK(names_of(index.search(bag_of_words("port"))) == Found{"0", "1"});
}

TEST_CASE("an order by date finds what was typed and nothing else", "[feedback]") {
  ReportsIndex index;
  SearchRequest request = bag_of_words("port");
  request.sort = GENERATE(Sort::Newest, Sort::Oldest);
  CHECK(port_and_others(index).search(request).total == 2);
}

TEST_CASE("a report that is gone is not found by what the best tell", "[feedback]") {
  ReportsIndex index;
  port_and_others(index);
  index.seal({{"gone", "lashers lashers lashers"}});
  index.remove("gone");
  CHECK(names_of(index.search(bag_of_words("port"))) == Found{"both too", "both", "told"});
}

TEST_CASE("where one report stands out, what is told weighs less", "[feedback]") {
  ReportsIndex index;
  port_and_others(index);
  Analyzer analyzer({"en"});
  index.read([&](const Snapshot& snapshot) {
    const auto matches = page(snapshot, Xapian::Query("port"), Sort::Relevance, 0, 10, 0).hits;
    REQUIRE(matches.size() == 2);
    const FormsOf forms{.words = [&](std::string_view stem) { return snapshot.forms(stem); }};
    const auto told_weight = [&](double first) {
      auto best = matches;
      best[0].relevance = first;
      const auto query =
          with_feedback(Xapian::Query("port"), 1, feedback_of(best, snapshot, analyzer, forms));
      for (const Ranked& match : page(snapshot, query, Sort::Relevance, 0, 10, 0).hits)
        if (snapshot.record(match.id).key.path == "told") return match.relevance;
      return 0.0;
    };
    const double last = matches[1].relevance;
    CHECK(told_weight(last) > 0);
    CHECK(told_weight(4 * last) < told_weight(last) / 3);
  });
}

TEST_CASE("pages of an answer by feedback neither repeat nor skip", "[feedback]") {
  ReportsIndex index;
  port_and_others(index);
  Found all;
  for (std::size_t offset = 0; offset < 3; ++offset) {
    SearchRequest request = bag_of_words("port");
    request.offset = offset;
    request.limit = 1;
    for (auto& name : names_of(index.search(request))) all.push_back(name);
  }
  CHECK(all == names_of(index.search(bag_of_words("port"))));
}
