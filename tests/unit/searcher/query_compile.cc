// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/query.h"
#include "tests/unit/catch.h"
#include "tests/unit/searcher/phrases.h"

using namespace tidings;
using namespace tidings::searcher;

namespace {

struct CompileCase {
  std::string_view text, expected;
};

/// An index that has one form of every stem, "~strike" of strike: so expectations tell any form from a spelling.
std::vector<std::string> one_compiled_of_each(std::string_view stem) {
  return {"~" + std::string(stem)};
}

class CompileFixture {
 public:
  explicit CompileFixture(std::vector<std::string> languages = {"en"}) : analyzer_(std::move(languages)) {}

  Query understand(std::string_view text) {
    auto query = tidings::searcher::understand(text, context_);
    REQUIRE(query);
    return *query;
  }
  Query plain(std::string_view text, const PlainOptions& options = {}) {
    auto query = understand_plain(text, analyzer_, forms_, options);
    REQUIRE(query);
    return *query;
  }

 private:
  Analyzer analyzer_;
  FormsOf forms_{one_compiled_of_each};
  CompileContext context_{analyzer_,
                          {"news", "web"},
                          {},
                          forms_,
                          phrases_without_segments(analyzer_),
                          near_without_segments(analyzer_)};
};

/// "Query(…)" without its wrapping; the packed numbers of dates as they are.
std::string description(const Xapian::Query& query) {
  const std::string text = query.get_description();
  return text.substr(6, text.size() - 7);
}

std::string number(double value) {
  return Xapian::sortable_serialise(value);
}

std::string marks(const Highlights& highlights) {
  std::string out;
  for (const auto& term : highlights.terms) out += " =" + term;
  for (const auto& stem : highlights.stems) out += " ~" + stem;
  for (const auto& phrase : highlights.phrases) {
    out += " [";
    for (const auto& word : phrase) out += (out.back() == '[' ? "" : " ") + word;
    out += "]";
  }
  return out.empty() ? out : out.substr(1);
}

}  // namespace

TEST_CASE("a typed word asks for any of its forms, its spelling, or its parts in order", "[query]") {
  CompileFixture fixture;
  const CompileCase cases[] = {
      {"strikes", "~strike"},
      {"BHX4", "bhx4"},
      {"30,000", "30000"},
      {"30\u00a0000", "30000"},
      {"£10.50", "£10.50"},
      {"#BAmazonUnion", "#bamazonunion"},
      {"bamazonunion", "~bamazonunion"},
      {"C++", "c++"},
      {"amazon's", "~amazon"},
      {"amazon’s", "~amazon"},
      {"pre-empt", "(((pre AND empt) FILTER PostingSource(in order: pre empt)) OR preempt)"},
      {"info@example.org",
       "(((info AND example AND org) FILTER PostingSource(in order: info example org)) OR info@example.org)"},
      {"a/b", "((a AND b) FILTER PostingSource(in order: a b))"},
      {"\"strikes\"", "strikes"},
      {"\"the strikes, again\"",
       "((the AND strikes AND again) FILTER PostingSource(in order: the strikes again))"},
      {"\"pre-empt it\"", "((pre AND empt AND it) FILTER PostingSource(in order: pre empt it))"},
      {"\"£10.50 an hour\"", "((£10.50 AND an AND hour) FILTER PostingSource(in order: £10.50 an hour))"},
  };
  for (const auto& [text, expected] : cases) {
    INFO(text);
    CHECK(description(fixture.understand(text).strict) == expected);
  }
}

TEST_CASE("operators and fields become Xapian's, and filters carry no weight", "[query]") {
  CompileFixture fixture;
  const CompileCase cases[] = {
      {"strike pay", "(~strike AND ~pay)"},
      {"strike OR \"pay rise\"", "(~strike OR ((pay AND rise) FILTER PostingSource(in order: pay rise)))"},
      {"strike -football -rugby", "(~strike AND_NOT (~footbal OR ~rugbi))"},
      {"-football", "(0 * <alldocuments> AND_NOT ~footbal)"},
      {"strike type:htm", "(~strike FILTER XThtml)"},
      {"type:htm", "0 * XThtml"},
      {"type:htm lang:de", "0 * (XThtml AND Lde)"},
      {"strike OR type:pdf", "(~strike OR 0 * XTpdf)"},
      {"strike folder:a/b", "(~strike FILTER (XDnews:a/b OR XDweb:a/b))"},
      {"strike folder:web:a", "(~strike FILTER (XDnews:web:a OR XDweb:a OR XDweb:web:a))"},
      {"strike corpus:web", "(~strike FILTER XDweb:)"},
      {"strike source:\"BBC News\"", "(~strike FILTER XSbbc news)"},
      {"strike path:Coventry-2", "(~strike FILTER XPcoventry-2)"},
      {"title:strikes", "(S~strike AND (S~strike OR ~strike))"},
      {"title:\"second day\"",
       "(((Ssecond AND Sday) FILTER PostingSource(title in order: second day)) AND (((Ssecond AND Sday) "
       "FILTER PostingSource(title in order: second day)) OR ((second AND day) FILTER PostingSource(in "
       "order: second day))))"},
      {"title:BHX4", "(Sbhx4 AND (Sbhx4 OR bhx4))"},
      {"date:2023..2022", ""},
      {"strike NEAR/5 pay", "((~strike AND ~pay) FILTER PostingSource(near: ~strike /5 ~pay))"},
      {"BHX4 NEAR \"pay rise\" NEAR/2 pre-empt",
       "((bhx4 AND ((pay AND rise) FILTER PostingSource(in order: pay rise)) AND (((pre AND empt) FILTER "
       "PostingSource(in order: pre empt)) OR preempt)) FILTER PostingSource(near: bhx4 /10 pay_rise /2 "
       "pre_empt,preempt))"},
      {"strike ext:MD", "(~strike FILTER PostingSource(name ends:.md))"},
      {"strike is:failed", "(~strike FILTER XFfailed)"},
      {"strike is:indexed",
       "(~strike FILTER (<alldocuments> AND_NOT (XFpartial OR XFempty OR XFnot_yet_read OR XFnot_text OR "
       "XFunreadable OR XFfailed)))"},
  };
  for (const auto& [text, expected] : cases) {
    INFO(text);
    CHECK(description(fixture.understand(text).strict) == expected);
  }
}

TEST_CASE("dates become intervals of whole days in UTC", "[query]") {
  CompileFixture fixture;
  using Q = Xapian::Query;
  const double february = 1675209600, march = 1677628800;  // date -ud 2023-02-01 +%s
  const std::pair<std::string_view, Q> cases[] = {
      {"date:2023-02", Q(Q::OP_VALUE_RANGE, 5, number(february), number(march - 1))},
      {"before:2023-02", Q(Q::OP_VALUE_LE, 5, number(february - 1))},
      {"after:2023-02", Q(Q::OP_VALUE_GE, 5, number(march))},
      {"since:2023-02", Q(Q::OP_VALUE_GE, 5, number(february))},
      {"until:2023-02", Q(Q::OP_VALUE_LE, 5, number(march - 1))},
  };
  for (const auto& [text, range] : cases) {
    INFO(text);
    CHECK(description(fixture.understand(text).strict) == description(Q(Q::OP_SCALE_WEIGHT, range, 0)));
  }
}

TEST_CASE("sizes become intervals of whole bytes", "[query]") {
  CompileFixture fixture;
  using Q = Xapian::Query;
  const std::pair<std::string_view, Q> cases[] = {
      {"size:>10k", Q(Q::OP_VALUE_GE, 1, number(10241))},
      {"size:<1M", Q(Q::OP_VALUE_LE, 1, number(1048575))},
      {"size:1k..2k", Q(Q::OP_VALUE_RANGE, 1, number(1024), number(2048))},
  };
  for (const auto& [text, range] : cases) {
    INFO(text);
    CHECK(description(fixture.understand(text).strict) == description(Q(Q::OP_SCALE_WEIGHT, range, 0)));
  }
}

TEST_CASE("relaxing makes the plain words at the top optional, and nothing else", "[query]") {
  CompileFixture fixture;
  const CompileCase cases[] = {
      {"a b c", "(~a OR ~b OR ~c)"},
      {"a b \"x y\" -n type:html",
       "(((((x AND y) FILTER PostingSource(in order: x y)) AND (~a OR ~b)) FILTER XThtml) AND_NOT ~n)"},
      {"a b (c OR d) (e f)", "((~c OR ~d) AND (~e AND ~f) AND (~a OR ~b))"},
      {"a b title:c", "((S~c AND (S~c OR ~c)) AND (~a OR ~b))"},
  };
  for (const auto& [text, expected] : cases) {
    INFO(text);
    const auto query = fixture.understand(text);
    REQUIRE(query.relaxed);
    CHECK(description(*query.relaxed) == expected);
  }
  for (const auto* text : {"a", "a \"b c\"", "a OR b", "(a b) OR c", "title:(a b)", "a -b"}) {
    INFO(text);
    CHECK_FALSE(fixture.understand(text).relaxed);
  }
}

TEST_CASE("with several languages a word asks for the forms of each stem, as one word", "[query]") {
  CompileFixture fixture({"en", "de"});
  const auto query = fixture.understand("streiken");
  CHECK(description(query.strict) == "(~streik SYNONYM ~streiken)");
}

TEST_CASE("the echo says in English what was understood", "[query]") {
  CompileFixture fixture;
  const CompileCase cases[] = {
      {"strike", "reports with any form of \"strike\""},
      {"\"pay\" strike -football title:\"coventry\" since:2023-03",
       "reports with \"pay\" and any form of \"strike\", not any form of \"football\", in title "
       "\"coventry\", "
       "since 1 March 2023"},
      {"BHX4 a b", "reports with \"BHX4\", any form of \"a\" and any form of \"b\""},
      {"pay strike OR walkout",
       "reports with (any form of \"pay\" and any form of \"strike\") or any form of \"walkout\""},
      {"pay (strike OR walkout)",
       "reports with any form of \"pay\" and (any form of \"strike\" or any form of \"walkout\")"},
      {"-football -type:pdf",
       "all reports except those with any form of \"football\" and those of type \"pdf\""},
      {"title:a OR title:b", "reports in title any form of \"a\" or in title any form of \"b\""},
      {"type:htm date:2023-02-27", "reports of type \"html\", on 27 February 2023"},
      {"date:2023", "reports from 1 January 2023 to 31 December 2023"},
      {"before:2023-02 folder:a", "reports before 1 February 2023, in folder \"a\""},
      {"after:2023-02", "reports since 1 March 2023"},
      {"a date:2023..2022", "reports with any form of \"a\", of no time at all"},
      {"a NEAR/5 \"b c\" NEAR/1 d",
       "reports with any form of \"a\" within 5 words of \"b c\" within 1 word of any form of \"d\""},
      {"x a NEAR b",
       "reports with any form of \"x\" and (any form of \"a\" within 10 words of any form of \"b\")"},
      {"strik* path:xy*", "reports with words like \"strik*\", in path words like \"xy*\""},
      {"ext:md is:failed", "reports with a name ending in \".md\", with status \"failed\""},
      {"a size:>10k", "reports with any form of \"a\", larger than 10 KiB"},
      {"size:>=10k", "reports of at least 10 KiB"},
      {"size:<1M", "reports smaller than 1 MiB"},
      {"size:1M..2M", "reports of at least 1 MiB and of at most 2 MiB"},
      {"size:..200", "reports of at most 200 bytes"},
      {"size:1", "reports of exactly 1 byte"},
      {"size:2..1", "reports of no size at all"},
  };
  for (const auto& [text, expected] : cases) {
    INFO(text);
    CHECK(fixture.understand(text).understood == expected);
  }
}

TEST_CASE("a passage marks what was asked for, and never what was not", "[query]") {
  CompileFixture fixture;
  const CompileCase cases[] = {
      {"strikes BHX4", "=bhx4 ~strike"},
      {"\"strikes\" \"pay rise\"", "=strikes [pay rise]"},
      {"a -b -(c d) NOT \"e f\" -title:g", "~a"},
      {"-(-a)", ""},
      {"strike of port", "~port ~strike"},
      {"of the", "~of ~the"},
      {"title:(x OR \"b c\") path:d type:html", "~x [b c]"},
      {"info@example.org", "=info@example.org [info example org]"},
      {"£10.50", "=£10.50"},
      {"x NEAR \"b c\" -d NEAR e", "~x [b c]"},
  };
  for (const auto& [text, expected] : cases) {
    INFO(text);
    CHECK(marks(fixture.understand(text).highlights) == expected);
  }
}

TEST_CASE("a plain query is a bag of words without operators", "[query]") {
  CompileFixture fixture;
  const auto query = fixture.plain("The strikes -pay, NOT (strike) \"of 30,000\" title:");
  CHECK(description(query.strict) == "(2 * ~strike OR ~pay OR 30000 OR ~titl)");
  CHECK_FALSE(query.relaxed);
  CHECK(query.understood == "reports with any of \"strikes\", \"pay\", \"strike\", \"30000\", \"title\"");
  CHECK(marks(query.highlights) == "=30000 ~pay ~strike ~titl");
  CHECK(description(fixture.plain("to be").strict) == "(~to OR ~be)");
  CHECK(description(fixture.plain("the pay", {.drop_stop_words = false}).strict) == "(~the OR ~pay)");
  Analyzer analyzer;
  for (const auto* text : {"", " ", "?!"})
    CHECK_FALSE(understand_plain(text, analyzer, {one_compiled_of_each}));
}
