// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/alerts/sqlite.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sqlite3.h>
#include <unistd.h>

#include <utility>

namespace tidings::searcher::alerts {
namespace {

Error::Code code_of(int result) {
  switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error::Code::Busy;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
      return Error::Code::Unreadable;
    default:
      return Error::Code::Io;
  }
}

std::string hint_of(int result) {
  switch (result & 0xff) {
    case SQLITE_BUSY:
      return "another tidings is writing to it; try again";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "it is damaged: put back a copy of it, or take it away and add the alerts again";
    case SQLITE_FULL:
      return "the disk is full";
    default:
      return {};
  }
}

[[noreturn]] void fail(sqlite3* database, int result) {
  const char* file = database ? sqlite3_db_filename(database, "main") : nullptr;
  throw SqlFailure({code_of(result),
                    std::string(file && *file ? file : "the alerts") + ": " +
                        (database ? sqlite3_errmsg(database) : sqlite3_errstr(result)),
                    hint_of(result)});
}

void check(sqlite3* database, int result) {
  if (result != SQLITE_OK) fail(database, result);
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

Statement& Statement::integer(int parameter, std::int64_t value) {
  check(database_, sqlite3_bind_int64(statement_.get(), parameter, value));
  return *this;
}

// A null pointer would be NULL, and the data of an empty view may be one.
Statement& Statement::text(int parameter, std::string_view value) {
  check(database_, sqlite3_bind_text64(statement_.get(), parameter, value.empty() ? "" : value.data(),
                                       value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::blob(int parameter, std::string_view value) {
  check(database_, sqlite3_bind_blob64(statement_.get(), parameter, value.empty() ? "" : value.data(),
                                       value.size(), SQLITE_TRANSIENT));
  return *this;
}

bool Statement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  const int reset = sqlite3_reset(statement_.get());
  if (result != SQLITE_DONE) fail(database_, reset != SQLITE_OK ? reset : result);
  return false;
}

void Statement::run() {
  while (step()) continue;
}

std::int64_t Statement::integer_at(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::text_at(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return bytes ? std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size)) : std::string();
}

void Database::Close::operator()(sqlite3* database) const noexcept {
  sqlite3_close_v2(database);
}

Database::Database(const std::filesystem::path& file) {
  // SQLite would make it as wide as the umask lets it. Only one that is not there is opened here: to close a file drops its locks.
  if (const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600); made >= 0)
    ::close(made);
  sqlite3* opened = nullptr;
  const int result = sqlite3_open_v2(
      file.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  database_.reset(opened);
  if (result != SQLITE_OK)
    throw SqlFailure({code_of(result),
                      file.string() + ": " + (opened ? sqlite3_errmsg(opened) : sqlite3_errstr(result)),
                      "the folder must be yours, and writable"});
  check(opened, sqlite3_busy_timeout(opened, kBusyMs));
  run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;");
}

Statement Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  check(database_.get(),
        sqlite3_prepare_v2(database_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr));
  return {database_.get(), statement};
}

void Database::run(const char* sql) {
  check(database_.get(), sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr));
}

std::int64_t Database::last_row() const {
  return sqlite3_last_insert_rowid(database_.get());
}

std::int64_t Database::changed() const {
  return sqlite3_changes64(database_.get());
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.run("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.run("ROLLBACK");
  } catch (const SqlFailure& failure) {  // SQLite has rolled back by itself where the disk failed
    spdlog::debug("{}", failure.error.what);
  }
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace tidings::searcher::alerts
