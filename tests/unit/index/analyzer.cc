// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/analyzer.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/catch.h"

using namespace tidings;

namespace {

/// Words as they are, wholes as [whole/span] and extras as (extra), in order of position; wholes and extras
/// after the word.
std::string shown(std::string_view text) {
  Analyzer analyzer;
  std::vector<std::pair<std::uint32_t, std::string>> found;
  analyzer.analyze(text, [&](const Token& token) {
    std::string term(token.term);
    if (token.kind == TokenKind::Whole) term = "[" + term + "/" + std::to_string(token.span) + "]";
    if (token.kind == TokenKind::Extra) term = "(" + term + ")";
    found.emplace_back(token.position, term);
  });
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string out;
  for (const auto& [position, term] : found) out.append(out.empty() ? "" : " ").append(term);
  return out;
}

std::vector<std::string> terms(std::string_view text) {
  std::vector<std::string> out;
  Analyzer().analyze(text, [&](const Token& token) { out.emplace_back(token.term); });
  return out;
}

struct Case {
  const char *text, *expected;
};

}  // namespace

TEST_CASE("a word is a run of letters and digits, with the apostrophes inside it", "[analyzer]") {
  const auto c = GENERATE(values<Case>({
      {"Rugeley voted; BHX4 left at 3pm.", "rugeley voted bhx4 left at 3pm"},
      {"Amazon\u2019s \u2018offer\u2019 isn't", "amazon's offer isn't"},
      {"they didn\u2019t\u201cmake it\u201d", "they didn't make it"},
      {"'90s workers' rock'n'roll", "90s workers rock'n'roll"},
      {"cafe\u0301 café CAFÉ", "cafe cafe cafe"},
      {"co\u00adoperate ware\u00ad\nhouse end\u00ad", "cooperate warehouse end"},
      {"one\u2013two\u2014three", "one two three"},
      {"l\u2019état d'accord dell'uomo", "l'etat (etat) d'accord (accord) dell'uomo (uomo)"},
      {"a\xff\x62 \xc3", "a b"},
      {"29% \U0001f600 \u00bd \u0301", "29"},
      {"and/or 10:30", "and or 10 30"},
      {"", ""},
  }));
  CAPTURE(c.text);
  CHECK(shown(c.text) == c.expected);
}

TEST_CASE("words that are joined are words of their own, and a whole beside them", "[analyzer]") {
  const auto c = GENERATE(values<Case>({
      {"the A-Company", "the a [acompany/2] company"},
      {"pre-empt", "pre [preempt/2] empt"},
      {"pre- empt", "pre [preempt/2] empt"},
      {"pre-\nempt", "pre [preempt/2] empt"},
      {"pre\u2010empt pre\u2011empt", "pre [preempt/2] empt pre [preempt/2] empt"},
      {"pre- and post-war", "pre and post [postwar/2] war"},
      {"Ein- und Ausgang", "ein und ausgang"},
      {"strike- Coventry", "strike coventry"},
      {"a 4-500 crowd", "a 4 [4-500/2] 500 crowd"},
      {"mail info@example.org.", "mail info [info@example.org/3] example org"},
      {"node.js a_b AT&T", "node [node.js/2] js a [a_b/2] b at [at&t/2] t"},
      {"strike.The", "strike [strike.the/2] the"},
      {"U.S.A. and the U.S., e.g. É.U.", "usa and the us eg eu"},
      {"C++ C# C++20 a+b", "c [c++/1] c [c#/1] c [c++/1] 20 a b"},
      {"https://www.example.org/a", "https www [www.example.org/3] example org a"},
      {"version 1.2.3", "version 1 [1.2.3/3] 2 3"},
      {"a-b-c-d-e-f-g-h-i", "a b c d e f g h i"},
      {"-a- .b. _c_ &d&", "a b c d"},
  }));
  CAPTURE(c.text);
  CHECK(shown(c.text) == c.expected);
}

TEST_CASE("a compound too long for a term has no whole, and none of a part of it", "[analyzer]") {
  const std::string a(100, 'a'), b(97, 'b');
  CHECK(terms(a + "-" + b + "-c") == std::vector<std::string>{a, b, "c", a + b + "c"});
  CHECK(terms(a + "-" + b + "-c-d") == std::vector<std::string>{a, b, "c", "d"});
  CHECK(terms("#" + a + "_" + b + "_c_d") == std::vector<std::string>{a, b, "c", "d"});
}

TEST_CASE("a number is one word however its thousands and decimals are written", "[analyzer]") {
  const auto c = GENERATE(values<Case>({
      {"30,000 30\u00a0000 30\u202f000 30000", "30000 30000 30000 30000"},
      {"30 000", "30 000"},
      {"1.500.000 1,500,000", "1500000 1500000"},
      {"1.500", "1.500 (1500)"},
      {"10,50 10.50", "10.50 10.50"},
      {"1,500.50 1.500,50", "1500.50 1500.50"},
      {"0,500 007 1234,567", "0.500 007 1234.567"},
      {"3,4,5 2020,2021", "3 4 5 2020 2021"},
      {"12,34,567", "12 34 567"},
      {"30,000th 30,000-strong", "30000th (30000) 30000 [30000-strong/2] strong"},
      {"３０，０００ ١٢", "30 000 12"},
      {"in 2023, 500", "in 2023 500"},
  }));
  CAPTURE(c.text);
  CHECK(shown(c.text) == c.expected);
}

TEST_CASE("money is asked for with its sign first, wherever the sign stood", "[analyzer]") {
  const auto c = GENERATE(values<Case>({
      {"£10.50 an hour", "10.50 [£10.50/1] an hour"},
      {"10,50 € 10.50€", "10.50 [€10.50/1] 10.50 [€10.50/1]"},
      {"$30 US$30 ￥30", "30 [$30/1] us 30 [$30/1] 30 [¥30/1]"},
      {"£1.5bn", "1.5bn (1.5) [£1.5bn/1]"},
      {"5 €20", "5 20 [€20/1]"},
      {"5 € 20", "5 [€5/1] 20"},
      {"£ and $", "and"},
  }));
  CAPTURE(c.text);
  CHECK(shown(c.text) == c.expected);
}

TEST_CASE("a hashtag is found with its sign, without it, and by its words", "[analyzer]") {
  const auto c = GENERATE(values<Case>({
      {"#BAmazonUnion", "bamazonunion (amazon) (union) [#bamazonunion/1]"},
      {"#XMLHttpRequest", "xmlhttprequest (xml) (http) (request) [#xmlhttprequest/1]"},
      {"#strike", "strike [#strike/1]"},
      {"#strike_now", "strike [#strike_now/2] [strike_now/2] now"},
      {"@AmazonUK", "amazonuk [@amazonuk/1]"},
      {"issue#5 # 5", "issue 5 5"},
  }));
  CAPTURE(c.text);
  CHECK(shown(c.text) == c.expected);
}

TEST_CASE("scripts without spaces are cut into words, others beside them are not", "[analyzer]") {
  CHECK(shown("中文分词 BHX4工人") == "中文 分词 bhx4 工人");
  CHECK(shown("ภาษาไทย") == "ภาษา ไทย");
  CHECK(shown("한국어 말") == "한국어 말");
  SECTION("and a run of any length loses none") {
    std::string run;
    for (int i = 0; i < 5000; ++i) run += "中文";
    CHECK(terms(run).size() == 5000);
  }
}

TEST_CASE("a token says where it stands in the text", "[analyzer]") {
  const std::string text = "Pay: £10.50, pre-\nempt #BigStrike l\u2019état";
  std::vector<std::string> slices;
  const auto last = Analyzer().analyze(
      text,
      [&](const Token& token) {
        slices.push_back(std::to_string(token.position) + " " +
                         text.substr(token.begin, token.end - token.begin));
      },
      7);
  CHECK(last == 12);
  CHECK(slices == std::vector<std::string>{"7 Pay", "8 10.50", "8 £10.50", "9 pre", "10 empt", "9 pre-\nempt",
                                           "11 BigStrike", "11 BigStrike", "11 BigStrike", "11 #BigStrike",
                                           "12 l\u2019état", "12 l\u2019état"});
  CHECK(Analyzer().analyze("...", [](const Token&) { FAIL("no word is here"); }) == 0);
}

TEST_CASE("a word too long for the index is found by its hash, its case notwithstanding", "[analyzer]") {
  const std::string longest(Analyzer::kTermMax, 'x'), longer = longest + "x", capitals(longer.size(), 'X');
  CHECK(terms(longest) == std::vector{longest});
  REQUIRE(terms(longer).size() == 1);
  CHECK(terms(longer)[0].starts_with("\u2026"));
  CHECK(terms(longer)[0].size() == 3 + 32);
  CHECK(terms(longer) == terms(capitals));
  CHECK(terms(longer) != terms(longer + "x"));
  CHECK(terms(longest + "-y") == std::vector<std::string>{longest, "y"});
}

TEST_CASE("a term that is analyzed again is the same term, and so is either normal form", "[analyzer]") {
  const std::string text =
      GENERATE("The café’s £1,500.50 U.S.A. l’été 30,000th 1.500 kg", "Łódź — Ærø, İstanbul 'n' ŉa ǆ Ⅷ m² ﬁn",
               "Ёлка й Київ м’ята за\u0301мок", "مُحَمَّد أحمد مؤتمر", "हिन्दी में हड़ताल", "한국어 중앙",
               "Ὀδυσσεύς ᾳ ΐ", "東京のストライキ");
  UErrorCode status = U_ZERO_ERROR;
  std::string composed, decomposed;
  const auto source = icu::UnicodeString::fromUTF8(text);
  icu::Normalizer2::getNFCInstance(status)->normalize(source, status).toUTF8String(composed);
  icu::Normalizer2::getNFDInstance(status)->normalize(source, status).toUTF8String(decomposed);
  REQUIRE(U_SUCCESS(status));
  CHECK(terms(composed) == terms(decomposed));

  std::vector<std::string> words;
  Analyzer().analyze(text, [&](const Token& token) {
    if (token.kind == TokenKind::Word) words.emplace_back(token.term);
  });
  CHECK_FALSE(words.empty());
  for (const auto& word : words) {
    CAPTURE(word);
    REQUIRE_FALSE(terms(word).empty());
    CHECK(terms(word)[0] == word);
  }
}

TEST_CASE("stems bring the forms of a word together, once for each language", "[analyzer]") {
  Analyzer english;
  const auto stem = [](Analyzer& analyzer, std::string_view word) {
    const auto stems = analyzer.stems(word);
    return std::vector<std::string>(stems.begin(), stems.end());
  };
  CHECK(stem(english, "amazon's") == stem(english, "amazon"));
  CHECK(stem(english, "striking") == std::vector<std::string>{"strike"});
  for (const char* unstemmed : {"bhx4", "10.50", "\u2026abcdef", "info@example.org", "#strike", "£10", ""})
    CHECK(english.stems(unstemmed).empty());

  Analyzer both({"en", "de"});
  CHECK(stem(both, "strikes") == std::vector<std::string>{"strike", "strik"});
  CHECK(stem(both, "dock").size() == 1);
  CHECK(both.languages() == std::vector<std::string>{"en", "de"});

  Analyzer none({"none"});
  CHECK(none.stems("strikes").empty());
  CHECK_THROWS_AS(Analyzer({"xx"}), std::invalid_argument);
  CHECK_THROWS_WITH(
      Analyzer({"english"}),
      "no stemmer is known for the language 'english'; there are: ar ca da de en es eu fi fr ga hu hy "
      "id it lt nb ne nl nn no pt ro ru sv ta tr none");
}

TEST_CASE("stems begin as their words do in all languages of which that is said", "[analyzer]") {
  const std::vector<std::vector<std::string>> scripts = {
      {"a", "e", "i", "o", "u", "y", "b", "d", "g", "h", "k", "l", "m", "n", "r", "s", "t", "z"},
      {"а", "е", "и", "о", "у", "к", "л", "н", "п", "р", "с", "т"},
      {"ա", "ե", "ի", "կ", "ն", "ր", "ս"},
      {"क", "न", "र", "म", "ल", "ह"}};
  const std::string endings[] = {"",    "s",     "ing",   "edly", "heit", "ungen", "ement",
                                 "aux", "lerin", "ность", "ями",  "ssa",  "hoz",   "lar"};
  std::mt19937 random(1);
  for (const std::string language : {"ca", "da", "de", "en", "es", "eu", "fi", "fr", "hu", "hy",
                                     "it", "lt", "nb", "ne", "nl", "pt", "ro", "ru", "sv", "tr"}) {
    REQUIRE(stems_begin_as_words(language));
    Analyzer analyzer({language});
    for (int i = 0; i < 4000; ++i) {
      const auto& letters = scripts[static_cast<std::size_t>(i) % scripts.size()];
      std::string word;
      for (auto length = 2 + random() % 7; length > 0; --length) word += letters[random() % letters.size()];
      word += endings[random() % std::size(endings)];
      for (const auto& stem : analyzer.stems(word)) {
        CAPTURE(language, word, stem);
        REQUIRE(stem.substr(0, 1) == word.substr(0, 1));
      }
    }
  }
  CHECK_FALSE(stems_begin_as_words("ar"));
}

TEST_CASE("a word common in its language is a stop word there alone", "[analyzer]") {
  CHECK(is_stop_word("the"));
  CHECK(is_stop_word("didn't"));
  CHECK_FALSE(is_stop_word("strike"));
  CHECK_FALSE(is_stop_word("th"));
  CHECK_FALSE(is_stop_word("the a"));
  CHECK_FALSE(is_stop_word(""));
  CHECK(is_stop_word("fur", "de"));
  CHECK_FALSE(is_stop_word("the", "de"));
  CHECK_FALSE(is_stop_word("the", "xx"));
}
