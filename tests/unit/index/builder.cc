// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/builder.h"

#include <map>

#include "tests/unit/index/store_cases.h"

using namespace tidings;
using namespace tidings::test;

namespace {

/// The terms with their wdf.
std::map<std::string, Xapian::termcount> postings(const Record& record,
                                                  std::vector<std::string> languages = {"en"}) {
  const auto document = DocumentBuilder(std::move(languages)).build(record);
  std::map<std::string, Xapian::termcount> out;
  for (auto it = document.termlist_begin(); it != document.termlist_end(); ++it) {
    out[*it] = it.get_wdf();
    CHECK(it.positionlist_begin() ==
          it.positionlist_end());  // two thirds of the bytes of an index that has them
  }
  return out;
}

Record report(const std::string& text, const std::string& title = {}) {
  Record record = record_of({"news", "2024/wire one/Port-strike.txt"}, text);
  record.report.title = title;
  return record;
}

Range range_of(const std::string& text, const std::string& part) {
  const auto at = static_cast<std::uint32_t>(text.find(part));
  return {at, at + static_cast<std::uint32_t>(part.size())};
}

}  // namespace

TEST_CASE("words of the text stand as they are written, without stems", "[builder]") {
  const auto terms = postings(report("Strikes at the port: strikes"));
  CHECK(terms.at("strikes") == 2);
  CHECK(terms.at("port") == 1);
  CHECK_FALSE(terms.contains("Strikes"));
  CHECK_FALSE(terms.contains("strike"));
  for (const auto& [term, wdf] : terms) CHECK_FALSE(term.starts_with("Z"));
}

TEST_CASE("words of boilerplate are found and weigh nothing", "[builder]") {
  Record record = report("The port is shut.\nLeave a reply\nThe port opens");
  record.report.boilerplate = {range_of(record.report.text, "Leave a reply")};
  const auto terms = postings(record);
  CHECK(terms.at("reply") == 0);
  CHECK(terms.at("port") == 2);

  SECTION("not even in the length of the document") {
    FreshFolder folder;
    auto store = open(folder / "index");
    Record bare = report("The port is shut.\nThe port opens");
    bare.key.path = "bare.txt";
    Batch batch;
    batch.put(bare.key, put_of(bare, Cause::Arrival));
    batch.put(record.key, put_of(record, Cause::Arrival));
    publish(*store, batch);
    const Xapian::Database database = live(folder / "index");
    CHECK(database.get_doclength(1) == database.get_doclength(2));
    CHECK(database.get_termfreq("reply") == 1);
    Xapian::Enquire enquire(database);
    enquire.set_query(Xapian::Query("reply"));
    const auto hits = enquire.get_mset(0, 10);
    REQUIRE(hits.size() == 1);
    CHECK(hits.begin().get_weight() == 0.0);
  }
}

TEST_CASE("a title that stands nowhere in the text is indexed with it", "[builder]") {
  const auto terms = postings(report("Port shut again", "Dockers strike"));
  CHECK(terms.at("dockers") == 2);  // a headline counts once more
  CHECK(terms.at("strike") == 2);
  CHECK(terms.at("port") == 1);
  CHECK(terms.at("Sdockers") == 0);
  SECTION("and a mere file name does not count more than its words do") {
    Record record = report("Port shut again", "Dockers strike");
    record.report.title_from = Origin::FileName;
    CHECK(postings(record).at("dockers") == 1);
    CHECK(postings(record).at("Sdockers") == 0);
  }
}

TEST_CASE("a title that stands in the text is indexed there, and once", "[builder]") {
  Record record = report("Dockers strike\nPort shut again", "Dockers strike");
  record.report.headline = range_of(record.report.text, "Dockers strike");
  const auto terms = postings(record);
  CHECK(terms.at("dockers") == 2);  // a headline counts once more
  CHECK(terms.at("port") == 1);
  CHECK(terms.at("Sstrike") == 0);
}

TEST_CASE(
    "the words in order are those of the title, then those of the text, a sign's whole at its word's place",
    "[builder]") {
  WordsInOrder words;
  DocumentBuilder({"en"}).build(report("Pre-empt £10.50 at info@example.org", "Dockers strike"), &words);
  const auto h = [](const char* word) { return word_hash(word); };
  CHECK(words.title == std::vector{h("dockers"), h("strike")});
  CHECK(words.text == std::vector{h("pre"), h("empt"), h("10.50") | kHasDigit,
                                  h("£10.50") | kSamePlace | kHasDigit, h("at"), h("info"), h("example"),
                                  h("org")});
}

TEST_CASE("the words of the path below the corpus are found, and weigh nothing", "[builder]") {
  const auto terms = postings(report("x"));
  for (const char* word : {"2024", "wire", "one", "port", "strike", "txt"}) {
    CAPTURE(word);
    REQUIRE(terms.contains("XP" + std::string(word)));
    CHECK(terms.at("XP" + std::string(word)) == 0);
  }
  CHECK_FALSE(terms.contains("XPnews"));
}

TEST_CASE("every folder above the report is a term, the corpus among them, the report not", "[builder]") {
  std::vector<std::string> folders;
  for (const auto& [term, wdf] : postings(report("x")))
    if (term.starts_with("XD")) folders.push_back(term);
  CHECK(folders == std::vector<std::string>{"XDnews:", "XDnews:2024", "XDnews:2024/wire one"});
}

TEST_CASE("a date is the second at which it begins, and the file's time where there is none", "[builder]") {
  const std::string iso = GENERATE("2023", "2023-02", "2023-02-27", "2023-02-27T10:00:00Z", "");
  CAPTURE(iso);
  Record record = report("x");
  record.report.date.iso = iso;
  record.file.mtime_ns = std::int64_t{1'700'000'000} * 1'000'000'000;
  const auto document = DocumentBuilder({"en"}).build(record);
  const double expected = iso.empty() ? 1.7e9 : static_cast<double>(*seconds_of(iso));
  CHECK(Xapian::sortable_unserialise(document.get_value(slot::kDate)) == expected);
}

TEST_CASE("what a report is filtered by is written as schema.h has it", "[builder]") {
  Record record = report("x");
  record.report.type = "html";
  record.report.source = "Évening  Post";
  record.report.language = "fr";
  record.report.status = Status::Partial;
  const auto terms = postings(record);
  for (const char* term :
       {"XThtml", "XSevening post", "Lfr", "XFpartial", "Qnews:2024/wire one/Port-strike.txt"}) {
    CAPTURE(term);
    CHECK(terms.contains(term));
  }
  SECTION("and what is not known is no term") {
    record.report.source.clear();
    record.report.language.clear();
    for (const auto& [term, wdf] : postings(record)) {
      CHECK_FALSE(term.starts_with("XS"));
      CHECK_FALSE(term.starts_with("L"));
    }
  }
}

TEST_CASE("a report has the same terms whatever the languages of its corpus", "[builder]") {
  // Languages are of the vocabulary: another choice needs no file to be read again.
  const Record record = report("Häuser, strikes; l'état: 東京の", "Häuser");
  const auto english = postings(record, {"en"});
  CHECK(english.contains("hauser"));
  CHECK(postings(record, {"de"}) == english);
  CHECK(postings(record, {"none"}) == english);
  CHECK(postings(record, {"fr", "de"}) == english);
}

TEST_CASE("no text makes a term that Xapian refuses", "[builder]") {
  const auto text = GENERATE(as<std::string>(), std::string(10'000, 'a'), std::string("a\0b", 3),
                             std::string(1000, '-') + "x", std::string(5000, '\xff'),
                             "a." + std::string(500, 'b') + "." + std::string(500, 'c'));
  FreshFolder folder;
  auto store = open(folder / "index");
  Record record = report(text, text);
  record.report.source = text;
  record.key.path = std::string(255, 'n') + "/" + std::string(255, 'm');
  Batch batch;
  batch.put(record.key, put_of(record, Cause::Arrival));
  CHECK(publish(*store, batch) == 1);
  CHECK(read(folder / "index", record.key));
}
