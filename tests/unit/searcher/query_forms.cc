// SPDX-License-Identifier: GPL-2.0-or-later
// A word in any of its forms, on a small index.
#include <map>

#include "index/schema.h"
#include "searcher/query/query.h"
#include "tests/unit/catch.h"
#include "tests/unit/searcher/phrases.h"

using namespace tidings;
using namespace tidings::searcher;

namespace {

/// Documents of words, and the vocabulary that an index of them has.
class SmallIndex {
 public:
  explicit SmallIndex(std::vector<std::string> languages) : analyzer_(std::move(languages)) {}

  void add(std::initializer_list<const char*> words) {
    Xapian::Document document;
    for (const char* word : words) {
      document.add_term(word);
      for (const auto& stem : analyzer_.stems(word)) vocabulary_[stem].insert(word);
    }
    database_.add_document(document);
  }

  std::vector<Xapian::docid> found(std::string_view text) {
    auto query = understand(text, context_);
    REQUIRE(query);
    INFO(query->strict.get_description());
    std::vector<Xapian::docid> ids;
    const auto hits = run(query->strict);
    for (auto hit = hits.begin(); hit != hits.end(); ++hit) ids.push_back(*hit);
    std::sort(ids.begin(), ids.end());
    return ids;
  }
  Xapian::MSet run(const Xapian::Query& query) const {
    Xapian::Enquire enquire(database_);
    enquire.set_query(query);
    return enquire.get_mset(0, database_.get_doccount());
  }
  Xapian::Query strict(std::string_view text) { return understand(text, context_)->strict; }
  std::optional<Xapian::Query> relaxed(std::string_view text) { return understand(text, context_)->relaxed; }

 private:
  Analyzer analyzer_;
  Xapian::WritableDatabase database_{"", Xapian::DB_BACKEND_INMEMORY};
  std::map<std::string, std::set<std::string>, std::less<>> vocabulary_;
  FormsOf forms_{[this](std::string_view stem) -> std::vector<std::string> {
    const auto known = vocabulary_.find(stem);
    if (known == vocabulary_.end()) return {};
    return {known->second.begin(), known->second.end()};
  }};
  CompileContext context_{analyzer_, {}, {}, forms_, phrases_without_segments(analyzer_)};
};

using Ids = std::vector<Xapian::docid>;

}  // namespace

TEST_CASE("a typed word finds every form that the index has, and a quoted one its spelling alone",
          "[query]") {
  SmallIndex index({"en"});
  index.add({"strike"});
  index.add({"strikes"});
  index.add({"striking"});
  index.add({"stroke"});
  for (const auto* typed : {"strike", "strikes", "striking", "STRIKES"}) {
    CAPTURE(typed);
    CHECK(index.found(typed) == Ids{1, 2, 3});
  }
  CHECK(index.found("\"strikes\"") == Ids{2});
  CHECK(index.found("struck").empty());
  CHECK(index.found("stroke -strike") == Ids{4});
  CHECK(index.found("stroke OR \"striking\"") == Ids{3, 4});
}

TEST_CASE("with several languages a word finds the forms of each, and no form twice", "[query]") {
  SmallIndex index({"en", "de"});
  index.add({"streik"});
  index.add({"streiken"});
  index.add({"streiks"});
  index.add({"strike"});
  CHECK(index.found("streiken") == Ids{1, 2, 3});
}

TEST_CASE("a report that has two forms of a word counts as having the word twice", "[query]") {
  SmallIndex index({"en"});
  index.add({"strike", "strikes", "x"});  // of one length
  index.add({"strike", "y", "x"});
  index.add({"strikes", "strike", "striking"});
  index.add({"z", "y", "x"});
  const auto hits = index.run(index.strict("striked"));
  std::map<Xapian::docid, double> weights;
  for (auto hit = hits.begin(); hit != hits.end(); ++hit) weights[*hit] = hit.get_weight();
  REQUIRE(weights.size() == 3);
  CHECK(weights[3] > weights[1]);
  CHECK(weights[1] > weights[2]);
  // As one word: what is rare among its forms weighs no more than the others do.
  CHECK(hits.get_termfreq("striking") == 1);
  CHECK(weights[1] < 2 * weights[2]);
}

TEST_CASE("the typed form ranks above its relatives, and never against a second word", "[query]") {
  SmallIndex index({"en"});
  index.add({"strike", "pay"});
  index.add({"strikes", "x"});
  index.add({"striking", "x"});
  for (const auto& [typed, first] : {std::pair("strikes", 2U), std::pair("striking", 3U)}) {
    CAPTURE(typed);
    const auto hits = index.run(index.strict(typed));
    REQUIRE(hits.size() == 3);
    CHECK(*hits.begin() == first);
    CHECK(hits[0].get_weight() > hits[1].get_weight());
    CHECK(*index.run(*index.relaxed(std::string(typed) + " pay")).begin() == 1);
  }
}

TEST_CASE("a word of which the index has no form finds nothing, and spoils no other", "[query]") {
  SmallIndex index({"en"});
  index.add({"strike"});
  CHECK(index.found("walkouts").empty());
  CHECK(index.found("walkouts OR strikes") == Ids{1});
  CHECK(index.found("strikes -walkouts") == Ids{1});
  CHECK(index.found("strikes walkouts").empty());
}
