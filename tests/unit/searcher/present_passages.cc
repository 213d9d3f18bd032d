// SPDX-License-Identifier: GPL-2.0-or-later
#include <chrono>

#include "searcher/present/passages.h"
#include "tests/unit/catch.h"

using namespace tidings;
using namespace tidings::searcher;

namespace {

std::size_t points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

/// The code points [begin, end) of a text.
std::string slice(const std::string& text, std::uint32_t begin, std::uint32_t end) {
  std::string out;
  std::uint32_t point = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && (text[i] & 0xC0) != 0x80) ++point;
    if (point >= begin && point < end) out += text[i];
  }
  return out;
}

using Strings = std::vector<std::string>;

Strings marked(const Passage& passage) {
  Strings out;
  for (const auto& [begin, end] : passage.marks) out.push_back(slice(passage.text, begin, end));
  return out;
}

Highlights words(std::initializer_list<const char*> terms) {
  Highlights highlights;
  for (const char* term : terms) highlights.terms.insert(term);
  return highlights;
}

Highlights stems(std::initializer_list<const char*> of) {
  Highlights highlights;
  for (const char* stem : of) highlights.stems.insert(stem);
  return highlights;
}

Range range_of(const std::string& text, const std::string& part) {
  const auto at = static_cast<std::uint32_t>(text.find(part));
  return {at, at + static_cast<std::uint32_t>(part.size())};
}

Report report(const std::string& text, const std::string& headline = {},
              const std::string& boilerplate = {}) {
  Report report;
  report.text = text;
  if (!headline.empty()) report.headline = range_of(text, headline);
  if (!boilerplate.empty()) report.boilerplate = {range_of(text, boilerplate)};
  return report;
}

/// Passages, after what holds of any: bounded, one line, marks sorted, disjoint and within the text.
std::vector<Passage> found_with(const Report& of, const Highlights& highlights) {
  Analyzer analyzer({"en"});
  const auto out = passages(of, highlights, analyzer);
  CHECK(out.size() <= kMostPassages);
  for (const auto& passage : out) {
    CHECK(points(passage.text) <= kPassageChars + 2);
    CHECK(passage.text.find('\n') == std::string::npos);
    CHECK_FALSE(passage.text.empty());
    std::uint32_t last = 0;
    for (const auto& [begin, end] : passage.marks) {
      CHECK(begin >= last);
      CHECK(begin < end);
      CHECK(end <= points(passage.text));
      last = end;
    }
  }
  return out;
}

Strings texts_of(const std::vector<Passage>& of) {
  Strings out;
  for (const auto& passage : of) out.push_back(passage.text);
  return out;
}

constexpr const char* kHeadline = "Workers at the Coventry warehouse begin a second day of strike";
constexpr const char* kStory =
    "Hundreds walked out at midnight. The union asks for more pay. A picket stood in the rain.";

}  // namespace

TEST_CASE("a passage is the sentence that has the word, and marks it", "[passages]") {
  const auto out = found_with(report(kStory), words({"union"}));
  REQUIRE(out.size() == 1);
  CHECK(out[0].text == "The union asks for more pay.");
  CHECK(marked(out[0]) == Strings{"union"});
}

TEST_CASE("marks are code points, whatever the script", "[passages]") {
  struct Case {
    const char *text, *term, *mark;
  };
  const auto [text, term, mark] = GENERATE(values<Case>({
      {"Das Café öffnet für Häftlinge.", "haftlinge", "Häftlinge"},
      {"Cafe\xCC\x81 owners ne\xCC\x81"
       "e strike",
       "cafe", "Cafe\xCC\x81"},
      {"😀👩‍👩‍👧 the strike 😀", "strike", "strike"},
      {"Ὀδυσσεὺς ἀπεργία ἤ", "απεργια", "ἀπεργία"},
      {"إضراب العمال في الميناء", "العمال", "العمال"},
      {"ＦＵＬＬ ＷＩＤＴＨ strike", "width", "ＷＩＤＴＨ"},
      {"co\xC2\xADoperation helps", "cooperation", "co\xC2\xADoperation"},
  }));
  CAPTURE(text);
  const auto out = found_with(report(text), words({term}));
  REQUIRE(out.size() == 1);
  CHECK(out[0].text == text);
  CHECK(marked(out[0]) == Strings{mark});
}

TEST_CASE("words of Chinese are marked without spaces between them", "[passages]") {
  Analyzer analyzer({"en"});
  const std::string text = "港口工人今天举行罢工。";
  std::string first;
  analyzer.analyze(text, [&](const Token& token) {
    if (first.empty()) first = token.term;
  });
  const auto out = found_with(report(text), words({first.c_str()}));
  REQUIRE(out.size() == 1);
  CHECK(marked(out[0]) == Strings{first});
}

TEST_CASE("a form of a word is marked by its stem, a phrase only where it stands", "[passages]") {
  CHECK(marked(found_with(report("They strike; strikes go on, and strikers too."), stems({"strike"}))[0]) ==
        Strings{"strike", "strikes"});
  Highlights phrase;
  phrase.phrases.insert({"second", "day"});
  const auto out = found_with(report("A second strike on the day. The second day of it."), phrase);
  REQUIRE(out.size() == 1);
  CHECK(out[0].text == "The second day of it.");
  CHECK(marked(out[0]) == Strings{"second", "day"});
}

TEST_CASE("what overlaps is marked once", "[passages]") {
  const auto out =
      found_with(report("Write to info@example.org now."), words({"info@example.org", "example", "info"}));
  REQUIRE(out.size() == 1);
  CHECK(marked(out[0]) == Strings{"info@example.org"});
}

TEST_CASE("the sentences with the most different words are shown, as they stand in the report",
          "[passages]") {
  const std::string text = "Pay is low. The strike goes on. Nothing here. The strike is for pay. Rain fell.";
  CHECK(texts_of(found_with(report(text), words({"strike", "pay"}))) == Strings{"The strike is for pay."});
  SECTION("a second one where it shows another word") {
    CHECK(texts_of(found_with(report(text), words({"strike", "rain"}))) ==
          Strings{"The strike goes on.", "Rain fell."});
  }
  SECTION("the same word over and over is no better than two words") {
    CHECK(texts_of(found_with(report("Pay pay pay pay pay. The strike is for pay."),
                              words({"strike", "pay"}))) == Strings{"The strike is for pay."});
  }
}

TEST_CASE("a sentence does not end where a word is shortened", "[passages]") {
  CHECK(texts_of(found_with(report("It rained. Mr. Smith of the union spoke to Mrs. Jones. Nobody left."),
                            words({"union"}))) == Strings{"Mr. Smith of the union spoke to Mrs. Jones."});
  CHECK(texts_of(found_with(report("It rained in the U.S. Senate. The union spoke at 5 p.m. on Monday."),
                            words({"union"}))) == Strings{"The union spoke at 5 p.m. on Monday."});
}

TEST_CASE("the headline and boilerplate are never shown", "[passages]") {
  const std::string tail = "Leave a reply to the union, and your pay will not be published";
  const std::string text = std::string(kHeadline) + "\n" + kStory + "\n" + tail + "\nThe end came in March.";
  const Report all = report(text, kHeadline, tail);
  SECTION("where the story has the word, be it on the next line") {
    CHECK(texts_of(found_with(all, words({"walked"}))) == Strings{"Hundreds walked out at midnight."});
    CHECK(texts_of(found_with(all, words({"march"}))) == Strings{"The end came in March."});
    CHECK(texts_of(found_with(all, words({"union"}))) == Strings{"The union asks for more pay."});
  }
  SECTION("and where it has not: then the story begins") {
    const auto term = GENERATE("coventry", "reply", "nowhere");
    CAPTURE(term);
    const auto out = found_with(all, words({term}));
    REQUIRE(out.size() == 1);
    CHECK(out[0].text == "Hundreds walked out at midnight.");
    CHECK(out[0].marks.empty());
  }
  SECTION("a report that is nothing else has no passage") {
    CHECK(found_with(report(kHeadline, kHeadline), words({"strike"})).empty());
    CHECK(found_with(report(tail, {}, tail), words({"reply"})).empty());
    CHECK(found_with(report(""), words({"reply"})).empty());
  }
}

TEST_CASE("a story begins with its first whole sentence, not with a date, a byline or its title",
          "[passages]") {
  const auto opening = [](const std::string& text, const std::string& title = {}) {
    Report told = report(text);
    told.title = title;
    const auto out = found_with(told, words({"nowhere"}));
    REQUIRE(out.size() == 1);
    return out[0].text;
  };
  CHECK(opening("19 September 2023\n\nFrom our reporter in Leeds · 3 min read\n\nThe gate was shut at six, "
                "and stayed shut.") == "The gate was shut at six, and stayed shut.");
  CHECK(opening("17. Mai 2024, 16:45 Uhr\n\nDie erste Verhandlung endete ohne jedes Ergebnis.") ==
        "Die erste Verhandlung endete ohne jedes Ergebnis.");
  CHECK(opening("名古屋\n\n名古屋港のコンテナターミナルで二十四時間のストライキが行われた。") ==
        "名古屋港のコンテナターミナルで二十四時間のストライキが行われた。");
  CHECK(opening("Marseille, le 3 mai 2024.\n\nLes dockers tiennent les accès du port.") ==
        "Les dockers tiennent les accès du port.");
  CHECK(opening("Order: 40 helmets\nAnd gloves") == "Order: 40 helmets");  // there is none
  CHECK(opening("date 2023-02-27 The leader of the union has come to Hull.\n\nShe said that she would stay.",
                "The leader of the union has come to Hull.") == "She said that she would stay.");
  CHECK(opening("The union has come to Hull, and its leader will stay for a week.",
                "The union has come to Hull") ==
        "The union has come to Hull, and its leader will stay for a week.");
}

TEST_CASE("lines that were only wrapped are joined, and short ones are not", "[passages]") {
  CHECK(texts_of(found_with(report("The workers of the port went on strike at the\nbeginning of March."),
                            words({"strike"}))) ==
        Strings{"The workers of the port went on strike at the beginning of March."});
  CHECK(texts_of(found_with(report("Port strike\nThe workers met."), words({"strike"}))) ==
        Strings{"Port strike"});
  CHECK(texts_of(found_with(report("The workers of the port went on strike at last\n\nIn March it rained."),
                            words({"strike"}))) == Strings{"The workers of the port went on strike at last"});
  CHECK(texts_of(found_with(report("tab\tstrike\tend"), words({"strike"}))) == Strings{"tab strike end"});
}

TEST_CASE("a long sentence is cut at words, with … on the side that is cut, and shows its word",
          "[passages]") {
  std::string long_text;
  for (int i = 0; i < 100; ++i) long_text += "wörter ";
  SECTION("before and after") {
    const auto out = found_with(report(long_text + "strike " + long_text), words({"strike"}));
    REQUIRE(out.size() == 1);
    CHECK(marked(out[0]) == Strings{"strike"});
    CHECK(out[0].text.starts_with("…wörter "));
    CHECK(out[0].text.ends_with(" wörter…"));
    CHECK(points(out[0].text) > kPassageChars / 2);
  }
  SECTION("after alone") {
    const auto out = found_with(report("The strike " + long_text), words({"strike"}));
    CHECK(out[0].text.starts_with("The strike wörter"));
    CHECK(out[0].text.ends_with("wörter…"));
  }
  SECTION("before alone") {
    const auto out = found_with(report(long_text + "strike"), words({"strike"}));
    CHECK(out[0].text.starts_with("…wörter"));
    CHECK(out[0].text.ends_with(" strike"));
  }
  SECTION("where there are no spaces, within a word, and never within a character") {
    std::string han;
    for (int i = 0; i < 1000; ++i) han += "港";
    const auto out = found_with(report("x " + han + " strike " + han), words({"strike"}));
    REQUIRE(out.size() == 1);
    CHECK(marked(out[0]) == Strings{"strike"});
    CHECK(points(out[0].text) > kPassageChars / 2);
    for (const auto& c : {out[0].text}) CHECK(c.find("\xEF\xBF\xBD") == std::string::npos);
  }
}

TEST_CASE("a hostile text takes no time to speak of", "[passages]") {
  const std::string mib(1 << 20, 'a');
  std::string many, lines, dots, combining = "a";
  for (int i = 0; i < 100'000; ++i) many += "strike ";
  for (int i = 0; i < 200'000; ++i) lines += "strike\n";
  for (int i = 0; i < 200'000; ++i) dots += "A. ";
  for (int i = 0; i < 200'000; ++i) combining += "\xCC\x81";
  std::string han;
  for (int i = 0; i < 100'000; ++i) han += "港";
  const std::pair<const char*, std::string> cases[] = {{"no space", mib},
                                                       {"no space, then a word", mib + " strike"},
                                                       {"100,000 marks", many},
                                                       {"200,000 lines", lines},
                                                       {"200,000 sentences", dots + "strike"},
                                                       {"combining", combining + " strike"},
                                                       {"han", han + " strike"},
                                                       {"spaces", std::string(1 << 20, ' ') + "strike"},
                                                       {"line ends", std::string(1 << 20, '\n') + "strike"}};
  for (const auto& [name, text] : cases) {
    CAPTURE(name);
    Highlights highlights = words({"strike"});
    highlights.phrases.insert({"strike", "strike", "strike"});
    const auto begin = std::chrono::steady_clock::now();
    (void)found_with(report(text), highlights);
    // Some ms without sanitizers; what is quadratic takes minutes.
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
  }
}

TEST_CASE("byte ranges become code points in one pass", "[passages]") {
  const std::string text = "aé港😀z";
  CHECK(to_code_points(text, {{0, 1}, {1, 3}, {3, 6}, {6, 10}, {10, 11}}) ==
        std::vector<std::pair<std::uint32_t, std::uint32_t>>{{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}});
  CHECK(to_code_points("", {}).empty());
}

TEST_CASE("words are found in a title too, sorted and disjoint", "[passages]") {
  Analyzer analyzer({"en"});
  const std::string title = "Strike at A-Company: strikes";
  CHECK(find_marks(title, words({"strike", "a", "company", "strikes"}), analyzer) ==
        std::vector<Range>{{0, 6}, {10, 11}, {12, 19}, {21, 28}});
}
