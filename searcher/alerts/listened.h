// SPDX-License-Identifier: GPL-2.0-or-later
// listened.h — the queries that clients listen to, each matched once with what a generation brings, however many clients ask it.
//
// A client is told from its position in the index' history (live_page.h). One that is up to date is given the next batch as it was matched here; one that
// is behind, for it has come back or is slow, reads pages until it is up to date again. Both tell the same reports, in the same order, with the
// same cursors.
//
// Bounds: of a query kRecords records of one batch, of all queries kMostRecords; what is past that its clients read in pages.
//
// One thread. Errors: those of the index. Throws what Xapian throws: batch() goes into a unit of Reader::run().
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "searcher/alerts/live_page.h"
#include "searcher/standing/standing.h"

namespace tidings::searcher::alerts {

/// What the generations after `after`, up to `to`, brought to the queries.
struct LiveBatch {
  struct Record {
    std::uint64_t generation = 0;
    std::string key;  ///< of the report
    Hit hit;
    std::string cursor;  ///< as LivePage::Record has it
    std::string json;    ///< live_line()
  };
  std::string identity;  ///< of the index
  std::uint64_t after = 0, to = 0;
  std::map<std::string, std::vector<Record>> records;  ///< by query
  std::set<std::string> left_out;                      ///< queries whose records passed a bound

  /// Whether one whose position is that needs no page.
  bool follows(const Position& position) const;
  /// Those of a query's records that come after the position.
  std::vector<const Record*> after_position(const std::string& query, const Position& position) const;
};

class Listened {
 public:
  static constexpr std::size_t kRecords = 100;
  static constexpr std::size_t kMostRecords = 10'000;  ///< some 2 KiB each

  Listened(const config::Limits& limits, std::shared_ptr<const config::Synonyms> synonyms)
      : standing_(limits, std::move(synonyms)) {}

  /// Again: nothing changes. BadQuery as a search says it.
  Result<void> add(const std::string& query);
  void remove(const std::string& query);
  bool empty() const { return by_text_.empty(); }

  Result<LiveBatch> batch(const Snapshot& snapshot, Searcher& searcher, std::uint64_t after);

 private:
  static void set_cursors(LiveBatch& batch);

  StandingQueries standing_;
  std::map<std::string, StandingQueries::Id> by_text_;
  std::map<StandingQueries::Id, std::string> texts_;
  StandingQueries::Id next_ = 1;
};

}  // namespace tidings::searcher::alerts
