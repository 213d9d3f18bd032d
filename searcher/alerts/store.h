// SPDX-License-Identifier: GPL-2.0-or-later
// store.h — the alerts and the log of what fired, in SQLite: state folder/alerts.db. The index can be made again from the reports; this cannot.
//
// What a call has changed is on disk when it returns (sqlite.h). Several processes may have it open: `tidings serve`, which logs what fires, and the
// command line, which adds and removes, with or without a server. They agree by the store alone: each change of an alert raises version(), and who logs
// what fired says for which version that is, in the transaction itself (Writing). So no report that is published after add() returned is missed.
//
// Each commit is followed by a touch of alerts.db: who watches the state folder (IN_ATTRIB) and looks then, finds what was committed.
//
// The log of an alert is kept as long as the alert: nothing of it is dropped by itself. At most kMostAlerts alerts.
//
// TABLES (PRAGMA user_version is kVersion)
//   meta    name, value        version: raised with each change of an alert; looked_identity, looked_generation, looked_ms: Looked
//   alerts  as struct Alert; id is never used again
//   log     as struct Firing; seq is never used again; key is Firing::key(), unique; path below the corpus, file absolute: bytes as on disk;
//           passages as JSON
// HISTORY  1: the first.
//
// One Store a thread. Errors: NotFound (no such alert), BadRequest (its name is taken or none, too many), Busy, Unreadable, Io (the database).
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "searcher/alerts/alert.h"
#include "searcher/alerts/sqlite.h"

namespace tidings::searcher::alerts {

class Store {
 public:
  static constexpr int kVersion = 1;
  static constexpr const char* kFile = "alerts.db";

  /// Makes the folder (0700) and the store, where they are missing.
  static Result<Store> open(const std::filesystem::path& state_folder);

  /// Its id is given here. With the reports that match already as its history, which the log gets.
  Result<Alert> add(Alert alert, std::vector<Firing> history = {});
  /// With its log; tells how many records that had.
  Result<std::uint64_t> remove(const std::string& name);
  Result<std::vector<Alert>> alerts();  ///< by name
  Result<Alert> alert(const std::string& name);
  Result<std::uint64_t> version();
  /// What is wrong with its query; empty: nothing. No change of the alert.
  Result<void> set_error(std::int64_t alert, const std::string& error);

  struct Range {
    std::optional<std::int64_t> alert = {};  ///< of it alone
    std::int64_t after = 0;                  ///< a sequence number
    std::size_t most = 1000;                 ///< records
  };
  Result<std::vector<Firing>> log(const Range& range);
  /// The latest sequence number of all; 0: none yet.
  Result<std::int64_t> last_sequence();
  struct Count {
    std::uint64_t firings = 0;
    std::int64_t last_ms = 0;
  };
  Result<Count> count(std::int64_t alert);

  Result<std::optional<Looked>> looked();
  /// Where looking begins: only where nothing was looked at yet.
  Result<void> begin_at(const Looked& looked);

  class Writing;
  /// What fired, and how far was looked, in one atom. None: the alerts were changed since that version.
  Result<std::unique_ptr<Writing>> write(std::uint64_t version);

 private:
  explicit Store(const std::filesystem::path& folder);
  void touch() const;
  void log_one(const Firing& firing);

  std::filesystem::path file_;
  std::unique_ptr<Database> database_;
};

/// Holds the write lock; dropped unless committed.
class Store::Writing {
 public:
  explicit Writing(Store& store) : store_(store), transaction_(*store.database_) {}

  /// Whether the alert has fired for this report: a version of it, whatever its text.
  Result<bool> has_fired(std::int64_t alert, const Key& report);
  /// Again for the same key: nothing is added.
  Result<void> add(const Firing& firing);
  Result<void> commit(const Looked& looked);

 private:
  Store& store_;
  Transaction transaction_;
};

}  // namespace tidings::searcher::alerts
