// SPDX-License-Identifier: GPL-2.0-or-later
// look.h — one look at what was published since the last: which alerts does it fire? Logged, with how far was looked, in one transaction.
//
// An alert fires for a report that comes to match: news alone (match/search.h: arrivals, changes, what the daemon caught up with; never a first
// crawl, a move, a rebuild, a repair), published after the alert was made. A change fires where the old version did not match, or
// where the alert says --on-change. The old version is looked for in the snapshot of the last look, which is kept for that; where that is gone
// (two commits of the live segment since, or a start), a report that was first seen after the last look is taken for a new one, and of
// any other the record says that it was not compared. A version that was replaced before it was looked at is not told.
//
// An index of another identity is looked at from its beginning; one that is older than what was looked at (a backup that was put back), from
// where it stands. Queries that cannot be read are noted with their alert (Store::set_error), and the others go on.
//
// How far was looked is written with what fired, and else each kUnwritten generations: to look again at what fired nothing changes nothing.
// What is looked at in one go is a transaction, whatever its size: other writers wait for it.
//
// One thread. Errors: of the index, and of the store; the next call looks again from where the last good one ended.
#pragma once
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "config/config.h"
#include "searcher/alerts/listened.h"
#include "searcher/alerts/store.h"
#include "searcher/match/search.h"
#include "searcher/standing/standing.h"

namespace tidings {
class CopyFinder;
}

namespace tidings::searcher::alerts {

class Look {
 public:
  static constexpr std::uint64_t kUnwritten = 64;  ///< generations

  Look(const std::filesystem::path& index_folder, const config::Limits& limits,
       std::shared_ptr<const config::Synonyms> synonyms, Store store);

  struct News {
    std::set<std::int64_t> fired;  ///< alerts
    std::set<std::int64_t> gone;   ///< alerts that are not there any more
    std::optional<LiveBatch> live =
        {};  ///< of the queries that are listened to; none: their clients read pages
  };
  Result<News> look();

  Store& store() { return store_; }
  Searcher& searcher() { return searcher_; }
  /// The queries of /v1/live.
  Listened& listened() { return listened_; }
  /// For other looks at the index on this thread; it disturbs none of ours.
  Reader& reader() { return readers_[next_]; }

 private:
  using Alerts = std::map<std::int64_t, Alert>;
  struct Match;
  enum class Before { Matched, DidNot, Unknown };

  Result<void> load();
  Result<void> take(const Alert& alert);
  Looked begin(const Looked& now) const;
  Result<bool> look_at(const Snapshot& snapshot, std::set<std::int64_t>& fired);
  Result<std::vector<Match>> matches(const Snapshot& snapshot, const Looked& from);
  Result<void> log(const Snapshot& snapshot, const Looked& from, const std::vector<Match>& matches,
                   Store::Writing& writing, std::set<std::int64_t>& fired);
  Result<bool> is_copy(const Snapshot& snapshot, CopyFinder& finder, const Match& match,
                       Store::Writing& writing);
  Before before(const Match& match, const Looked& from);
  std::optional<LiveBatch> live();
  Result<void> note_refused();

  Store store_;
  Searcher searcher_, back_;  ///< the second for what was: its languages may have been others
  StandingQueries standing_;
  Listened listened_;
  std::optional<Looked> told_;  ///< what live() ended with
  Alerts alerts_;
  std::set<std::int64_t> gone_;           ///< since the last look()
  std::optional<std::uint64_t> version_;  ///< of the store, that alerts_ are
  std::optional<Looked> looked_;
  std::uint64_t written_ = 0;  ///< the generation that the store has
  std::array<Reader, 2> readers_;
  std::size_t next_ = 0;  ///< of readers_: the other one's snapshot is kept_
  std::optional<Snapshot> kept_;
};

/// A firing of that report as it stands in the snapshot. Throws what Xapian throws.
Result<Firing> firing_of(Searcher& searcher, const Snapshot& snapshot, const Alert& alert,
                         Xapian::docid report);

}  // namespace tidings::searcher::alerts
