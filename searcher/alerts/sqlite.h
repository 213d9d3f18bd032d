// SPDX-License-Identifier: GPL-2.0-or-later
// sqlite.h — SQLite owned safely: a connection, a statement, a transaction. The only file that knows its C interface is sqlite.cc.
//
// A connection is in WAL mode and synchronous=FULL: what a transaction has committed is on disk, so it may be acknowledged. Readers do not wait for
// the writer. Writers wait for each other, kBusyMs at most; then Busy.
//
// A Database, and what was made of it, belongs to one thread at a time; it outlives its statements. Failures are thrown as SqlFailure, which store.cc
// turns into an Error: none leaves this folder.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "index/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace tidings::searcher::alerts {

struct SqlFailure : std::runtime_error {
  explicit SqlFailure(Error e) : std::runtime_error(e.what), error(std::move(e)) {}
  Error error;
};

class Statement {
 public:
  /// Parameters from 1, in the statement's order. Text and blobs are copied.
  Statement& integer(int parameter, std::int64_t value);
  Statement& text(int parameter, std::string_view value);
  Statement& blob(int parameter, std::string_view value);

  /// True: there is a row. False: it is done, and may be bound and stepped anew.
  bool step();
  /// A statement without rows.
  void run();

  /// Of the row; columns from 0.
  std::int64_t integer_at(int column) const;
  std::string text_at(int column) const;  ///< also of a blob

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  Statement(sqlite3* database, sqlite3_stmt* statement) : database_(database), statement_(statement) {}

  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Database {
 public:
  static constexpr int kBusyMs = 10'000;

  /// Opens the file, or makes it with mode 0600.
  explicit Database(const std::filesystem::path& file);

  Statement prepare(std::string_view sql);
  /// Statements without parameters or rows.
  void run(const char* sql);

  std::int64_t last_row() const;  ///< the number of the row inserted last
  std::int64_t changed() const;   ///< rows that the last statement changed

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  std::unique_ptr<sqlite3, Close> database_;
};

/// Holds the write lock from its beginning. Rolled back unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace tidings::searcher::alerts
