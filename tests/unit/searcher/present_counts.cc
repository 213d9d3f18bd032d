// SPDX-License-Identifier: GPL-2.0-or-later
// Facets, timelines, suggestions and sums as a terminal shows them.
#include <sstream>

#include "searcher/present/text.h"
#include "tests/unit/catch.h"
#include "tests/unit/searcher/terminal.h"

using namespace tidings;
using namespace tidings::searcher;

namespace {

void check_width(const std::string& text, std::size_t columns) {
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    CAPTURE(line);
    CHECK(columns_of(line) <= columns);
  }
}

constexpr const char* kHostileText =
    "a\x1b[31mred\r\xC2\x9B"
    "2J \xE2\x80\xAEtxt";

}  // namespace

TEST_CASE("facets are a line each, what is not listed and not known at its end", "[text]") {
  Answer answer;
  answer.facets = {{Facet::Type, {{"text", 12}, {"html", 3}}, 5, 2, 1}};
  CHECK(counts_text(answer, kPlain) ==
        "type      text 12 · html 3 ·\n          2 others 5 · not known 1\n\n");
  answer.facets = {{Facet::Source, {}, 0, 0, 0}};
  CHECK(counts_text(answer, kPlain) == "source    none\n\n");
  CHECK(counts_text(Answer(), kPlain).empty());
}

TEST_CASE("a terminal lists eight values, and counts the others among the others", "[text]") {
  Answer answer;
  answer.facets = {{Facet::Source, {}, 7, 3, 0}};
  for (int i = 0; i < 20; ++i) answer.facets[0].values.push_back({"s" + std::to_string(i), 2});
  const auto text = counts_text(answer, {.colour = false, .columns = 120});
  CHECK(text.find("s7 2 · 15 others 31\n") != std::string::npos);
}

TEST_CASE("a timeline is a bar a day, the longest as wide as there is room", "[text]") {
  Answer answer;
  answer.timeline = Timeline{
      Period::Day, {{"2024-03-01", 10}, {"2024-03-02", 0}, {"2024-03-03", 5}, {"2024-03-04", 1}}, false, 4};
  const auto text = counts_text(answer, kPlain);
  CHECK(text ==
        "earlier     4\n"
        "2024-03-01  10  ████████████████████████\n"
        "2024-03-02   0\n"
        "2024-03-03   5  ████████████\n"
        "2024-03-04   1  ██▍\n\n");
  check_width(text, kPlain.columns);
  SECTION("of a long one the newest are shown") {
    answer.timeline->buckets.assign(100, {"2024-03-01", 3});
    const auto rows = counts_text(answer, kPlain);
    CHECK(std::count(rows.begin(), rows.end(), '\n') == 60 + 2);
    CHECK(rows.starts_with("earlier     124\n"));
  }
  SECTION("gaps are told") {
    answer.timeline->gaps = true;
    CHECK(counts_text(answer, kPlain).ends_with("empty days are left out\n\n"));
  }
}

TEST_CASE("no line of the counts is wider than the terminal, and none is a command to it", "[text]") {
  Answer answer;
  answer.facets = {{Facet::Source,
                    {{kHostileText, 3}, {"Harbour Courier", 2}, {"名古屋港の荷役", 2}, {"Evening Post", 1}},
                    0,
                    0,
                    0}};
  answer.timeline = Timeline{Period::Month, {{"2024-03", 1'000'000}, {"2024-04", 1}}, false, 0};
  answer.suggestion = kHostileText;
  const auto text = counts_text(answer, kPlain);
  check_width(text, kPlain.columns);
  CHECK_FALSE(acts(text));
  CHECK_FALSE(acts(answer_notes(answer, kPlain)));
  SuggestAnswer suggestions;
  suggestions.words = {{kHostileText, kHostileText, 2}, {"wörter", "worter", 10}};
  suggestions.titles = {{kHostileText, std::string("/r/") + kHostileText, {}}};
  CHECK_FALSE(acts(suggestions_text(suggestions, kPlain)));
}

TEST_CASE("suggestions are words with their numbers in one column, then titles", "[text]") {
  SuggestAnswer suggestions;
  suggestions.words = {{"coventry", "coventry", 12}, {"cové", "cové", 3}};
  suggestions.titles = {{"Coventry strike", "/r/a.txt", {}}};
  CHECK(suggestions_text(suggestions, kPlain) == "coventry  12\ncové      3\nCoventry strike\n  /r/a.txt\n");
}

TEST_CASE("what was meant is asked before what was found is told", "[text]") {
  Answer answer;
  answer.understood = "reports with covantry";
  answer.suggestion = "coventry";
  CHECK(answer_notes(answer, kPlain).starts_with("did you mean: coventry?\n0 reports with covantry\n"));
}

TEST_CASE("a score is shown as the sum that it is", "[text]") {
  Hit hit;
  hit.title = "Port strike";
  hit.path = "/r/a.txt";
  hit.score = 5.25;
  hit.explanation = {{"strike, strikes", 3.5}, {"port", 1.5}, {"recent", 0.25}};
  const auto text = hit_text(hit, 1, kPlain);
  CAPTURE(text);
  CHECK(text.find("     5.250 = strike, strikes 3.500 +\n     port 1.500 + recent 0.250\n") !=
        std::string::npos);
}
