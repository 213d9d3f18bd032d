// SPDX-License-Identifier: GPL-2.0-or-later
// What may be meant: edits, misspelt words, words as they are typed, reports like one.
#include <random>

#include "config/nearest.h"
#include "searcher/match/edits.h"
#include "searcher/match/likeness.h"
#include "searcher/match/suggest.h"
#include "tests/unit/searcher/reports_index.h"

using namespace tidings;
using namespace tidings::searcher;
using namespace tidings::test;
using Names = std::vector<std::string>;

namespace {

std::vector<Told> repeated(const std::string& name, const std::string& text, int times) {
  std::vector<Told> reports;
  for (int i = 0; i < times; ++i) reports.push_back({name + std::to_string(i), text});
  return reports;
}

std::optional<std::string> meant(const ReportsIndex& index, const std::string& text, bool plain = false) {
  SearchRequest request;
  request.text = text;
  request.plain = plain;
  request.suggest = true;
  return index.search(request).suggestion;
}

SuggestAnswer suggested(const ReportsIndex& index, const std::string& text, std::size_t words = 10) {
  auto answer = index.searcher().suggest({.text = text, .words = words});
  REQUIRE(answer);
  return *answer;
}

Names texts(const SuggestAnswer& answer) {
  Names texts;
  for (const auto& word : answer.words) texts.push_back(word.text);
  return texts;
}
Names titles(const SuggestAnswer& answer) {
  Names titles;
  for (const auto& title : answer.titles) titles.push_back(title.title);
  return titles;
}

}  // namespace

TEST_CASE("edits are counted in letters, up to a bound", "[meant]") {
  const auto [a, b, edits] = GENERATE(table<std::string, std::string, std::size_t>({
      {"strike", "strike", 0},
      {"strike", "strikes", 1},
      {"strike", "stirke", 1},
      {"strike", "trike", 1},
      {"strike", "spike", 2},
      {"strike", "srtikes", 2},
      {"strike", "port", 3},
      {"забастовка", "забостовка", 1},
      {"забастовка", "забсатовка", 1},
      {"ab", "ba", 1},
      {"", "ab", 2},
      {"", "abc", 3},
  }));
  CAPTURE(a, b);
  CHECK(EditsFrom(a, 2).to(b) == edits);
  CHECK(EditsFrom(b, 2).to(a) == edits);
}

TEST_CASE("edits of any two words are those of the plain algorithm", "[meant]") {
  std::mt19937 random(7);  // NOLINT: the same words each time
  const auto word = [&] {
    std::string letters;
    for (auto n = random() % 9; n > 0; --n) letters += static_cast<char>('a' + random() % 4);
    return letters;
  };
  for (int i = 0; i < 20000; ++i) {
    const std::string a = word(), b = word();
    const std::size_t most = random() % 4;
    if (EditsFrom(a, most).to(b) != std::min(config::edit_distance(a, b), most + 1))
      FAIL(a << " " << b << " " << most);
  }
  const std::string longest(EditsFrom::kLongest, 'a');
  CHECK(EditsFrom(longest, 1).to(longest) == 0);
  CHECK(EditsFrom(longest + "a", 1).to(longest + "a") == 2);  // past the bound: near to nothing
}

TEST_CASE("where nothing is found, the query is told with its words put right", "[meant]") {
  ReportsIndex index;
  index.seal(repeated("a", "The Coventry strike: pay talks at the depot", 4));
  index.put(repeated("b", "Coventry strike in its second day", 3));
  const auto [typed, right] = GENERATE(table<std::string, std::string>({
      {"covantry", "coventry"},
      {"strkie covantry", "strike coventry"},
      {"Covantry  (strkie OR depto)", "coventry  (strike OR depot)"},
      {"\"covantry strike\"", "\"coventry strike\""},
      {"\"secnd day\" strike", "\"second day\" strike"},
      {"deopt", "depot"},
      {"covantry -depot type:text", "coventry -depot type:text"},
  }));
  CHECK(meant(index, typed) == right);
  if (typed == "strkie covantry") CHECK(meant(index, typed, true) == right);
}

TEST_CASE("what is found, or near to nothing, or leads to nothing, is not put right", "[meant]") {
  ReportsIndex index;
  index.seal(repeated("a", "The Coventry strike: pay talks at the depot 30000", 4));
  const std::string typed = GENERATE(values<std::string>(
      {"coventry", "strikes", "xylophone", "dpt", "30001", "coventry -strkie", "covantry xylophone",
       "type:text", "path:covantry", "the abuot", "\xff\xc3 covantry"}));
  CAPTURE(typed);
  CHECK_FALSE(meant(index, typed));
}

TEST_CASE("a word that some reports have gives way only to one that many more have", "[meant]") {
  ReportsIndex index;
  index.seal(repeated("a", "coventry", 39));
  index.put({{"x", "covantry"}, {"y", "covantry"}});
  CHECK_FALSE(meant(index, "covantry"));
  index.put({{"z", "coventry"}});
  CHECK(meant(index, "covantry") == "coventry");
}

TEST_CASE("the word that more reports have is meant, and an edit is dear", "[meant]") {
  ReportsIndex index;
  index.seal(repeated("a", "barge", 6));
  index.seal(repeated("b", "large", 40));
  index.seal(repeated("c", "batch", 2));
  CHECK(meant(index, "barde") == "barge");        // "large" is two edits away, and the word too short for two
  CHECK(meant(index, "larges") == std::nullopt);  // a form of what is there
}

TEST_CASE("no word of a report that was removed is suggested", "[meant]") {
  ReportsIndex index;
  index.seal({{"a", "basilisk at the port", "2024", "", "text", "", "Basilisk seen"}, {"b", "basic port"}});
  index.put({{"c", "basilica at the port"}});
  CHECK(meant(index, "basilsk") == "basilisk");
  CHECK(texts(suggested(index, "basili")) == Names{"basilica", "basilisk"});
  CHECK(titles(suggested(index, "basili")) == Names{"Basilisk seen"});
  index.remove("a");
  index.remove("c");
  CHECK_FALSE(meant(index, "basilsk"));
  CHECK_FALSE(meant(index, "basillica"));
  CHECK(texts(suggested(index, "basili")).empty());
  CHECK(titles(suggested(index, "basili")).empty());
}

TEST_CASE("words are suggested by how many reports have them, what was typed before kept", "[meant]") {
  ReportsIndex index;
  index.seal({{"a", "strike strikes the strand"}, {"b", "strike strand these"}, {"c", "strike"}});
  index.put({{"d", "strand café 30000 x"}});
  const auto answer = suggested(index, "Coventry  STR");
  CHECK(texts(answer) == Names{"Coventry  strand", "Coventry  strike", "Coventry  strikes"});
  CHECK(answer.words.at(0).reports == 3);
  CHECK(answer.words.at(0).word == "strand");
  CHECK(answer.complete);
  CHECK(texts(suggested(index, "str", 1)) == Names{"strand"});
  CHECK(texts(suggested(index, "th")).empty());  // the, these: too common to tell anything
  CHECK(texts(suggested(index, "CAFÉ")) == Names{"cafe"});
  CHECK(texts(suggested(index, "30")) == Names{"30000"});
  for (const char* nothing : {"", " ", "strike ", "strike (", "nowhere", "S\xff"}) {
    CAPTURE(nothing);
    CHECK(texts(suggested(index, nothing)).empty());
  }
  CHECK_FALSE(suggested(index, std::string(5000, 'x')).complete);
  CHECK_FALSE(index.searcher().suggest({.text = "a", .words = kMostSuggestions + 1}));
}

TEST_CASE("titles are suggested that have all words, the last one as a beginning, the newest first",
          "[meant]") {
  ReportsIndex index;
  index.seal({{"a", "x", "2022", "", "text", "", "Coventry strike begins"},
              {"b", "coventry strike", "2023", "", "text", "", "Port talks"}});
  index.put({{"c", "x", "2024", "", "text", "", "Strikers of Coventry"}});
  CHECK(titles(suggested(index, "cov")) == Names{"Strikers of Coventry", "Coventry strike begins"});
  CHECK(titles(suggested(index, "coventry strik")) ==
        Names{"Strikers of Coventry", "Coventry strike begins"});
  CHECK(titles(suggested(index, "coventry beg")) == Names{"Coventry strike begins"});
  CHECK(titles(suggested(index, "coventry ")) == Names{"Strikers of Coventry", "Coventry strike begins"});
  CHECK(titles(suggested(index, "")).empty());
  CHECK(suggested(index, "cov").titles.at(0).path == "news:c");
}

TEST_CASE("reports like one share what is rare in it, and it is not among them", "[meant]") {
  ReportsIndex index;
  index.seal(
      {{"a", "Lashers at Felixstowe refuse to work in high wind", "2024", "", "text", "", "Lashers refuse"},
       {"b", "High wind again: lashers refuse at Rotterdam"},
       {"c", "A quiet day at the lighthouse, at work"},
       {"d", "Pay talks at work, at the depot"}});
  index.put({{"e", "Felixstowe counts its containers"}});
  const auto like = [&](const std::string& path) {
    auto answer = index.searcher().similar({.path = path});
    INFO((answer ? "" : answer.error().what));
    REQUIRE(answer);
    return *answer;
  };
  const Answer answer = like("news:a");
  REQUIRE(answer.hits.size() >= 2);
  CHECK(answer.hits[0].key.path == "b");
  CHECK(answer.hits[1].key.path == "e");
  for (const auto& hit : answer.hits) CHECK(hit.key.path != "a");
  CHECK(answer.understood.starts_with("reports like \"Lashers refuse\", by the words "));
  CHECK_FALSE(answer.hits[0].passages.at(0).marks.empty());
  SECTION("nor is what was removed") {
    index.remove("b");
    for (const auto& hit : like("news:a").hits) CHECK(hit.key.path != "b");
  }
  SECTION("a report that shares nothing is like none") {
    index.put({{"alone", "zymurgy xylophone"}, {"empty", ""}});
    CHECK(like("news:alone").hits.empty());
    CHECK(like("news:empty").hits.empty());
  }
  SECTION("one that is not there is told") {
    const auto none = index.searcher().similar({.path = "news:nowhere"});
    REQUIRE_FALSE(none);
    CHECK(none.error().code == Error::Code::NotFound);
  }
  SECTION("its scores add up, too") {
    auto explained = index.searcher().similar({.path = "news:a", .explain = true});
    REQUIRE(explained);
    for (const auto& hit : explained->hits) {
      double sum = 0;
      for (const auto& part : hit.explanation) sum += part.score;
      CHECK(sum == Approx(hit.score));
    }
  }
}

TEST_CASE("boilerplate says nothing of what a report is about", "[meant]") {
  ReportsIndex index;
  index.seal({{"a", "cookie notice"},
              {"b", "cookie notice"},
              {"c", "lashers refuse"},
              {"d", "peace"},
              {"e", "quiet"}});
  index.read([](const Snapshot& snapshot) {
    Analyzer analyzer({"en"});
    Report report;
    report.text = "Cookie notice. Lashers refuse. Cookie notice.";
    report.boilerplate = {{0, 14}, {31, 45}};
    CHECK(likeness_of(report, snapshot, analyzer).words.empty());  // no other report has lashers
    report.boilerplate = {{0, 14}};
    CHECK(likeness_of(report, snapshot, analyzer).words == Names{"cookie", "notice"});
  });
}
