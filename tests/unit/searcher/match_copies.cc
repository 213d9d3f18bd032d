// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/copies.h"

#include "tests/unit/searcher/reports_index.h"

using namespace tidings;
using namespace tidings::test;
using namespace tidings::searcher;

namespace {

/// "a0 a1 a2 …": a text that has nothing in common with one of another letter.
std::string text_of(char letter, int words, int from = 0) {
  std::string text;
  for (int i = from; i < from + words; ++i) text += letter + std::to_string(i) + (i % 12 == 11 ? ". " : " ");
  return text;
}

std::vector<std::string> paths_of(const Answer& answer) {
  std::vector<std::string> paths;
  for (const Hit& hit : answer.hits) paths.push_back(hit.key.path);
  return paths;
}
using ShownPaths = std::vector<std::string>;

SearchRequest collapsing(const std::string& text, std::size_t limit = 10, std::size_t offset = 0) {
  SearchRequest request;
  request.text = text;
  request.limit = limit;
  request.offset = offset;
  request.sort = Sort::Newest;
  request.collapse = true;
  return request;
}

Answer copies_of(const ReportsIndex& index, const std::string& path) {
  auto answer = index.searcher().similar({.path = news(path).text(), .copies = true});
  REQUIRE(answer);
  return std::move(*answer);
}

/// A story, a version of it with one sentence more, another story with the same statement, and the story once more in a sealed segment.
struct Story : ReportsIndex {
  const std::string statement = text_of('s', 120);
  const std::string story = "Dockers walk out. " + text_of('a', 70) + statement;
  Story() {
    seal({{"sealed.txt", story, "2024-01-01"},
          {"other.txt", "Dockers return. " + text_of('b', 70) + statement, "2024-01-02"}});
    put({{"first.txt", story, "2024-01-03"}, {"later.txt", story + text_of('n', 12), "2024-01-04"}});
  }
};

}  // namespace

TEST_CASE("of near-copies one is shown, the first in the order, and the others are counted", "[copies]") {
  const Story index;
  const Answer answer = index.search(collapsing("dockers"));
  CHECK(paths_of(answer) == ShownPaths{"later.txt", "other.txt"});
  CHECK(answer.hits.at(0).similar == 2);
  CHECK(answer.hits.at(1).similar == 0);
  CHECK(answer.total == 4);

  SearchRequest all = collapsing("dockers");
  all.collapse = false;
  CHECK(paths_of(index.search(all)) == ShownPaths{"later.txt", "first.txt", "other.txt", "sealed.txt"});
  CHECK(index.search(all).hits.at(0).similar == 0);

  SECTION("wherever the segments are") {
    Story merged;
    merged.merge();
    CHECK(paths_of(merged.search(collapsing("dockers"))) == ShownPaths{"later.txt", "other.txt"});
  }
}

TEST_CASE("what does not match is no similar hit, and what was removed is no copy", "[copies]") {
  Story index;
  CHECK(index.search(collapsing("dockers -n3")).hits.at(0).similar == 1);
  index.remove("sealed.txt");
  CHECK(index.search(collapsing("dockers")).hits.at(0).similar == 1);
  CHECK(paths_of(copies_of(index, "later.txt")) == ShownPaths{"first.txt"});
  index.remove("first.txt");
  CHECK(index.search(collapsing("dockers")).hits.at(0).similar == 0);
  CHECK(index.search("is:duplicate").total == 0);
}

TEST_CASE("a statement that two reports share does not make them copies", "[copies]") {
  const Story index;
  CHECK(paths_of(copies_of(index, "other.txt")).empty());
  CHECK(paths_of(index.search("is:duplicate")).size() == 3);
}

TEST_CASE("is:duplicate finds what has near-copies, and shows all of them", "[copies]") {
  const Story index;
  CHECK(paths_of(index.search(collapsing("is:duplicate"))) ==
        ShownPaths{"later.txt", "first.txt", "sealed.txt"});
  CHECK(paths_of(index.search(collapsing("dockers -is:duplicate"))) == ShownPaths{"other.txt"});
  CHECK(index.search("is:duplicate").understood == "reports with near-copies");
}

TEST_CASE("the near-copies of a report are told with what they have in common", "[copies]") {
  const Story index;
  const Answer answer = copies_of(index, "first.txt");
  CHECK(paths_of(answer) == ShownPaths{"sealed.txt", "later.txt"});
  CHECK(answer.hits.at(0).score == 1);
  CHECK(answer.hits.at(1).score > 0.9);
  CHECK(answer.hits.at(1).score < 1);
  CHECK(answer.total == 2);
}

TEST_CASE("pages of an answer without copies neither repeat nor skip", "[copies]") {
  ReportsIndex index;
  std::vector<Told> reports;
  for (int story = 0; story < 12; ++story)
    for (int version = 0; version <= story % 4; ++version)
      reports.push_back({std::to_string(story) + "-" + std::to_string(version) + ".txt",
                         "dockers " + text_of(static_cast<char>('a' + story), 60)});
  index.seal(reports);
  const auto all = paths_of(index.search(collapsing("dockers", 100)));
  CHECK(all.size() == 12);
  const std::size_t size = GENERATE(1, 2, 5, 11, 12);
  ShownPaths paged;
  for (std::size_t offset = 0; offset < 12; offset += size) {
    const auto page = paths_of(index.search(collapsing("dockers", size, offset)));
    paged.insert(paged.end(), page.begin(), page.end());
  }
  CHECK(paged == all);
}

TEST_CASE("a near-copy of a hit does not fill up the page as a partial one", "[copies]") {
  ReportsIndex index;
  const std::string story = text_of('a', 60);
  index.put({{"full.txt", story + "dockers return"},
             {"half.txt", story + "dockers"},
             {"else.txt", "dockers " + text_of('b', 40)}});
  SearchRequest request = collapsing("dockers return");
  CHECK(paths_of(index.search(request)) == ShownPaths{"full.txt", "else.txt"});
}

TEST_CASE("short texts, and texts that have boilerplate alone in common, are no copies", "[copies]") {
  CHECK(sketch_value(std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}).empty());
  CHECK_FALSE(
      sketch_value(std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}).empty());
  std::vector<std::uint32_t> form, one, other;
  for (std::uint32_t i = 1; i < 200; ++i) form.push_back(i | kBoilerplate);
  for (std::uint32_t i = 1; i < 30; ++i) {
    one.push_back(1000 + i);
    other.push_back(2000 + i);
  }
  one.insert(one.end(), form.begin(), form.end());
  other.insert(other.end(), form.begin(), form.end());
  CHECK(near_copies(shingles_of(one), shingles_of(one)) == 1);
  CHECK_FALSE(near_copies(shingles_of(one), shingles_of(other)));
  CHECK(sketch_value(one) == sketch_value(std::vector(one.begin(), one.begin() + 29)));
}

TEST_CASE("near-copies have half of all shingles in common, and more where they are short", "[copies]") {
  const auto from = [](std::uint64_t first, std::uint64_t count) {
    Shingles shingles;
    for (std::uint64_t i = first; i < first + count; ++i) shingles.all.push_back(i);
    return shingles;
  };
  CHECK(near_copies(from(0, 75), from(25, 75)) == Approx(50.0 / 100));
  CHECK_FALSE(near_copies(from(0, 74), from(25, 74)));
  CHECK_FALSE(near_copies(from(0, 40), from(10, 40)));  // .6, and short
  CHECK(near_copies(from(0, 40), from(5, 40)) == Approx(35.0 / 45));
  CHECK_FALSE(near_copies(Shingles(), Shingles()));
}

TEST_CASE("the same words with other numbers are other news", "[copies]") {
  const auto told = [](std::vector<std::uint32_t> numbers) {
    std::vector<std::uint32_t> words;
    for (std::uint32_t i = 1; i <= 200; ++i) words.push_back(i);
    for (const auto number : numbers) words.insert(words.begin() + 100, number | kHasDigit);
    return shingles_of(words);
  };
  CHECK_FALSE(near_copies(told({1, 2, 3, 4, 5, 6}), told({1, 2, 7, 8, 9, 10})));
  CHECK(near_copies(told({1, 2, 3, 4, 5, 6}), told({1, 2, 3, 4, 5, 7})));  // a correction
  CHECK(near_copies(told({1, 2, 3}), told({4, 5, 6})));                    // another date line
  CHECK(near_copies(told({}), told({1, 2, 3, 4, 5, 6})));
}
