// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/fields.h"
#include "searcher/query/parser.h"
#include "tests/unit/catch.h"

using namespace tidings;
using namespace tidings::searcher;

namespace {

struct Case {
  std::string_view text, tree;
};

std::string tree_of(std::string_view text) {
  const auto parsed = parse(text);
  return parsed ? debug_string(parsed->root) : parsed.error().what;
}

std::vector<std::string> warnings_of(std::string_view text) {
  const auto parsed = parse(text);
  REQUIRE(parsed);
  std::vector<std::string> out;
  for (const auto& warning : parsed->warnings) out.push_back(warning.message());
  return out;
}

}  // namespace

TEST_CASE("a query has the tree that its words, quotes, brackets and operators say", "[query]") {
  const Case cases[] = {
      {"strike", "strike"},
      {"coventry strike pay", "(and coventry strike pay)"},
      {"strike AND pay", "(and strike pay)"},
      {"a b OR c d", "(or (and a b) (and c d))"},
      {"a (b OR c) d", "(and a (or b c) d)"},
      {"((a))", "a"},
      {"\"pay rise\" strike", "(and \"pay rise\" strike)"},
      {"“pay rise” „so“ «und»", "(and \"pay rise\" \"so\" \"und\")"},
      {"pay\"rise now\"more", "(and pay \"rise now\" more)"},
      {"strike -football", "(and strike (not football))"},
      {"strike NOT football", "(and strike (not football))"},
      {"a -(b c) -\"d e\" -title:f", "(and a (not (and b c)) (not \"d e\") (not title:f))"},
      {"(-a b)", "(and (not a) b)"},
      {"NOT NOT a", "a"},
      {"NOT NOT NOT a b", "(and (not a) b)"},
      {"-a -b", "(and all (not a) (not b))"},
      {"a OR -b", "(or a (and all (not b)))"},
      {"pre-empt 4-500 a - b", "(and pre-empt 4-500 a b)"},
      {"a --b", "(and a (not -b))"},
      {"or not and", "(and or not and)"},
      {"-OR a title:NOT", "(and (not OR) a title:NOT)"},
      {"£10.50 #tag 10:30 https://a.org/b", "(and £10.50 #tag 10:30 https://a.org/b)"},
      {"30\u00a0000 and\u00a0more", "(and 30\u00a0000 and more)"},
      {"a\tb\nc\u2003d", "(and a b c d)"},
      {"strike NEAR pay", "(near/10 strike pay)"},
      {"strike NEAR/5 \"pay rise\" more", "(and (near/5 strike \"pay rise\") more)"},
      {"a NEAR/5 b NEAR/3 c OR d", "(or (near/5,3 a b c) d)"},
      {"-a NEAR b c", "(and (not (near/10 a b)) c)"},
      {"near NEAR/x NEARBY -NEAR", "(and near NEAR/x NEARBY (not NEAR))"},
  };
  for (const auto& [text, tree] : cases) {
    INFO(text);
    CHECK(tree_of(text) == tree);
  }
}

TEST_CASE("a word with *, an inner ? or a last ~ is a pattern, and is a word where these are punctuation",
          "[query]") {
  const Case cases[] = {
      {"strik*", "(like strik*)"},
      {"wor?er *workers ?orker", "(and (like wor?er) (like *workers) (like ?orker))"},
      {"s*k* st**e", "(and (like s*k*) (like st**e))"},
      {"coventri~ coventri~1 bhx4~", "(and (spelt coventri) (spelt coventri) (spelt bhx4))"},
      {"(strik*, *ers.", "(and (like strik*) (like *ers))"},
      {"-strik* title:cov* title:(a OR b*c)",
       "(and (not (like strik*)) (like title:cov*) (or title:a (like title:b*c)))"},
      {"pre-emp* info@ex* #bam* £10*", "(and (like pre-emp*) (like info@ex*) (like #bam*) (like £10*))"},
      {"strik* NEAR/3 coventri~", "(near/3 (like strik*) (spelt coventri))"},
      {"東京*", "(like 東京*)"},
      {"a strike? why?! (really?!)", "(and a strike? why?! really?!)"},
      {"https://a.org/b?c=d ~/reports a~b ~x", "(and https://a.org/b?c=d ~/reports a~b ~x)"},
      {"\"strik* coventri~\"", "\"strik* coventri~\""},
      {"title:\"strik*\"", "title:\"strik*\""},
  };
  for (const auto& [text, tree] : cases) {
    INFO(text);
    CHECK(tree_of(text) == tree);
  }
}

TEST_CASE("a field takes a word, exact words or a bracket, by name or alias, in any case", "[query]") {
  const Case cases[] = {
      {"title:coventry", "title:coventry"},
      {"Title:Coventry SUBJECT:x", "(and title:Coventry title:x)"},
      {"title:\"second day\"", "title:\"second day\""},
      {"title:(a OR b c) d", "(and (or title:a (and title:b title:c)) d)"},
      {"title:(a path:b)", "(and title:a path:b)"},
      {"path:news/x.txt", "path:news/x.txt"},
      {"type:htm ext:.MD mime:text/html", "(and type:\"html\" ext:\".md\" type:\"html\")"},
      {"ext:tar.gz is:Failed status:\"not yet read\"",
       "(and ext:\".tar.gz\" is:\"failed\" is:\"not_yet_read\")"},
      {"type:(pdf OR eml)", "(or type:\"pdf\" type:\"mail\")"},
      {"dir:/a/b/ folder:news:a", "(and folder:\"a/b\" folder:\"news:a\")"},
      {"source:\"BBC  News\" corpus:web", "(and source:\"bbc news\" corpus:\"web\")"},
      {"lang:en-GB language:German", "(and lang:\"en\" lang:\"de\")"},
      {"date:2023", "date:[2023-01-01,2024-01-01)"},
      {"date:2024-02", "date:[2024-02-01,2024-03-01)"},
      {"date:2024-02-29", "date:[2024-02-29,2024-03-01)"},
      {"date:2023-01..2023-03", "date:[2023-01-01,2023-04-01)"},
      {"date:2023.. date:..2023", "(and date:[2023-01-01,) date:[,2024-01-01))"},
      {"before:2023-02", "before:[,2023-02-01)"},
      {"after:2023-02", "after:[2023-03-01,)"},
      {"since:2023-02", "since:[2023-02-01,)"},
      {"until:2023-02-28", "until:[,2023-03-01)"},
      {"date:2023..2022", "date:[2023-01-01,2023-01-01)"},
      {"date:yesterday after:3d date:\"last week\"", "(and date:relative after:relative date:relative)"},
      {"size:>10k size:>=10K size:<1m size:<=2MiB",
       "(and size:[10241,) size:[10240,) size:[,1048576) size:[,2097153))"},
      {"size:1M.. size:..200 size:1k..2kb size:200 size:10k size:1.5k",
       "(and size:[1048576,) size:[,201) size:[1024,2049) size:[200,201) size:[10240,11264) "
       "size:[1536,1639))"},
  };
  for (const auto& [text, tree] : cases) {
    INFO(text);
    CHECK(tree_of(text) == tree);
  }
}

TEST_CASE("what is odd in a query is read as well as can be, and said", "[query]") {
  struct Odd {
    std::string_view text, tree;
    std::vector<std::string> warnings;
  };
  const Odd cases[] = {
      {"strike \"unclosed here",
       "(and strike \"unclosed here\")",
       {"column 8: a quote was opened and not closed; read to the end"}},
      {"éé \"x", "(and éé \"x\")", {"column 4: a quote was opened and not closed; read to the end"}},
      {"(a b", "(and a b)", {"column 1: a bracket was opened and not closed; read to the end"}},
      {"a) b", "(and a b)", {"column 2: a bracket was closed and not opened, and is left out"}},
      {"a () b", "(and a b)", {"column 3: there is nothing between these brackets, so they are left out"}},
      {"a \"\"", "a", {"column 3: there is nothing between these quotes, so they are left out"}},
      {"a OR", "a", {"column 3: OR has nothing on one side of it, and is left out"}},
      {"OR a", "a", {"column 1: OR has nothing on one side of it, and is left out"}},
      {"a OR OR b", "(or a b)", {"column 3: OR has nothing on one side of it, and is left out"}},
      {"a NOT", "a", {"column 3: nothing stands after the negation, so it is left out"}},
      {"-a",
       "(and all (not a))",
       {"column 1: only what to leave out is said; read as all reports except those"}},
      {"titel:x",
       "(and titel x)",
       {"column 1: titel: is no field, so it is read as a word; did you mean title:?"}},
      {"a foo:bar", "(and a foo bar)", {"column 3: foo: is no field, so it is read as a word"}},
      {"a -foo:bar", "(and a (not foo:bar))", {"column 4: foo: is no field, so it is read as a word"}},
      {"title: x",
       "(and title: x)",
       {"column 1: nothing stands right after title:, so it is read as a word"}},
      {"a s*", "(and a s*)", {"column 3: a wildcard needs 2 letters beside it, so it is left out"}},
      {"a/b*", "a/b*", {"column 1: * is understood in a single word, so it is left out"}},
      {"ab~", "ab~", {"column 1: ~ needs a word of 3 letters, so it is left out"}},
      {"a/bcd~", "a/bcd~", {"column 1: ~ is understood behind a single word, so it is left out"}},
      {"abcd~2", "(spelt abcd)", {"column 1: one edit is the most that is looked for; read as ~"}},
      {"ab*d~", "(like ab*d)", {"column 1: ~ does not go with * and ?, so it is left out"}},
      {"source:bbc*", "source:\"bbc*\"", {"column 8: * is not understood in source: and stands for itself"}},
      {"NEAR a", "a", {"column 1: NEAR has nothing on one side of it, and is left out"}},
      {"a NEAR/2", "a", {"column 3: NEAR has nothing on one side of it, and is left out"}},
      {"a NEAR NEAR b", "(near/10 a b)", {"column 3: NEAR has nothing on one side of it, and is left out"}},
      {"a NEAR -b", "(and a (not b))", {"column 3: NEAR has nothing on one side of it, and is left out"}},
      {"a NEAR/0 b", "(near/1 a b)", {"column 3: NEAR reaches from 1 to 1000 words; read as NEAR/1"}},
      {"a NEAR/99999999999 b",
       "(near/1000 a b)",
       {"column 3: NEAR reaches from 1 to 1000 words; read as NEAR/1000"}},
      {"a NEAR (b OR c)",
       "(and a (or b c))",
       {"column 3: NEAR stands between words and exact words of the text alone; read as AND"}},
      {"title:(a NEAR b)",
       "(and title:a title:b)",
       {"column 10: NEAR stands between words and exact words of the text alone; read as AND"}},
      {"a \xff b\xe2\x80", "(and a b\ufffd)", {}},
      {std::string_view("a\0b", 3), "(and a b)", {}},
  };
  for (const auto& odd : cases) {
    INFO(odd.text);
    CHECK(tree_of(odd.text) == odd.tree);
    CHECK(warnings_of(odd.text) == odd.warnings);
  }
}

TEST_CASE("a query that cannot be run is refused with its column and the way out", "[query]") {
  struct Bad {
    std::string_view text, what, hint;
  };
  const Bad cases[] = {
      {"", "column 1: the query is empty", "type a word"},
      {" \t\n", "column 1: the query is empty", "type a word"},
      {"&&& --- ()", "column 1: the query holds no word to search for", "type a word"},
      {"after:2023-13-45", "column 7: \"2023-13-45\" is no date", "2023-02-27"},
      {"a before:\"2023-02-30\"", "column 10: \"2023-02-30\" is no date", "2023-02-27"},
      {"date:2023..later", "column 6: \"later\" is no date", "2023-01..2023-03"},
      {"date:2023-2-1", "column 6: \"2023-2-1\" is no date", "2023-02-27"},
      {"date:20230227", "column 6: \"20230227\" is no date", "2023-02-27"},
      {"date:0d", "column 6: \"0d\" is no date", "3d"},
      {"date:99999d", "column 6: \"99999d\" is no date", "3d"},
      {"date:last-day", "column 6: \"last-day\" is no date", "yesterday"},
      {"date:today..nowhere", "column 6: \"nowhere\" is no date", "yesterday"},
      {"size:big", "column 6: \"big\" is no size", ">10k"},
      {"size:>10q", "column 6: \">10q\" is no size", "units"},
      {"size:1e9", "column 6: \"1e9\" is no size", "units"},
      {"size:-1", "column 6: \"-1\" is no size", "units"},
      {"size:99999999999999999999", "column 6: \"99999999999999999999\" is no size", "units"},
      {"is:broken", "column 4: \"broken\" says nothing of how a file was read", "duplicate, indexed"},
      {"type:foo", "column 6: \"foo\" is no type of report", "markdown"},
      {"lang:x", "column 6: \"x\" is no language", "two letters"},
  };
  for (const auto& bad : cases) {
    INFO(bad.text);
    const auto parsed = parse(bad.text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == Error::Code::BadQuery);
    CHECK(parsed.error().what == bad.what);
    CHECK(parsed.error().hint.find(bad.hint) != std::string::npos);
  }
}

TEST_CASE("a node knows where it stands in the query, in code points", "[query]") {
  const auto parsed = parse("éé -title:(x \"y z\")");
  REQUIRE(parsed);
  CHECK(parsed->root->source.begin == 0);
  const auto parts = children(parsed->root);
  REQUIRE(parts.size() == 2);
  CHECK(parts[0]->source.end == 2);
  CHECK(parts[1]->source.column() == 4);
  const auto inner = children(children(parts[1])[0]);
  REQUIRE(inner.size() == 2);
  CHECK(inner[0]->source.column() == 12);
  CHECK(inner[1]->source.begin == 13);
  CHECK(inner[1]->source.end == 18);
}

TEST_CASE("a misspelt field is guessed within two edits and half its length", "[query]") {
  CHECK(nearest_field("tilte") == "title");
  CHECK(nearest_field("TYPES") == "type");
  CHECK(nearest_field("befroe") == "before");
  CHECK(nearest_field("foo") == "");
  CHECK(nearest_field("re") == "");
  CHECK(nearest_field(std::string(100000, 't')) == "");
}

TEST_CASE("no two fields share a name or alias", "[query]") {
  for (const auto& field : fields()) {
    CHECK(find_field(field.name) == &field);
    CHECK_FALSE(field.help.empty());
    std::string aliases(field.aliases);
    for (std::size_t at = 0; at < aliases.size();) {
      const std::size_t end = std::min(aliases.find(' ', at), aliases.size());
      CHECK(find_field(aliases.substr(at, end - at)) == &field);
      at = end + 1;
    }
  }
}
