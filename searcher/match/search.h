// SPDX-License-Identifier: GPL-2.0-or-later
// search.h — a request to an answer, on one generation of the index.
//
// understand -> match, in its order (order.h) -> fill with partial matches -> passages, counts, what may have been meant: one unit of reading,
// run again whole where the index moved under it (index/snapshot.h). A Searcher belongs to one thread; make one for each. Errors:
// BadQuery with a column in its text, BadRequest, NotFound, and those of index/snapshot.h.
//
// Totals are exact up to kCountedExactly matches, and where facets or a timeline count them all; past that Xapian's estimate, marked as such.
// A bag of words by relevance is answered by two searches, the second with words of the first one's best reports (feedback.h).
// What the index knows of words is kept while a snapshot lasts (word_forms.h), and, where bytes are given for it, answers (answer_cache.h).
// Where the request says so near-copies are left out (collapse.h), of full matches and of partial ones.
// At most limits.results hits an answer, the first at most kMostOffset deep: all up to there are ranked and kept in memory. Where a first
// page has places left, reports that have most of the plain words follow those that have all; of the
// kPartialCandidates best by score, those with more of the words come first. Where less than kFew reports match in full, a query
// that finds more is looked for (spelling.h), if the request says so.
#pragma once
#include <filesystem>
#include <memory>

#include "config/config.h"
#include "config/synonyms.h"
#include "index/snapshot.h"
#include "searcher/match/answer.h"
#include "searcher/match/answer_cache.h"
#include "searcher/match/collapse.h"
#include "searcher/match/order.h"
#include "searcher/match/word_forms.h"
#include "searcher/query/query.h"
#include "searcher/query/synonyms.h"

namespace tidings::searcher {

class Searcher {
 public:
  static constexpr Xapian::doccount kCountedExactly = 10'000;
  static constexpr Xapian::doccount kPartialCandidates = 100;
  static constexpr std::size_t kMostOffset = 100'000;
  static constexpr std::uint64_t kFew = 3;

  /// What a server's threads keep of answers, each of its own (answer_cache.h).
  static constexpr std::size_t kServedBytes = std::size_t{4} << 20;

  /// `synonyms`: the user's, or null for none. `kept_bytes`: of answers, for who asks the same again.
  Searcher(std::filesystem::path index_folder, config::Limits limits,
           std::shared_ptr<const config::Synonyms> synonyms = nullptr, std::size_t kept_bytes = 0);

  Result<Answer> search(const SearchRequest& request);
  /// By the file's absolute path, or by "corpus:path"; with a query, also where its words stand.
  Result<DocumentAnswer> document(const std::string& path, const std::optional<std::string>& query = {});
  /// Reports like that one, itself left out (likeness.h), by relevance; or its near-copies.
  Result<Answer> similar(const SimilarRequest& request);
  Result<SuggestAnswer> suggest(const SuggestRequest& request);
  Result<IndexFacts> facts() { return reader_.facts(); }

  // Of a snapshot that the caller has from a Reader of its own, for standing queries. They throw what Xapian throws.
  /// All reports that match in full and are news after that generation; ascending.
  Result<std::vector<Xapian::docid>> news(const Snapshot& snapshot, const std::string& text,
                                          std::uint64_t after_generation);
  Result<bool> matches(const Snapshot& snapshot, const std::string& text, const Key& report);
  /// A report as the query would show it, without a score.
  Result<Hit> hit(const Snapshot& snapshot, const std::string& text, Xapian::docid report);
  /// The same as each of these queries would show it: it is read once.
  Result<std::vector<Hit>> hits(const Snapshot& snapshot, Xapian::docid report,
                                const std::vector<std::string>& queries);
  Analyzer& analyzer(const Snapshot& snapshot) { return analyzer_for(snapshot.facts()); }

 private:
  Analyzer& analyzer_for(const IndexFacts& facts);
  Result<void> check_page(std::size_t limit, std::size_t offset) const;
  static Answer answer_of(const IndexFacts& facts, const std::string& text);
  Result<void> answer(const Snapshot& snapshot, const SearchRequest& request, Answer& answer);
  Result<Query> query_of(const SearchRequest& request, const Snapshot& snapshot);
  /// Has a bag of words ask for words of its best reports as well (feedback.h).
  void learn(Query& query, const Snapshot& snapshot);
  Page copies_of(const Snapshot& snapshot, Xapian::docid id, const SimilarRequest& request);
  static Result<Xapian::docid> find(const Snapshot& snapshot, const std::string& path);
  void add_hits(const Snapshot& snapshot, const SearchRequest& request, const Query& query,
                const Xapian::Query& found_by, const std::vector<Ranked>& found, bool partial,
                Answer& answer);
  Hit hit_of(const Snapshot& snapshot, const Ranked& match, Record record, bool with_passages,
             const Highlights& highlights, bool partial);
  void fill(const Snapshot& snapshot, const SearchRequest& request, const Query& query, Collapse* collapse,
            Answer& answer);
  void count(const Snapshot& snapshot, const SearchRequest& request, const Xapian::Query& query,
             Answer& answer) const;
  void look_for_what_was_meant(const Snapshot& snapshot, const SearchRequest& request, Answer& answer);

  Reader reader_;
  const config::Limits limits_;
  const std::shared_ptr<const config::Synonyms> synonyms_;
  AnswerCache kept_;
  std::unique_ptr<Analyzer> analyzer_;
  WordForms word_forms_;
  std::optional<Thesaurus> thesaurus_;  ///< made with the analyzer
};

}  // namespace tidings::searcher
