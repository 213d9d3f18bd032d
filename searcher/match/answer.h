// SPDX-License-Identifier: GPL-2.0-or-later
// answer.h — what is asked of the index and what it answers: the same for command line, API, page and live
// queries.
//
// JSON of it: present/json.h, which documents each field for users.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "index/record.h"

namespace tidings::searcher {

enum class Sort { Best, Relevance, Newest, Oldest };

struct SearchRequest {
  std::string text;
  std::size_t limit = 10;  ///< hits wanted, at most limits.results
  std::size_t offset = 0;
  Sort sort = Sort::Best;
  bool plain = false;  ///< a bag of words without operators: any word, by score alone
  bool fill = true;    ///< places left on the page go to reports that have most of the words, marked partial
  bool passages = true;
  /// Only reports published after this generation by an arrival, a change or a catch-up: what a live query
  /// asks for.
  std::optional<std::uint64_t> after_generation;
};

struct Passage {
  std::string text;  ///< UTF-8, one line, the report's own spelling
  std::vector<std::pair<std::uint32_t, std::uint32_t>>
      marks;  ///< [begin, end) in code points, sorted, disjoint
};

struct Hit {
  Key key;
  std::string path;  ///< absolute, bytes as on disk
  std::string title;
  Date date;
  std::string source, type, language;
  Status status = Status::Indexed;
  std::string reason;      ///< why it is not wholly indexed
  std::uint64_t size = 0;  ///< bytes
  double score = 0;
  bool partial = false;  ///< has most of the words, not all
  std::uint64_t generation = 0;
  Cause cause = Cause::Arrival;
  std::vector<Passage> passages;
};

struct QueryWarning {
  std::size_t column = 0;  ///< code points from 1; 0: none in particular
  std::string text;
};

struct Answer {
  std::string identity;  ///< of the index
  std::uint64_t generation = 0;
  std::int64_t as_of_ms = 0;             ///< when that generation was published
  std::optional<std::uint64_t> pending;  ///< changes seen and not searchable yet; none without a daemon
  double took_ms = 0;
  std::string query, understood;
  std::vector<QueryWarning> warnings;
  std::uint64_t total = 0;  ///< reports that match in full
  bool total_exact = true;
  std::vector<Hit> hits;
};

/// One report in full, for `show` and /v1/document.
struct DocumentAnswer {
  std::uint64_t generation = 0;
  std::int64_t as_of_ms = 0;
  std::string path;
  Record record;
};

}  // namespace tidings::searcher
