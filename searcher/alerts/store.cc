// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/alerts/store.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "searcher/alerts/json.h"

namespace tidings::searcher::alerts {
namespace {

constexpr const char* kTables = R"(
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE alerts (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, query TEXT NOT NULL, corpus TEXT NOT NULL,
  on_change INTEGER NOT NULL, created_ms INTEGER NOT NULL, since_identity TEXT NOT NULL, since_generation INTEGER NOT NULL,
  error TEXT NOT NULL DEFAULT '');
CREATE TABLE log (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, alert INTEGER NOT NULL REFERENCES alerts(id) ON DELETE CASCADE,
  identity TEXT NOT NULL, generation INTEGER NOT NULL, cause INTEGER NOT NULL, corpus TEXT NOT NULL, path BLOB NOT NULL, file BLOB NOT NULL,
  title TEXT NOT NULL, date TEXT NOT NULL, source TEXT NOT NULL, type TEXT NOT NULL, hash BLOB NOT NULL, closed_ms INTEGER NOT NULL,
  pushed_ms INTEGER NOT NULL, history INTEGER NOT NULL, is_copy INTEGER NOT NULL, compared INTEGER NOT NULL, passages TEXT NOT NULL);
CREATE INDEX log_alert ON log (alert, seq);
CREATE INDEX log_report ON log (alert, corpus, path);
INSERT INTO meta VALUES ('version', 1);
PRAGMA user_version = 1;
)";

constexpr const char* kAlert =
    "SELECT id, name, query, corpus, on_change, created_ms, since_identity, since_generation, error FROM "
    "alerts ";
constexpr const char* kFiring =
    "SELECT seq, alert, alerts.name, identity, generation, cause, log.corpus, path, file, title, date, "
    "source, type, hash, closed_ms, "
    "pushed_ms, history, is_copy, compared, passages FROM log JOIN alerts ON alerts.id = log.alert ";

/// SQLite's failures end here.
template <class F>
auto guarded(F&& f) -> Result<decltype(f())> {
  try {
    if constexpr (std::is_void_v<decltype(f())>) {
      f();
      return {};
    } else {
      return f();
    }
  } catch (const SqlFailure& failure) {
    return tl::unexpected(failure.error);
  }
}

Alert alert_of(const Statement& row) {
  Alert alert;
  alert.id = row.integer_at(0);
  alert.name = row.text_at(1);
  alert.query = row.text_at(2);
  alert.corpus = row.text_at(3);
  alert.on_change = row.integer_at(4) != 0;
  alert.created_ms = row.integer_at(5);
  alert.since_identity = row.text_at(6);
  alert.since_generation = static_cast<std::uint64_t>(row.integer_at(7));
  alert.error = row.text_at(8);
  return alert;
}

Firing firing_of(const Statement& row) {
  Firing firing;
  firing.sequence = row.integer_at(0);
  firing.alert = row.integer_at(1);
  firing.alert_name = row.text_at(2);
  firing.identity = row.text_at(3);
  firing.hit.generation = static_cast<std::uint64_t>(row.integer_at(4));
  firing.hit.cause = static_cast<Cause>(row.integer_at(5));
  firing.hit.key = {row.text_at(6), row.text_at(7)};
  firing.hit.path = row.text_at(8);
  firing.hit.title = row.text_at(9);
  firing.hit.date.iso = row.text_at(10);
  firing.hit.source = row.text_at(11);
  firing.hit.type = row.text_at(12);
  firing.hash = row.text_at(13);
  firing.closed_ms = row.integer_at(14);
  firing.pushed_ms = row.integer_at(15);
  firing.history = row.integer_at(16) != 0;
  firing.is_copy = row.integer_at(17) != 0;
  firing.compared = row.integer_at(18) != 0;
  firing.hit.passages = passages_of(row.text_at(19));
  return firing;
}

Error no_alert(const std::string& name) {
  return {Error::Code::NotFound, "there is no alert `" + name + "`", "`tidings alerts list` shows them"};
}

void raise_version(Database& database) {
  database.run("UPDATE meta SET value = value + 1 WHERE name = 'version'");
}

void set_looked(Database& database, const Looked& looked) {
  auto set = database.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)");
  set.text(1, "looked_identity").text(2, looked.identity).run();
  set.text(1, "looked_generation").integer(2, static_cast<std::int64_t>(looked.generation)).run();
  set.text(1, "looked_ms").integer(2, looked.committed_ms).run();
}

std::optional<Looked> get_looked(Database& database) {
  Looked looked;
  auto rows = database.prepare("SELECT name, value FROM meta WHERE name LIKE 'looked_%'");
  while (rows.step()) {
    const std::string name = rows.text_at(0);
    if (name == "looked_identity") looked.identity = rows.text_at(1);
    if (name == "looked_generation") looked.generation = static_cast<std::uint64_t>(rows.integer_at(1));
    if (name == "looked_ms") looked.committed_ms = rows.integer_at(1);
  }
  if (looked.identity.empty()) return std::nullopt;
  return looked;
}

}  // namespace

Store::Store(const std::filesystem::path& folder)
    : file_(folder / kFile), database_(std::make_unique<Database>(file_)) {}

Result<Store> Store::open(const std::filesystem::path& state_folder) {
  std::error_code error;
  std::filesystem::create_directories(state_folder.parent_path(), error);
  if (error)
    return failure(Error::Code::Unreadable, state_folder.parent_path().string() + ": " + error.message());
  if (::mkdir(state_folder.c_str(), S_IRWXU) != 0 && errno != EEXIST)
    return failure(Error::Code::Unreadable, state_folder.string() + ": " + std::strerror(errno));
  return guarded([&] {
    Store store(state_folder);
    const auto version_of = [&] {
      auto version = store.database_->prepare("PRAGMA user_version");
      version.step();
      return version.integer_at(0);
    };
    if (version_of() == 0) {
      Transaction transaction(*store.database_);
      if (version_of() == 0) store.database_->run(kTables);  // else another process was first
      transaction.commit();
    }
    if (const auto version = version_of(); version != kVersion)
      throw SqlFailure({Error::Code::IndexVersion,
                        store.file_.string() + ": its format is " + std::to_string(version) +
                            ", of another version of tidings",
                        "this one knows format " + std::to_string(kVersion)});
    return store;
  });
}

void Store::touch() const {
  // A failure costs a watcher its wake-up, and it has read access where it watches: there is nothing to be done about it.
  ::utimensat(AT_FDCWD, file_.c_str(), nullptr, 0);
}

void Store::log_one(const Firing& firing) {
  auto insert = database_->prepare(
      "INSERT OR IGNORE INTO log (key, alert, identity, generation, cause, corpus, path, file, title, date, "
      "source, type, hash, closed_ms, "
      "pushed_ms, history, is_copy, compared, passages) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  const Hit& hit = firing.hit;
  insert.text(1, firing.key()).integer(2, firing.alert).text(3, firing.identity);
  insert.integer(4, static_cast<std::int64_t>(hit.generation))
      .integer(5, static_cast<std::int64_t>(hit.cause));
  insert.text(6, hit.key.corpus)
      .blob(7, hit.key.path)
      .blob(8, hit.path)
      .text(9, hit.title)
      .text(10, hit.date.iso);
  insert.text(11, hit.source).text(12, hit.type).blob(13, firing.hash);
  insert.integer(14, firing.closed_ms).integer(15, firing.pushed_ms).integer(16, firing.history ? 1 : 0);
  insert.integer(17, firing.is_copy ? 1 : 0)
      .integer(18, firing.compared ? 1 : 0)
      .text(19, passages_text(hit.passages));
  insert.run();
}

Result<Alert> Store::add(Alert alert, std::vector<Firing> history) {
  if (!is_name(alert.name))
    return failure(Error::Code::BadRequest, "`" + alert.name + "` is no name of an alert",
                   "letters, digits, - and _, at most " + std::to_string(kNameMost));
  return guarded([&] {
    Transaction transaction(*database_);
    auto count = database_->prepare("SELECT count(*) FROM alerts");
    count.step();
    if (count.integer_at(0) >= static_cast<std::int64_t>(kMostAlerts))
      throw SqlFailure({Error::Code::BadRequest,
                        "there are " + std::to_string(kMostAlerts) + " alerts, and no room for more",
                        "remove some"});
    count.step();  // its end: a statement that is open would keep the transaction
    auto insert = database_->prepare(
        "INSERT OR IGNORE INTO alerts (name, query, corpus, on_change, created_ms, since_identity, "
        "since_generation) VALUES (?,?,?,?,?,?,?)");
    insert.text(1, alert.name).text(2, alert.query).text(3, alert.corpus).integer(4, alert.on_change ? 1 : 0);
    insert.integer(5, alert.created_ms).text(6, alert.since_identity);
    insert.integer(7, static_cast<std::int64_t>(alert.since_generation)).run();
    if (database_->changed() == 0)
      throw SqlFailure({Error::Code::BadRequest, "there is an alert `" + alert.name + "` already",
                        "remove it first, or take another name"});
    alert.id = database_->last_row();
    if (!alert.since_identity.empty() && !get_looked(*database_))
      set_looked(*database_, {alert.since_identity, alert.since_generation, alert.created_ms});
    for (Firing& firing : history) {
      firing.alert = alert.id;
      log_one(firing);
    }
    raise_version(*database_);
    transaction.commit();
    touch();
    return alert;
  });
}

Result<std::uint64_t> Store::remove(const std::string& name) {
  return guarded([&]() -> std::uint64_t {
    Transaction transaction(*database_);
    auto count = database_->prepare(
        "SELECT alerts.id, count(seq) FROM alerts LEFT JOIN log ON alert = alerts.id WHERE name = ? GROUP BY "
        "alerts.id");
    if (!count.text(1, name).step()) throw SqlFailure(no_alert(name));
    const auto id = count.integer_at(0), records = count.integer_at(1);
    count.step();
    database_->prepare("DELETE FROM alerts WHERE id = ?").integer(1, id).run();
    raise_version(*database_);
    transaction.commit();
    touch();
    return static_cast<std::uint64_t>(records);
  });
}

Result<std::vector<Alert>> Store::alerts() {
  return guarded([&] {
    std::vector<Alert> all;
    auto rows = database_->prepare(std::string(kAlert) + "ORDER BY name");
    while (rows.step()) all.push_back(alert_of(rows));
    return all;
  });
}

Result<Alert> Store::alert(const std::string& name) {
  return guarded([&] {
    auto row = database_->prepare(std::string(kAlert) + "WHERE name = ?");
    if (!row.text(1, name).step()) throw SqlFailure(no_alert(name));
    return alert_of(row);
  });
}

Result<std::uint64_t> Store::version() {
  return guarded([&] {
    auto row = database_->prepare("SELECT value FROM meta WHERE name = 'version'");
    row.step();
    return static_cast<std::uint64_t>(row.integer_at(0));
  });
}

Result<void> Store::set_error(std::int64_t alert, const std::string& error) {
  return guarded([&] {
    database_->prepare("UPDATE alerts SET error = ? WHERE id = ?").text(1, error).integer(2, alert).run();
  });
}

Result<std::vector<Firing>> Store::log(const Range& range) {
  return guarded([&] {
    auto rows = database_->prepare(std::string(kFiring) +
                                   (range.alert ? "WHERE seq > ? AND alert = ? " : "WHERE seq > ? ") +
                                   "ORDER BY seq LIMIT " + std::to_string(range.most));
    rows.integer(1, range.after);
    if (range.alert) rows.integer(2, *range.alert);
    std::vector<Firing> firings;
    while (rows.step()) firings.push_back(firing_of(rows));
    return firings;
  });
}

Result<std::int64_t> Store::last_sequence() {
  return guarded([&] {
    auto row =
        database_->prepare("SELECT seq FROM sqlite_sequence WHERE name = 'log'");  // also of what was removed
    return row.step() ? row.integer_at(0) : 0;
  });
}

Result<Store::Count> Store::count(std::int64_t alert) {
  return guarded([&] {
    auto row = database_->prepare("SELECT count(*), coalesce(max(pushed_ms), 0) FROM log WHERE alert = ?");
    row.integer(1, alert).step();
    return Count{static_cast<std::uint64_t>(row.integer_at(0)), row.integer_at(1)};
  });
}

Result<std::optional<Looked>> Store::looked() {
  return guarded([&] { return get_looked(*database_); });
}

Result<void> Store::begin_at(const Looked& looked) {
  return guarded([&] {
    Transaction transaction(*database_);
    if (!get_looked(*database_)) set_looked(*database_, looked);
    transaction.commit();
  });
}

Result<std::unique_ptr<Store::Writing>> Store::write(std::uint64_t version) {
  return guarded([&] {
    auto writing = std::make_unique<Writing>(*this);
    auto row = database_->prepare("SELECT value FROM meta WHERE name = 'version'");
    row.step();
    if (static_cast<std::uint64_t>(row.integer_at(0)) != version) writing.reset();
    return writing;
  });
}

Result<bool> Store::Writing::has_fired(std::int64_t alert, const Key& report) {
  return guarded([&] {
    auto row =
        store_.database_->prepare("SELECT 1 FROM log WHERE alert = ? AND corpus = ? AND path = ? LIMIT 1");
    return row.integer(1, alert).text(2, report.corpus).blob(3, report.path).step();
  });
}

Result<void> Store::Writing::add(const Firing& firing) {
  return guarded([&] { store_.log_one(firing); });
}

Result<void> Store::Writing::commit(const Looked& looked) {
  return guarded([&] {
    set_looked(*store_.database_, looked);
    transaction_.commit();
    store_.touch();
  });
}

}  // namespace tidings::searcher::alerts
