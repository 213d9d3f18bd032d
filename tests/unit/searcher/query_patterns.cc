// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/pattern.h"

#include <random>
#include <set>

#include "config/nearest.h"
#include "searcher/query/query.h"
#include "tests/unit/catch.h"
#include "tests/unit/searcher/phrases.h"

using namespace tidings;
using namespace tidings::searcher;

namespace {

/// An index of words, in so many documents each.
class Words {
 public:
  explicit Words(std::vector<std::pair<std::string, int>> words, std::vector<std::string> languages = {"en"})
      : analyzer_(std::move(languages)) {
    for (const auto& [word, documents] : words)
      for (int i = 0; i < documents; ++i) {
        Xapian::Document document;
        document.add_term(word);
        database_.add_document(document);
      }
    context_.words = words_of(database_, analyzer_);
  }
  Query understand(std::string_view text) {
    auto query = tidings::searcher::understand(text, context_);
    REQUIRE(query);
    return *query;
  }
  std::set<std::string> like(std::string_view text) {
    const Query query = understand(text);
    std::set<std::string> terms(query.highlights.terms.begin(), query.highlights.terms.end());
    return terms;
  }
  QueryLimits& limits() { return context_.limits; }
  Xapian::WritableDatabase& database() { return database_; }

 private:
  Analyzer analyzer_;
  Xapian::WritableDatabase database_{"", Xapian::DB_BACKEND_INMEMORY};
  CompileContext context_{analyzer_,
                          {},
                          {},
                          {[](std::string_view stem) { return std::vector<std::string>{std::string(stem)}; }},
                          phrases_without_segments(analyzer_),
                          near_without_segments(analyzer_)};
};

using Set = std::set<std::string>;

bool naive_wildcard(std::string_view pattern, std::string_view word) {
  if (pattern.empty()) return word.empty();
  if (pattern[0] == '*')
    return naive_wildcard(pattern.substr(1), word) ||
           (!word.empty() && naive_wildcard(pattern, word.substr(1)));
  return !word.empty() && (pattern[0] == '?' || pattern[0] == word[0]) &&
         naive_wildcard(pattern.substr(1), word.substr(1));
}

}  // namespace

TEST_CASE("a wildcard stands for the words of that form, folded, and for no others", "[query]") {
  Words index({{"strike", 1},
               {"striker", 1},
               {"strikes", 1},
               {"strip", 1},
               {"stroke", 1},
               {"worker", 1},
               {"workers", 1},
               {"wörker", 0},
               {"fireworkers", 1},
               {"bhx4", 1},
               {"bhx", 1},
               {"preempt", 1},
               {"info@example.org", 1},
               {"£10.50", 1},
               {"#bamazonunion", 1},
               {"hafenstraße", 0},
               {"hafenstrasse", 1}});
  struct Case {
    std::string_view text;
    Set words;
  };
  const Case cases[] = {
      {"strik*", {"strike", "striker", "strikes"}},
      {"STRIK*", {"strike", "striker", "strikes"}},
      {"str?ke", {"strike", "stroke"}},
      {"st*e", {"strike", "stroke"}},
      {"*workers", {"workers", "fireworkers"}},
      {"?orker", {"worker"}},
      {"*work*", {"worker", "workers", "fireworkers"}},
      {"WÖRK*", {"worker", "workers"}},
      {"bhx*", {"bhx", "bhx4"}},
      {"*hx4", {"bhx4"}},
      {"pre-emp*", {"preempt"}},
      {"info@ex*", {"info@example.org"}},
      {"£10*", {"£10.50"}},
      {"#bam*", {"#bamazonunion"}},
      {"*straße", {"hafenstrasse"}},
      {"zz*", {}},
  };
  for (const auto& [text, words] : cases) {
    INFO(text);
    CHECK(index.like(text) == words);
  }
}

TEST_CASE("a fuzzy word stands for words one edit away, a swap being one, and for itself", "[query]") {
  Words index({{"coventry", 3},
               {"coventri", 0},
               {"covenrty", 1},
               {"convent", 1},
               {"oventry", 1},
               {"bhx4", 1},
               {"bhx5", 1},
               {"häuser", 0},
               {"hauser", 1},
               {"東京都", 1},
               {"東亰都", 1}});
  CHECK(index.like("coventry~") == Set{"coventry", "covenrty", "oventry"});
  CHECK(index.like("coventri~") == Set{"coventry"});
  CHECK(index.like("bhx4~") == Set{"bhx4", "bhx5"});
  CHECK(index.like("häuse~") == Set{"hauser"});
  CHECK(index.like("東京都~") == Set{"東京都", "東亰都"});
  CHECK(index.understand("coventri~").understood ==
        "reports with words spelt like \"coventri\" (\"coventry\")");
  CHECK(index.understand("coventry~").understood ==
        "reports with words spelt like \"coventry\" (\"coventry\", \"covenrty\", \"oventry\")");
  CHECK(index.understand("zzzz~").understood == "reports with words spelt like \"zzzz\" (none)");
}

TEST_CASE("of too many words the most frequent are taken, and how many are left out is said", "[query]") {
  std::vector<std::pair<std::string, int>> words;
  for (int i = 0; i < 20; ++i)
    words.emplace_back("strike" + std::string(1, char('a' + i)), i == 7 ? 5 : i == 9 ? 4 : 1);
  Words index(words);
  const auto warnings = [&](std::string_view text) {
    std::string all;
    for (const auto& warning : index.understand(text).warnings) all += warning.message() + "\n";
    return all;
  };
  CHECK(warnings("strike*").empty());
  index.limits().expansions = 2;
  CHECK(index.like("strike*") == Set{"strikeh", "strikej"});
  CHECK(warnings("x strike*") ==
        "column 3: strike* stands for 20 words; the 2 most frequent are taken, and 18 are left out\n");
  SECTION("all patterns of a query have a bound together") {
    index.limits().expansions_all = 3;
    CHECK(index.like("strike* *trikea s?rike*") == Set{"strikea", "strikeh", "strikej"});
    CHECK(warnings("strike* s?rike*") ==
          "column 1: strike* stands for 20 words; the 2 most frequent are taken, and 18 are left out\n"
          "column 9: s?rike* stands for 20 words; the 1 most frequent are taken, and 19 are left out\n");
  }
  SECTION("so have the words whose frequency is asked for") {
    index.limits().counted = 10;
    CHECK(warnings("strike*") ==
          "column 1: strike* stands for more than 10 words; the 2 most frequent are taken, and 8 and more "
          "are left out\n");
  }
  SECTION("so have the words that are looked at") {
    index.limits().looked_at = 5;
    CHECK(warnings("*x?zz") ==
          "column 1: the index has more words than are looked at for *x?zz; some may be missing\n");
  }
  SECTION("and a pattern that stands for none says so") {
    CHECK(warnings("zz*") == "column 1: no word of the index is like zz*\n");
  }
}

TEST_CASE("in a field a pattern stands for words of that field", "[query]") {
  Words index({{"strike", 2}, {"strikes", 1}});
  Xapian::Document document;
  for (const char* term : {"Sstrikes", "XPstrip", "strikes"}) document.add_term(term);
  index.database().add_document(document);
  const Query title = index.understand("title:strik*");
  CHECK(title.understood == "reports in title words like \"strik*\"");
  CHECK(title.strict.get_description() == "Query((Sstrikes AND (Sstrikes OR strikes)))");
  CHECK(title.highlights.terms.contains("strikes"));
  const Query path = index.understand("strik* path:*rip");
  CHECK(path.strict.get_description() == "Query(((strike SYNONYM strikes) FILTER XPstrip))");
  CHECK_FALSE(path.highlights.terms.contains("strip"));
}

TEST_CASE("patterns are required when a page is filled with reports that have some of the words", "[query]") {
  Words index({{"strike", 1}});
  CHECK_FALSE(index.understand("strik* pay").relaxed);
  const auto relaxed = index.understand("strik* pay dockers").relaxed;
  REQUIRE(relaxed);
  CHECK(relaxed->get_description() == "Query((strike AND (pay OR docker)))");
}

TEST_CASE("without stems every word of the index is looked at", "[query]") {
  Words index({{"workers", 1}}, {"none"});
  CHECK(index.like("*workers") == Set{"workers"});
}

TEST_CASE("one edit is what the distance says, and a wildcard what its plain reading says", "[query]") {
  std::mt19937 engine(7);
  const auto below = [&](unsigned n) { return std::uniform_int_distribution<unsigned>(0, n - 1)(engine); };
  const auto word = [&](std::string_view letters, unsigned longest) {
    std::string out;
    for (unsigned i = below(longest + 1); i > 0; --i) out.push_back(letters[below(unsigned(letters.size()))]);
    return out;
  };
  for (int round = 0; round < 20000; ++round) {
    const std::string a = word("abc", 6), b = word("abc", 6), pattern = word("ab*?", 6);
    INFO(a << " " << b << " " << pattern);
    REQUIRE(within_one_edit(a, b) == (config::edit_distance(a, b) <= 1));
    REQUIRE(matches_wildcard(pattern, a) == naive_wildcard(pattern, a));
  }
  CHECK(within_one_edit("é", "è"));
  CHECK(within_one_edit("éa", "aé"));
  CHECK(within_one_edit("東京", "京東"));
  CHECK_FALSE(within_one_edit("éa", "aèx"));
  CHECK(matches_wildcard("c?fé", "cafe\u0301") == false);
  CHECK(matches_wildcard("?", "東"));
  CHECK_FALSE(matches_wildcard("??", "東"));
}
