// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/order.h"

#include <set>

#include "tests/unit/searcher/reports_index.h"

using namespace tidings;
using namespace tidings::searcher;
using namespace tidings::test;
using Names = std::vector<std::string>;

namespace {

SearchRequest sorted(const std::string& text, Sort sort, std::size_t limit = 10, std::size_t offset = 0) {
  SearchRequest request;
  request.text = text;
  request.sort = sort;
  request.limit = limit;
  request.offset = offset;
  request.fill = false;
  return request;
}

std::string numbered(int number) {
  const std::string digits = std::to_string(number);
  return "r" + std::string(4 - digits.size(), '0') + digits;
}

}  // namespace

TEST_CASE("newest and oldest go by the date, and of one day by the key", "[order]") {
  ReportsIndex index;
  index.seal(
      {{"b", "strike", "2023-02-27"}, {"c", "strike strike strike", "2023-02-27"}, {"e", "strike", "2021"}});
  index.put({{"a", "strike", "2023-02-27"}, {"d", "strike port", "2024-01-01T10:00:00Z"}});
  CHECK(names_of(index.search(sorted("strike", Sort::Newest))) == Names{"d", "a", "b", "c", "e"});
  CHECK(names_of(index.search(sorted("strike", Sort::Oldest))) == Names{"e", "a", "b", "c", "d"});
  for (const auto& hit : index.search(sorted("strike", Sort::Newest)).hits) CHECK(hit.score > 0);
}

TEST_CASE("best prefers a recent report where scores are close, and nowhere else", "[order]") {
  ReportsIndex index;
  index.put(
      {{"close-old", "strike at the port today", "2001-01-01"},
       {"close-new", "strike at the port once more", day_before(0)},
       {"far-new", "strike at the port, and many other words that say nothing of it at all, by the dozen",
        day_before(0)}});
  CHECK(names_of(index.search(sorted("strike", Sort::Relevance))) ==
        Names{"close-old", "close-new", "far-new"});
  CHECK(names_of(index.search(sorted("strike", Sort::Best))) == Names{"close-new", "close-old", "far-new"});
  SECTION("nor one that only its file dates") {
    index.put({{.path = "close-new",
                .text = "strike at the port once more",
                .date = day_before(0),
                .date_from = Origin::FileTime}});
    CHECK(names_of(index.search(sorted("strike", Sort::Best))) == Names{"close-old", "close-new", "far-new"});
  }
  SECTION("a bag of words is ranked by score alone") {
    SearchRequest plain = sorted("strike", Sort::Best);
    plain.plain = true;
    CHECK(names_of(index.search(plain)) == Names{"close-old", "close-new", "far-new"});
  }
}

TEST_CASE("recency adds 5 % on the day, half of it a month later, and never more", "[order]") {
  constexpr std::int64_t kDay = 86400, kNow = 20'000 * kDay;
  CHECK(recency(8, kNow, kNow) == Approx(0.4));
  CHECK(recency(8, kNow - 30 * kDay, kNow) == Approx(0.2));
  CHECK(recency(8, kNow - 300 * kDay, kNow) > 0);
  CHECK(recency(8, kNow - 301 * kDay, kNow) == 0);
  CHECK(recency(8, kNow + 1000 * kDay, kNow) == Approx(0.4));
  CHECK(recency(0, kNow, kNow) == 0);
}

TEST_CASE("pages neither repeat nor skip, in any order, whatever their sizes", "[order]") {
  ReportsIndex index;
  std::vector<Told> reports;
  for (int i = 0; i < 180; ++i) {
    std::string text = "strike";
    for (int more = 0; more < i % 5; ++more) text += " port";
    reports.push_back({numbered(i), text, day_before(i % 7 * 20)});
  }
  index.seal({reports.begin(), reports.begin() + 90});
  index.seal({reports.begin() + 90, reports.begin() + 170});
  index.put({reports.begin() + 170, reports.end()});
  index.remove(numbered(3));
  index.remove(numbered(175));
  const auto sort = GENERATE(Sort::Best, Sort::Relevance, Sort::Newest, Sort::Oldest);
  const std::string text = GENERATE("strike", "type:text");
  CAPTURE(static_cast<int>(sort), text);
  const Names whole = names_of(index.search(sorted(text, sort, 1000)));
  CHECK(std::set<std::string>(whole.begin(), whole.end()).size() == 178);
  for (const std::size_t size : {1, 7, 10, 50, 99}) {
    Names paged;
    for (std::size_t offset = 0; offset < 178; offset += size) {
      const auto answer = index.search(sorted(text, sort, size, offset));
      CHECK(answer.total == 178);
      for (const auto& hit : answer.hits) paged.push_back(hit.key.path);
    }
    CHECK(paged == whole);
  }
  CHECK(index.search(sorted(text, sort, 10, 178)).hits.empty());
}

TEST_CASE("equal reports come by their keys, also after a merge", "[order]") {
  ReportsIndex index;
  index.seal({{"d", "strike"}, {"b", "strike"}});
  index.seal({{"a", "strike"}, {"c", "strike"}});
  const auto sort = GENERATE(Sort::Best, Sort::Relevance);
  CHECK(names_of(index.search(sorted("strike", sort))) == Names{"a", "b", "c", "d"});
  index.merge();
  CHECK(names_of(index.search(sorted("strike", sort))) == Names{"a", "b", "c", "d"});
}

TEST_CASE("where nothing weighs, the newest come first", "[order]") {
  ReportsIndex index;
  index.put({{"a", "x", "2021"}, {"b", "x", "2023"}, {"c", "x", "2022"}});
  CHECK(names_of(index.search(sorted("type:text", Sort::Best))) == Names{"b", "c", "a"});
  CHECK(names_of(index.search(sorted("after:2021", Sort::Relevance))) == Names{"b", "c"});
}

TEST_CASE("an offset has a bound, and is told", "[order]") {
  ReportsIndex index;
  index.put({{"a", "strike"}});
  CHECK(index.search(sorted("strike", Sort::Best, 10, Searcher::kMostOffset)).hits.empty());
  const auto refused = index.searcher().search(sorted("strike", Sort::Best, 10, Searcher::kMostOffset + 1));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Error::Code::BadRequest);
  CHECK(refused.error().what.find("100000") != std::string::npos);
}
