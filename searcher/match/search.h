// SPDX-License-Identifier: GPL-2.0-or-later
// search.h — a request to an answer, on one generation of the index.
//
// understand -> match -> fill with partial matches -> passages: one unit of reading, run again whole where
// the index moved under it (index/snapshot.h). A Searcher belongs to one thread; make one for each. Errors:
// BadQuery with a column in its text, BadRequest, NotFound, and those of index/snapshot.h.
//
// Totals are exact up to kCountedExactly matches; past that Xapian's estimate, marked as such. Where a first
// page has places left, reports that have most of the plain words follow those that have all; of the
// kPartialCandidates best by score, those with more of the words come first.
#pragma once
#include <filesystem>
#include <memory>

#include "config/config.h"
#include "config/synonyms.h"
#include "index/snapshot.h"
#include "searcher/match/answer.h"
#include "searcher/query/query.h"
#include "searcher/query/synonyms.h"

namespace tidings::searcher {

class Searcher {
 public:
  static constexpr Xapian::doccount kCountedExactly = 10'000;
  static constexpr Xapian::doccount kPartialCandidates = 100;

  /// `synonyms`: the user's, or null for none.
  Searcher(std::filesystem::path index_folder, config::Limits limits,
           std::shared_ptr<const config::Synonyms> synonyms = nullptr);

  Result<Answer> search(const SearchRequest& request);
  /// By the file's absolute path, or by "corpus:path".
  Result<DocumentAnswer> document(const std::string& path);
  Result<IndexFacts> facts() { return reader_.facts(); }

 private:
  Analyzer& analyzer_for(const IndexFacts& facts);
  Result<Query> query_of(const SearchRequest& request, const Snapshot& snapshot);
  Hit hit_of(const Snapshot& snapshot, const Xapian::MSetIterator& match, const SearchRequest& request,
             const Query& query, bool partial);
  void fill(const Snapshot& snapshot, const SearchRequest& request, const Query& query, Answer& answer);

  Reader reader_;
  const config::Limits limits_;
  const std::shared_ptr<const config::Synonyms> synonyms_;
  std::unique_ptr<Analyzer> analyzer_;
  std::optional<Thesaurus> thesaurus_;  ///< made with the analyzer
};

}  // namespace tidings::searcher
