// SPDX-License-Identifier: GPL-2.0-or-later
// Facets and timelines, against what a plain count of the reports says.
#include <map>

#include "searcher/match/facets.h"
#include "searcher/match/timeline.h"
#include "tests/unit/searcher/reports_index.h"

using namespace tidings;
using namespace tidings::searcher;
using namespace tidings::test;

namespace {

using Rows = std::vector<std::pair<std::string, std::uint64_t>>;

Rows rows(const FacetCounts& facet) {
  Rows rows;
  for (const auto& value : facet.values) rows.emplace_back(value.value, value.count);
  return rows;
}
Rows rows(const Timeline& timeline) {
  Rows rows;
  for (const auto& bucket : timeline.buckets) rows.emplace_back(bucket.start, bucket.count);
  return rows;
}

SearchRequest counted(const std::string& text, std::vector<Facet> facets,
                      std::optional<Period> timeline = std::nullopt) {
  SearchRequest request;
  request.text = text;
  request.limit = 1;
  request.facets = std::move(facets);
  request.timeline = timeline;
  return request;
}

const std::vector<Facet> kAll = {Facet::Source, Facet::Folder, Facet::Type, Facet::Language, Facet::Month};

std::uint64_t sum(const FacetCounts& facet) {
  std::uint64_t sum = facet.others + facet.without;
  for (const auto& value : facet.values) sum += value.count;
  return sum;
}

}  // namespace

TEST_CASE("facets count all reports that match, and not those of the page alone", "[facets]") {
  ReportsIndex index;
  index.seal({{"ports/x.txt", "peace", "2020-01-01", "Nobody", "pdf", "fr"},
              {"ports/a.txt", "strike", "2023-02-27", "Harbour Courier", "text", "en"},
              {"ports/b.html", "strike", "2023-02-01", "harbour courier", "html", "de"}});
  index.seal({{"ports/2023/c.txt", "strike", "2023-01-31", "Ünion Times", "text"},
              {"gone.txt", "strike", "2019-01-01", "Ghost", "mail", "it"}});
  index.put({{"d.txt", "strike", "2023", "Harbour Courier", "text", "en"}});
  index.remove("gone.txt");
  const Answer answer = index.search(counted("strike", kAll));
  CHECK(answer.hits.size() == 1);
  CHECK(answer.total == 4);
  REQUIRE(answer.facets.size() == 5);
  CHECK(rows(answer.facets[0]) == Rows{{"Harbour Courier", 3}, {"Ünion Times", 1}});
  CHECK(rows(answer.facets[1]) == Rows{{"news:ports", 2}, {"news:", 1}, {"news:ports/2023", 1}});
  CHECK(rows(answer.facets[2]) == Rows{{"text", 3}, {"html", 1}});
  CHECK(rows(answer.facets[3]) == Rows{{"en", 2}, {"de", 1}});
  CHECK(answer.facets[3].without == 1);
  CHECK(rows(answer.facets[4]) == Rows{{"2023-02", 2}, {"2023-01", 2}});
  for (const auto& facet : answer.facets) CHECK(sum(facet) == 4);

  SECTION("each value, asked for, finds as many") {
    for (const auto& [field, facet] :
         {std::pair{"source", answer.facets[0]}, std::pair{"type", answer.facets[2]},
          std::pair{"lang", answer.facets[3]}, std::pair{"date", answer.facets[4]}})
      for (const auto& value : facet.values) {
        const std::string text = std::string("strike ") + field + ":\"" + value.value + "\"";
        CAPTURE(text);
        CHECK(index.search(text).total == value.count);
      }
  }
  SECTION("of nothing there is nothing to count") {
    for (const auto& facet : index.search(counted("nowhere", kAll)).facets) {
      CHECK(facet.values.empty());
      CHECK(sum(facet) == 0);
    }
  }
}

TEST_CASE("a facet lists its most frequent values, and says what the others hold", "[facets]") {
  ReportsIndex index;
  std::vector<Told> reports;
  for (int source = 0; source < 30; ++source)
    for (int i = 0; i <= source; ++i)
      reports.push_back({std::to_string(source) + "-" + std::to_string(i), "strike", "2023-01-01",
                         "Source " + std::to_string(100 + source)});
  index.seal(reports);
  const FacetCounts facet = index.search(counted("strike", {Facet::Source})).facets.at(0);
  REQUIRE(facet.values.size() == kFacetValues);
  CHECK(facet.values.front().value == "Source 129");
  CHECK(facet.values.front().count == 30);
  CHECK(facet.values.back().value == "Source 110");
  CHECK(facet.other_values == 10);
  CHECK(facet.others == 55);
  CHECK(sum(facet) == 465);
}

TEST_CASE("a source whose name is longer than a term is listed by its name", "[facets]") {
  ReportsIndex index;
  const std::string name = "The " + std::string(300, 'x') + " Gazette";
  index.put({{"a", "strike", "2023", name}, {"b", "strike", "2023", "MAIL: of today"}});
  CHECK(rows(index.search(counted("strike", {Facet::Source})).facets.at(0)) ==
        Rows{{"MAIL: of today", 1}, {name, 1}});
}

TEST_CASE("facets are named with commas between them, each once; what is none is told", "[facets]") {
  CHECK(*facets_named("type,source,type") == std::vector<Facet>{Facet::Type, Facet::Source});
  for (const char* bad : {"", "colour", "type,", "type source", "Type"}) {
    CAPTURE(bad);
    const auto facets = facets_named(bad);
    REQUIRE_FALSE(facets);
    CHECK(facets.error().hint.find("language") != std::string::npos);
  }
}

TEST_CASE("a timeline counts days, weeks from Monday, or months, empty ones too", "[timeline]") {
  ReportsIndex index;
  index.seal(
      {{"a", "strike", "2024-02-28"}, {"b", "strike", "2024-03-01T23:59:59Z"}, {"x", "peace", "2020"}});
  index.put({{"c", "strike", "2024-03-01"}, {"d", "strike", "2024-03-04"}});
  CHECK(rows(*index.search(counted("strike", {}, Period::Day)).timeline) == Rows{{"2024-02-28", 1},
                                                                                 {"2024-02-29", 0},
                                                                                 {"2024-03-01", 2},
                                                                                 {"2024-03-02", 0},
                                                                                 {"2024-03-03", 0},
                                                                                 {"2024-03-04", 1}});
  CHECK(rows(*index.search(counted("strike", {}, Period::Week)).timeline) ==
        Rows{{"2024-02-26", 3}, {"2024-03-04", 1}});
  CHECK(rows(*index.search(counted("strike", {}, Period::Month)).timeline) ==
        Rows{{"2024-02", 1}, {"2024-03", 3}});
  CHECK(index.search(counted("nowhere", {}, Period::Day)).timeline->buckets.empty());
  CHECK_FALSE(index.search(counted("strike", {})).timeline);
}

TEST_CASE("days before 1970 are counted as others are", "[timeline]") {
  ReportsIndex index;
  index.put({{"a", "strike", "1969-12-31"}, {"b", "strike", "1969-12-29"}, {"c", "strike", "0000"}});
  CHECK(rows(*index.search(counted("strike", {}, Period::Week)).timeline) ==
        Rows{{"0000-01-01", 1}, {"1969-12-29", 2}});
  CHECK(rows(*index.search(counted("strike", {}, Period::Month)).timeline) ==
        Rows{{"0000-01", 1}, {"1969-12", 2}});
}

TEST_CASE("one date far off does not push the others out of a timeline", "[timeline]") {
  ReportsIndex index;
  index.put({{"a", "strike", "2024-03-01"},
             {"b", "strike", "2024-03-03"},
             {"c", "strike", "2099-01-01"},
             {"d", "strike", "1001-01-01"}});
  const Timeline timeline = *index.search(counted("strike", {}, Period::Day)).timeline;
  CHECK(timeline.gaps);
  CHECK(timeline.earlier == 0);
  CHECK(rows(timeline) == Rows{{"1001-01-01", 1}, {"2024-03-01", 1}, {"2024-03-03", 1}, {"2099-01-01", 1}});
}

TEST_CASE("of more days than a timeline lists the newest are listed, and the others counted", "[timeline]") {
  ReportsIndex index;
  std::vector<Told> reports;
  for (std::int64_t day = 0; day < 450; ++day)
    reports.push_back({std::to_string(day), "strike", iso_of(day * 2 * 86400).substr(0, 10)});
  index.seal(reports);
  const Timeline timeline = *index.search(counted("strike", {}, Period::Day)).timeline;
  CHECK(timeline.buckets.size() == kTimelineBuckets);
  CHECK(timeline.earlier == 50);
  CHECK(timeline.buckets.back().start == iso_of(449 * 2 * 86400).substr(0, 10));
}

TEST_CASE("what is counted is bounded, and not all said to be", "[facets]") {
  ReportsIndex index;
  index.seal({{"a", "strike"}, {"b", "strike"}, {"c", "strike"}});
  index.put({{"d", "strike"}});
  index.read([](const Snapshot& snapshot) {
    const auto all = matched(snapshot, snapshot.living(Xapian::Query("strike")), 4);
    CHECK(all.count() == 4);
    CHECK(all.all);
    const auto some = matched(snapshot, snapshot.living(Xapian::Query("strike")), 2);
    CHECK(some.count() == 2);
    CHECK_FALSE(some.all);
  });
}
