// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/answer_cache.h"

#include "tests/unit/searcher/reports_index.h"

using namespace tidings;
using namespace tidings::test;
using namespace tidings::searcher;

namespace {

constexpr std::chrono::sys_days kToday{std::chrono::days(20'000)};
constexpr std::size_t kRoomy = std::size_t{64} << 20;

SearchRequest asking(const std::string& text) {
  SearchRequest request;
  request.text = text;
  return request;
}
Answer answering(const std::string& text) {
  Answer answer;
  answer.understood = text;
  return answer;
}

}  // namespace

TEST_CASE("an answer is kept for its snapshot and its day alone", "[answer_cache]") {
  AnswerCache cache(kRoomy);
  cache.at(1, kToday);
  CHECK_FALSE(cache.find(asking("a")));
  cache.keep(asking("a"), answering("of a"));
  cache.at(1, kToday);
  REQUIRE(cache.find(asking("a")));
  CHECK(cache.find(asking("a"))->understood == "of a");
  SECTION("another snapshot") {
    cache.at(2, kToday);
  }
  SECTION("another day") {
    cache.at(1, kToday + std::chrono::days(1));
  }
  CHECK_FALSE(cache.find(asking("a")));
}

TEST_CASE("a request that differs in anything has an answer of its own", "[answer_cache]") {
  AnswerCache cache(kRoomy);
  cache.at(1, kToday);
  cache.keep(asking("a"), {});
  SearchRequest other = asking("a");
  SECTION("text") {
    other.text = "A";
  }
  SECTION("limit") {
    other.limit = 11;
  }
  SECTION("offset") {
    other.offset = 1;
  }
  SECTION("order") {
    other.sort = Sort::Relevance;
  }
  SECTION("a bag of words") {
    other.plain = true;
  }
  SECTION("partial matches") {
    other.fill = false;
  }
  SECTION("near-copies") {
    other.collapse = true;
  }
  SECTION("passages") {
    other.passages = false;
  }
  SECTION("facets") {
    other.facets = {Facet::Month};
  }
  SECTION("timeline") {
    other.timeline = Period::Day;
  }
  SECTION("explained") {
    other.explain = true;
  }
  SECTION("what was meant") {
    other.suggest = true;
  }
  SECTION("news") {
    other.after_generation = 7;
  }
  CHECK_FALSE(cache.find(other));
  CHECK(cache.find(asking("a")));
}

TEST_CASE("past the bound the answer that was asked for longest ago goes first", "[answer_cache]") {
  AnswerCache cache(kRoomy);
  cache.at(1, kToday);
  for (std::size_t i = 0; i < AnswerCache::kAnswers; ++i) cache.keep(asking(std::to_string(i)), {});
  CHECK(cache.find(asking("0")));
  cache.keep(asking("one more"), {});
  CHECK(cache.find(asking("0")));
  CHECK_FALSE(cache.find(asking("1")));
  CHECK(cache.find(asking("2")));
}

TEST_CASE("no more bytes are kept than were given, and no answer that would take an eighth of them",
          "[answer_cache]") {
  constexpr std::size_t kAnswer = 10'000;
  AnswerCache cache(10 * kAnswer);
  cache.at(1, kToday);
  cache.keep(asking("large"), answering(std::string(2 * kAnswer, 'x')));
  CHECK_FALSE(cache.find(asking("large")));
  for (int i = 0; i < 20; ++i) cache.keep(asking(std::to_string(i)), answering(std::string(kAnswer, 'x')));
  std::size_t kept = 0;
  for (int i = 0; i < 20; ++i) kept += cache.find(asking(std::to_string(i))) ? 1 : 0;
  CHECK(kept >= 7);
  CHECK(kept <= 10);
  CHECK(cache.find(asking("19")));
  AnswerCache none(0);
  none.keep(asking("a"), {});
  CHECK_FALSE(none.find(asking("a")));
}

TEST_CASE("a searcher that keeps answers never gives one of an index that has moved on", "[answer_cache]") {
  ReportsIndex index;
  Searcher searcher(index.folder(), {}, nullptr, kRoomy);
  const auto names = [&] {
    auto answer = searcher.search(asking("strike"));
    REQUIRE(answer);
    return names_of(*answer);
  };
  using Names = std::vector<std::string>;
  CHECK(names().empty());
  index.put({{"a.txt", "strike"}});
  CHECK(names() == Names{"a.txt"});
  CHECK(names() == Names{"a.txt"});
  index.seal({{"b.txt", "a strike"}});
  CHECK(names() == Names{"a.txt", "b.txt"});
  index.remove("a.txt");
  CHECK(names() == Names{"b.txt"});
  index.put({{"c.txt", "strikes"}});  // a form that the index did not have
  CHECK(names() == Names{"b.txt", "c.txt"});
}
