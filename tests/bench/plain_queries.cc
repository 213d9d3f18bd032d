// SPDX-License-Identifier: GPL-2.0-or-later
// plain_queries.cc — the floor that the query benchmark compares with: what Xapian's own query parser takes for the same.
//
//   plain_queries DATABASE all|any|phrase QUERIES
//
// A database of plain_xapian.cc. QUERIES has a query a line, words alone. Each is parsed (English, STEM_SOME; AND or OR between
// words, or all of them in quotes), its best ten are ranked, and each of these gets a snippet of its stored text: all queries once, not timed,
// then once more, timed. Prints a line for each: microseconds TAB hits. Exit 0; 1 with the reason on stderr.
#include <xapian.h>

#include <chrono>
#include <exception>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

constexpr Xapian::doccount kHits = 10;
constexpr std::size_t kSnippetBytes = 300;

class Plain {
 public:
  Plain(const std::string& database, const std::string& how) : db_(database), phrase_(how == "phrase") {
    parser_.set_database(db_);
    parser_.set_stemmer(Xapian::Stem("en"));
    parser_.set_stemming_strategy(Xapian::QueryParser::STEM_SOME);
    parser_.set_default_op(how == "any" ? Xapian::Query::OP_OR : Xapian::Query::OP_AND);
  }

  Xapian::doccount answer(const std::string& words) {
    const std::string text = phrase_ ? '"' + words + '"' : words;
    Xapian::Enquire enquire(db_);
    enquire.set_query(parser_.parse_query(text, Xapian::QueryParser::FLAG_PHRASE));
    const Xapian::MSet found = enquire.get_mset(0, kHits);
    const Xapian::Stem stem("en");
    for (auto hit = found.begin(); hit != found.end(); ++hit)
      shown_ += found.snippet(hit.get_document().get_data(), kSnippetBytes, stem).size();
    return found.size();
  }
  std::size_t shown() const { return shown_; }

 private:
  Xapian::Database db_;
  Xapian::QueryParser parser_;
  const bool phrase_;
  std::size_t shown_ = 0;  ///< so that no snippet is in vain
};

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: plain_queries DATABASE all|any|phrase QUERIES\n";
    return 1;
  }
  try {
    Plain plain(argv[1], argv[2]);
    const auto queries = lines_of(argv[3]);
    for (const auto& query : queries) plain.answer(query);
    for (const auto& query : queries) {
      const auto began = std::chrono::steady_clock::now();
      const Xapian::doccount hits = plain.answer(query);
      const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - began;
      std::cout << took.count() << '\t' << hits << '\n';
    }
    return plain.shown() == 0 && queries.empty() ? 1 : 0;
  } catch (const Xapian::Error& error) {
    std::cerr << "plain_queries: " << error.get_description() << '\n';
  } catch (const std::exception& error) {
    std::cerr << "plain_queries: " << error.what() << '\n';
  }
  return 1;
}
