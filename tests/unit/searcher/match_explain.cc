// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/explain.h"

#include <cmath>

#include "tests/unit/searcher/reports_index.h"

using namespace tidings;
using namespace tidings::searcher;
using namespace tidings::test;

namespace {

double sum_of_parts(const Hit& hit) {
  double sum = 0;
  for (const auto& part : hit.explanation) sum += part.score;
  return sum;
}

bool has_part(const Hit& hit, const std::string& what) {
  return std::any_of(hit.explanation.begin(), hit.explanation.end(),
                     [&](const ScorePart& part) { return part.what == what; });
}

const std::vector<Told> kSealed = {
    {"a", "strike strikes at the port of Coventry", "2024-01-01", "", "text", "", "Coventry strike"},
    {"b", "striking dockers, second day, pay", day_before(3)},
    {"c", "pay for dockers and lashers of the port", "2024-03-01"},
    {"e", "the strike fund pays; pay pay pay", "2023-03-01"}};
const std::vector<Told> kLive = {
    {"d", "strike pay second day in Coventry", day_before(1)},
    {"f", "a port without anything else, quite long, by many other words", "2022"}};

}  // namespace

TEST_CASE("the parts of a score add up to it, for every hit of every query", "[explain]") {
  ReportsIndex index;
  index.seal({kSealed.begin(), kSealed.begin() + 2});
  index.seal({kSealed.begin() + 2, kSealed.end()});
  index.put(kLive);
  index.put({{"gone", "strike pay port"}});
  index.remove("gone");
  const std::string text = GENERATE(values<std::string>(
      {"strike", "strike pay", "strike OR pay OR port", "(strike coventry) OR (pay lashers) OR port",
       "strike -dockers", "\"second day\" pay", "title:coventry strike", "type:text",
       "pay type:text after:2020", "strike lashers", "path:a OR pay", "strike strike pay"}));
  const bool plain = GENERATE(false, true);
  const auto sort = GENERATE(Sort::Best, Sort::Relevance, Sort::Newest);
  CAPTURE(text, plain);
  SearchRequest request;
  request.text = text;
  request.plain = plain;
  request.sort = sort;
  request.explain = true;
  const Answer answer = index.search(request);
  if (!plain) CHECK_FALSE(answer.hits.empty());
  for (const Hit& hit : answer.hits) {
    CAPTURE(hit.key.path, hit.score, hit.partial);
    CHECK(std::abs(sum_of_parts(hit) - hit.score) < 1e-9);
    CHECK_FALSE(has_part(hit, "the rest"));
    const bool gains =
        (hit.key.path == "b" || hit.key.path == "d") && sort == Sort::Best && !plain && !hit.partial;
    CHECK(has_part(hit, "recent") == (gains && hit.score > 0));
  }
}

TEST_CASE("a part names the words that it stands for", "[explain]") {
  ReportsIndex index;
  index.seal(kSealed);
  SearchRequest request;
  request.text = "strike port";
  request.sort = Sort::Relevance;
  request.fill = false;
  request.explain = true;
  const Answer answer = index.search(request);
  REQUIRE(answer.hits.size() == 1);
  CHECK(has_part(answer.hits[0], "strike, strikes, striking"));
  CHECK(has_part(answer.hits[0], "strike"));
  CHECK(has_part(answer.hits[0], "port"));
  SECTION("and is not told where nobody asked") {
    request.explain = false;
    CHECK(index.search(request).hits.at(0).explanation.empty());
  }
}

TEST_CASE("a branch that does not match gives nothing, though its words are there", "[explain]") {
  ReportsIndex index;
  index.seal(kSealed);
  SearchRequest request;
  request.text = "(pay coventry) OR lashers";
  request.sort = Sort::Relevance;
  request.explain = true;
  const Answer answer = index.search(request);
  REQUIRE(answer.hits.size() == 1);  // c has pay, and no coventry
  CHECK(has_part(answer.hits[0], "lashers"));
  CHECK(answer.hits[0].explanation.size() == 1);
}

TEST_CASE("past its bound an explanation tells the rest as one", "[explain]") {
  ReportsIndex index;
  std::string text, query;
  for (int i = 0; i < 260; ++i) text += "w" + std::to_string(i) + "x ";
  index.seal({{"a", text}, {"b", "peace"}});
  SearchRequest request;
  request.text = text;
  request.plain = true;
  request.explain = true;
  const Answer answer = index.search(request);
  REQUIRE(answer.hits.size() == 1);
  CHECK(answer.hits[0].explanation.size() == kMostParts + 1);
  CHECK(has_part(answer.hits[0], "the rest"));
  CHECK(std::abs(sum_of_parts(answer.hits[0]) - answer.hits[0].score) < 1e-9);
}
