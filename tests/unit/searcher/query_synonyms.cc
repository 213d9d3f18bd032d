// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/synonyms.h"

#include "searcher/query/bind.h"
#include "searcher/query/query.h"
#include "tests/unit/catch.h"
#include "tests/unit/searcher/phrases.h"

using namespace tidings;
using namespace tidings::searcher;

namespace {

/// An index that has one form of every stem, "~strike" of strike.
std::vector<std::string> one_of_each(std::string_view stem) {
  return {"~" + std::string(stem)};
}

class SynonymFixture {
 public:
  explicit SynonymFixture(const std::string& toml)
      : thesaurus_(config::parse_synonyms(toml, "s.toml"), analyzer_) {
    context_.thesaurus = &thesaurus_;
  }
  Query understand(std::string_view text) {
    auto query = tidings::searcher::understand(text, context_);
    REQUIRE(query);
    return *query;
  }
  std::string tree(std::string_view text) {
    Warnings warnings;
    return debug_string(bound(parse(text)->root, context_, warnings));
  }
  QueryLimits& limits() { return context_.limits; }

 private:
  Analyzer analyzer_;
  Thesaurus thesaurus_;
  CompileContext context_{analyzer_,
                          {},
                          {},
                          {one_of_each},
                          phrases_without_segments(analyzer_),
                          near_without_segments(analyzer_)};
};

constexpr const char* kRules =
    "[[synonyms]]\ngroup = [\"pay\", \"wages\", \"take home\"]\n"
    "[[synonyms]]\nfrom = \"uk\"\nto = [\"united kingdom\", \"GB\"]\n"
    "[[synonyms]]\nfrom = \"work to rule\"\nto = \"go-slow\"\n"
    "[[synonyms]]\nfrom = \"work\"\nto = \"labour\"\n"
    "[[synonyms]]\nfrom = \"BHX4\"\nto = \"Coventry\"\n";

}  // namespace

TEST_CASE("plain words and words beside each other get their synonyms, and nothing else does", "[query]") {
  SynonymFixture fixture(kRules);
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"pay", "(alike pay wages \"take home\")"},
      {"Wage", "(alike Wage pay \"take home\")"},
      {"strike pay", "(and strike (alike pay wages \"take home\"))"},
      {"take home", "(alike (and take home) pay wages)"},
      {"take-home", "(alike take-home pay wages)"},
      {"we take home little", "(and we (alike (and take home) pay wages) little)"},
      {"take little home", "(and take little home)"},
      {"take -x home", "(and take (not x) home)"},
      {"home take", "(and home take)"},
      {"uk", "(alike uk \"united kingdom\" GB)"},
      {"united kingdom", "(and united kingdom)"},
      {"work to rule", "(alike (and work to rule) \"go-slow\")"},
      {"work to rules", "(alike (and work to rules) \"go-slow\")"},
      {"work to", "(and (alike work labour) to)"},
      {"-pay uk OR bhx4",
       "(or (and (not (alike pay wages \"take home\")) (alike uk \"united kingdom\" GB)) (alike bhx4 "
       "Coventry))"},
      {"\"pay\" title:pay pay* payy~", "(and \"pay\" title:pay (like pay*) (spelt payy))"},
      {"pay NEAR wages", "(near/10 pay wages)"},
      {"labour", "labour"},
  };
  for (const auto& [text, tree] : cases) {
    INFO(text);
    CHECK(fixture.tree(text) == tree);
  }
}

TEST_CASE("a word and its synonyms count as one word, phrases beside it, and the echo names them",
          "[query]") {
  SynonymFixture fixture(kRules);
  const Query pay = fixture.understand("pay");
  CHECK(pay.strict.get_description() ==
        "Query(((~pay SYNONYM ~wage) OR ((take AND home) FILTER PostingSource(in order: take home))))");
  CHECK(pay.understood == "reports with any form of \"pay\" (or \"wages\" or \"take home\")");
  CHECK(pay.highlights.stems == std::set<std::string, std::less<>>{"pay", "wage"});
  CHECK(pay.highlights.phrases.size() == 1);
  CHECK(fixture.understand("take home x").understood ==
        "reports with (any form of \"take\" and any form of \"home\") (or \"pay\" or \"wages\") and any form "
        "of \"x\"");
  CHECK(fixture.understand("bhx4").strict.get_description() == "Query((bhx4 OR ~coventri))");
}

TEST_CASE("a word with synonyms is still a plain word, that a report may lack", "[query]") {
  SynonymFixture fixture(kRules);
  const auto relaxed = fixture.understand("bhx4 strike").relaxed;
  REQUIRE(relaxed);
  CHECK(relaxed->get_description() == "Query(((bhx4 OR ~coventri) OR ~strike))");
  CHECK_FALSE(fixture.understand("take home").relaxed);
}

TEST_CASE("past the bound of synonyms the rest are left out, and it is said", "[query]") {
  SynonymFixture fixture(kRules);
  fixture.limits().synonyms = 3;
  const Query query = fixture.understand("uk pay");
  CHECK(query.understood ==
        "reports with any form of \"uk\" (or \"united kingdom\" or \"GB\") and any form of \"pay\" (or "
        "\"wages\")");
  REQUIRE(query.warnings.size() == 1);
  CHECK(query.warnings[0].message() ==
        "column 4: the query has more than 3 synonyms; the others are left out");
}

TEST_CASE("synonyms do not count against the words that may be typed", "[query]") {
  SynonymFixture fixture(kRules);
  fixture.limits().terms = 2;
  CHECK(fixture.understand("uk pay").warnings.empty());
}
