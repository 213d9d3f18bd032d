// SPDX-License-Identifier: GPL-2.0-or-later
// What standing queries cost and keep; that they match what a search finds is the business of standing_matches.cc.
#include "searcher/query/parser.h"
#include "searcher/standing/assemble.h"
#include "searcher/standing/required.h"
#include "searcher/standing/standing.h"
#include "tests/unit/searcher/reports_index.h"

using namespace tidings;
using namespace tidings::searcher;
using namespace tidings::test;

namespace {

/// The required terms of a query; a term is the rarer the longer it is. "(none)": nothing is required.
std::string required(const std::string& text) {
  Programs programs;
  TermTable terms;
  Analyzer analyzer({"en"});
  const std::vector<std::string> corpora = {"news"};
  const auto parsed = parse(text);
  REQUIRE(parsed);
  const std::uint32_t begin = Assembler(programs, terms, analyzer, corpora).add(parsed->root);
  const auto found =
      required_terms(programs, begin, [&](TermId term) { return 1000.0 / double(terms.text(term).size()); });
  if (!found) return "(none)";
  std::string all;
  for (const TermId term : *found) all.append(all.empty() ? "" : " ").append(terms.text(term));
  return all;
}

using Ids = std::vector<StandingQueries::Id>;

Ids matched_by_newest(const ReportsIndex& index, StandingQueries& standing) {
  Ids ids;
  index.read([&](const Snapshot& snapshot) {
    const auto matches = standing.match(snapshot, snapshot.facts().generation - 1);
    REQUIRE(matches);
    for (const auto& match : *matches) ids.push_back(match.id);
  });
  return ids;
}

}  // namespace

TEST_CASE("a query requires the rarest of its words, one of each alternative, and nothing of what it denies",
          "[standing]") {
  const auto [query, terms] = GENERATE(table<std::string, std::string>({
      {"pay", "Zpay"},
      {"pay nationwide strike", "Znationwid"},
      {"\"pay dockers\"", "dockers"},
      {"pay NEAR/3 strikes", "Zstrike"},
      {"pay OR strike", "Zpay Zstrike"},
      {"(pay OR strike) ballot", "Zballot"},
      {"(pay OR dockers) union", "Zunion"},
      {"pay OR -strike", "(none)"},
      {"pay -strikes", "Zpay"},
      {"-pay", "(none)"},
      {"title:coventry pay", "ZScoventri"},
      {"type:pdf", "XTpdf"},
      {"pre-empt", "empt preempt"},
      {"strik*", "Ystr"},
      {"strik* pay", "Zpay"},
      {"title:strik*", "YSstr"},
      {"*ike", "(none)"},
      {"date:3d", "(none)"},
      {"date:3d pay", "Zpay"},
      {"is:indexed", "(none)"},
      {"folder:a/b", "XDnews:a/b"},
  }));
  CAPTURE(query);
  CHECK(required(query) == terms);
}

TEST_CASE("a report is held against those queries alone that require one of its words", "[standing]") {
  ReportsIndex index;
  index.put({{"1", "strike strike"}, {"2", "strike pay"}, {"3", "ballot"}});
  StandingQueries standing({});
  for (StandingQueries::Id id = 0; id < 100; ++id) REQUIRE(standing.add(id, "strike ballot"));
  REQUIRE(standing.add(100, "strike"));
  REQUIRE(standing.add(101, "ballot OR pay"));
  REQUIRE(standing.add(102, "-ballot"));
  index.put({{"4", "a strike at the port"}});
  CHECK(matched_by_newest(index, standing) == Ids{100, 102});
  CHECK(standing.counters().reports == 1);
  CHECK(standing.counters().candidates == 2);  // "ballot" is rarer than "strike"
  CHECK(standing.counters().searched == 0);
  CHECK(standing.counters().matched == 2);
}

TEST_CASE("only what the report alone cannot tell is searched for", "[standing]") {
  ReportsIndex index;
  StandingQueries standing({});
  REQUIRE(standing.add(1, "\"pay strike\" -wom*"));
  REQUIRE(standing.add(2, "pay NEAR/2 port"));
  REQUIRE(standing.add(3, "pay NEAR/2 ballot"));
  REQUIRE(standing.add(4, "title:dockers OR stri*"));
  REQUIRE(standing.add(5, "size:>1 since:2020 pay"));
  index.put({{"1", "a pay strike at the port", "2024-08-01", {}, "text", {}, "Dockers"}});
  CHECK(matched_by_newest(index, standing) == Ids{1, 4, 5});
  CHECK(standing.counters().searched == 1);
}

TEST_CASE("relative dates are relative to when a report comes, not to when the query was added",
          "[standing]") {
  ReportsIndex index;
  StandingQueries standing({});
  REQUIRE(standing.add(1, "date:today"));
  REQUIRE(standing.add(2, "date:3d"));
  REQUIRE(standing.add(3, "before:1w"));
  index.put({{"1", "strike", "2024-08-01"}});
  const auto on = [&](int day) {
    Ids ids;
    index.read([&](const Snapshot& snapshot) {
      const auto news = tidings::searcher::news(snapshot, 0);
      REQUIRE(news.size() == 1);
      const std::chrono::sys_seconds now =
          std::chrono::sys_days(std::chrono::year(2024) / 8 / day) + std::chrono::hours(12);
      const auto matches = standing.match(snapshot, {&news[0].document, 1}, now);
      REQUIRE(matches);
      for (const auto& match : *matches) ids.push_back(match.id);
    });
    return ids;
  };
  CHECK(on(1) == Ids{1, 2});
  CHECK(on(3) == Ids{2});
  CHECK(on(5) == Ids{});
  CHECK(on(20) == Ids{3});
}

TEST_CASE("a query that is refused leaves the one that it was to replace", "[standing]") {
  ReportsIndex index;
  StandingQueries standing({});
  REQUIRE(standing.add(7, "strike"));
  const auto refused = standing.add(7, "date:nonsense");
  REQUIRE(!refused);
  CHECK(refused.error().code == Error::Code::BadQuery);
  CHECK(refused.error().what.starts_with("column 6: "));
  index.put({{"1", "strike"}});
  CHECK(matched_by_newest(index, standing) == Ids{7});
  REQUIRE(standing.add(7, "ballot"));
  CHECK(standing.size() == 1);
  CHECK(matched_by_newest(index, standing).empty());
  CHECK(standing.remove(7));
  CHECK_FALSE(standing.remove(7));
}

TEST_CASE("thousands of queries may come and go", "[standing]") {
  ReportsIndex index;
  index.put({{"1", "strike pay"}});
  StandingQueries standing({});
  for (StandingQueries::Id id = 0; id < 5000; ++id) {
    REQUIRE(standing.add(id, id % 2 ? "strike" : "ballot"));
    if (id >= 10) REQUIRE(standing.remove(id - 10));
    if (id % 500 == 7) matched_by_newest(index, standing);
  }
  CHECK(standing.size() == 10);
  CHECK(matched_by_newest(index, standing) == Ids{4991, 4993, 4995, 4997, 4999});
}

TEST_CASE("where the index has other languages, or is another, queries mean what they mean there",
          "[standing]") {
  StandingQueries standing({});
  REQUIRE(standing.add(1, "grève"));
  REQUIRE(standing.add(2, "strike"));
  ReportsIndex index(in_languages({"en"}));
  index.put({{"1", "les grèves, the strikes"}});
  CHECK(matched_by_newest(index, standing) == Ids{1, 2});
  index.describe(in_languages({"none"}));
  index.put({{"2", "les grèves, the strikes"}});
  CHECK(matched_by_newest(index, standing).empty());
  index.put({{"3", "la grève, the strike"}});
  CHECK(matched_by_newest(index, standing) == Ids{1, 2});
  ReportsIndex other(in_languages({"fr"}));
  other.put({{"1", "les grèves, the strike"}});
  CHECK(matched_by_newest(other, standing) == Ids{1, 2});
}
