// SPDX-License-Identifier: GPL-2.0-or-later
// standing.h — standing queries: what was asked once, and is told of each report that comes to match. The door of this folder.
//
// A standing query means what a search means: it is the tree of searcher/query, for the index as it is when a report arrives (the
// languages, corpora, synonyms, words that a pattern stands for) and for that moment (relative dates). It is strict: nothing is filled up.
//
// How. Each query's tree is kept in a compact form (program.h) that gives its required terms (required.h): a report that matches has one of them. Of a
// new report all terms are looked up, and those queries whose required term is there are candidates; queries that require nothing (a
// negation, a date alone) are candidates always. A candidate is verified in memory by the report's own terms and, for phrases, its words in order. What
// cannot be told so (NEAR, ext:, is:duplicate, what a pattern stands for) is decided by the very query that a search would run,
// of that one report; and that only where the rest of the query does not say no already.
//
// Required terms are chosen by how many documents of the index have them when the query is compiled: by the first match() or prepare() after
// add(), and all anew where the index has other languages or corpora, or is another. A poor choice costs time, never a match.
//
// One thread. Memory: some 200 bytes a query of three words (tests/bench/RESULTS.md); how many there may be is the caller's to bound. Nothing here is written to disk. Errors: add() BadQuery with a column, as a search; match() and
// prepare() throw what Xapian throws, so they go into a unit of Reader::run(), which may run them again.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/synonyms.h"
#include "index/snapshot.h"
#include "searcher/match/news.h"

namespace tidings::searcher {

class StandingQueries {
 public:
  using Id = std::uint64_t;  ///< the caller's

  struct Match {
    Xapian::docid document = 0;  ///< of the snapshot
    Id id = 0;
    auto operator<=>(const Match&) const = default;
  };

  /// Of all calls of match() so far.
  struct Counters {
    std::uint64_t reports = 0;
    std::uint64_t candidates = 0;  ///< pairs of query and report that were looked at
    std::uint64_t searched = 0;    ///< of them, those that only the search's own query could tell
    std::uint64_t matched = 0;
  };

  /// As a Searcher is made: `synonyms` are the user's, or null for none.
  explicit StandingQueries(config::Limits limits, std::shared_ptr<const config::Synonyms> synonyms = nullptr);
  ~StandingQueries();
  StandingQueries(StandingQueries&&) noexcept;
  StandingQueries& operator=(StandingQueries&&) noexcept;

  /// Needs no index. BadQuery as a search says it, whatever is in the index. A query of the same id is replaced, but where the new one is refused.
  Result<void> add(Id id, std::string_view text);
  /// False where there is none.
  bool remove(Id id);
  std::size_t size() const;

  /// Compiles what was added since the last call, so that the next match() need not: some 13 us a query, measured with 42,500 reports.
  Result<void> prepare(const Snapshot& snapshot);

  /// Which queries match which of these reports: in the order of the reports, of each by id. The caller bounds how many reports it gives at a time: a match is 16
  /// bytes, and each of them may match every query. `now`: what relative dates are relative to.
  Result<std::vector<Match>> match(const Snapshot& snapshot, std::span<const Xapian::docid> documents,
                                   std::chrono::sys_seconds now);
  /// The same of all that is news after a generation, now: for one that is a few generations behind. Who is far behind, or does not know, takes news()
  /// and gives some of it at a time.
  Result<std::vector<Match>> match(const Snapshot& snapshot, std::uint64_t after_generation);

  const Counters& counters() const;
  /// Those of the last match() that a search would refuse, too: synonyms made them too long, say. They match nothing.
  const std::map<Id, Error>& refused() const;

 private:
  class Matcher;
  std::unique_ptr<Matcher> matcher_;
};

}  // namespace tidings::searcher
