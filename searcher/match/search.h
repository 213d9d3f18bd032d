// SPDX-License-Identifier: GPL-2.0-or-later
// search.h — a request to an answer, on one generation of the index.
//
// parse -> compile -> match -> fill with partial matches -> passages: one unit of reading, run again whole where the index
// moved under it (index/snapshot.h). A Searcher belongs to one thread; make one for each. Errors: BadQuery with a
// column in its text, and those of index/snapshot.h.
#pragma once
#include <filesystem>

#include "config/config.h"
#include "index/snapshot.h"
#include "searcher/match/answer.h"

namespace tidings::searcher {

class Searcher {
 public:
  Searcher(std::filesystem::path index_folder, config::Limits limits);

  Result<Answer> search(const SearchRequest& request);
  /// By the file's absolute path, or by "corpus:path".
  Result<DocumentAnswer> document(const std::string& path);
  Result<IndexFacts> facts() { return reader_.facts(); }

 private:
  Reader reader_;
  const config::Limits limits_;
};

}  // namespace tidings::searcher
