// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/store.h"

#include <chrono>
#include <set>

#include "index/schema.h"

namespace tidings {
namespace fs = std::filesystem;
namespace {

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string crawled_key(const std::string& corpus) {
  return "tidings.crawled." + corpus;
}

std::string note_key(const std::string& corpus, const std::string& name) {
  return "tidings.note." + name + "." + corpus;
}

/// Whether the folder holds nothing but files of a Xapian database, be it half-made.
bool only_xapian(const fs::path& live) {
  for (const auto& entry : fs::directory_iterator(live)) {
    const std::string name = entry.path().filename().string(), extension = entry.path().extension().string();
    if (name != "flintlock" && name != "iamglass" && extension != ".glass" && extension != ".tmp")
      return false;
  }
  return true;
}

/// Publishes one put: the document as built, with what only the store knows.
void write(Xapian::WritableDatabase& db, const std::string& term, const PutDocument& put,
           std::uint64_t generation) {
  Xapian::Document document = put.document;
  Cause cause = put.cause;
  std::string first_seen = encode_u64(static_cast<std::uint64_t>(now_ms()));
  const auto old_id = db.postlist_begin(term);
  if (old_id != db.postlist_end(term)) {
    const Xapian::Document old = db.get_document(*old_id);
    first_seen = encode_u64(number_of(old, slot::kFirstSeen));
    // A file that still cannot be read has no hash, then and now: no change either.
    const bool same_contents = old.get_value(slot::kHash) == put.hash &&
                               status_of(old) == status_of(document) && cause != Cause::Rebuild &&
                               cause != Cause::Repair;
    if (same_contents) {
      generation = number_of(old, slot::kGeneration);
      cause = cause_of(old);
    } else if (cause == Cause::Arrival) {
      cause = Cause::Change;
    }
  } else if (cause == Cause::Change) {
    cause = Cause::Arrival;
  }
  document.add_value(slot::kFirstSeen, first_seen);
  document.add_value(slot::kGeneration, encode_u64(generation));
  document.add_value(slot::kCause, std::string(1, static_cast<char>(cause)));
  document.add_boolean_term(boolean_term(prefix::kGeneration, std::to_string(generation)));
  document.add_boolean_term(boolean_term(prefix::kCause, name(cause)));
  db.replace_document(term, document);
}

}  // namespace

template <class F>
auto Store::guarded(F&& unit) -> Result<decltype(unit(std::declval<Xapian::WritableDatabase&>()))> {
  try {
    if (!database_) open_database();
    return unit(*database_);
  } catch (const Xapian::Error& e) {
    database_.reset();
    return tl::unexpected(from_xapian(e, folder_));
  }
}

void Store::open_database() {
  database_ = std::make_unique<Xapian::WritableDatabase>(live_folder(folder_).string(),
                                                         action_ | Xapian::DB_BACKEND_GLASS);
  facts_ = read_facts(*database_);
}

void Store::write_options(Xapian::WritableDatabase& db) {
  std::string languages, corpora;
  for (const auto& code : options_.languages) languages += (languages.empty() ? "" : " ") + code;
  for (const auto& corpus : options_.corpora)
    corpora.append(corpus.name).append("\t").append(corpus.root).push_back('\0');
  db.begin_transaction(true);
  db.set_metadata("tidings.schema", std::to_string(kSchemaVersion));
  if (db.get_metadata("tidings.identity").empty()) db.set_metadata("tidings.identity", db.get_uuid());
  db.set_metadata("tidings.languages", languages);
  db.set_metadata("tidings.corpora", corpora);
  db.set_metadata("tidings.control", options_.control_socket);
  db.commit_transaction();
  facts_ = read_facts(db);
}

Result<std::unique_ptr<Store>> Store::open(const fs::path& folder, Options options) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return failure(Error::Code::Io, folder.string() + ": " + error.message(),
                   "name another folder under [index] folder");
  const fs::path live = live_folder(folder);
  const bool exists = fs::exists(live, error);
  // Looked at before anything is changed: a folder named by mistake stays as it is, also with a rebuild.
  try {
    if (exists ? !only_xapian(live) : !fs::is_empty(folder))
      return failure(Error::Code::BadRequest, folder.string() + ": holds files that are no index of tidings",
                     "name an empty or a new folder under [index] folder");
  } catch (const fs::filesystem_error& e) {
    return failure(Error::Code::Io, folder.string() + ": " + e.code().message(),
                   "name another folder under [index] folder");
  }
  fs::permissions(folder, fs::perms::owner_all, error);
  if (error)
    return failure(Error::Code::Io, folder.string() + ": cannot be made private: " + error.message());

  auto store = std::unique_ptr<Store>(new Store(folder, std::move(options)));
  if (store->options_.rebuild && exists) {
    // Taking the lock first: an index that is being written by another daemon is not ours to drop.
    if (auto locked = store->guarded([](Xapian::WritableDatabase&) { return true; });
        !locked && locked.error().code == Error::Code::IndexLocked)
      return tl::unexpected(locked.error());
    store->database_.reset();
    fs::remove_all(live, error);
    if (error) return failure(Error::Code::Io, live.string() + ": cannot be removed: " + error.message());
  }
  Store& s = *store;
  // Xapian names its files by iamglass last: without it the first start was killed, and would never be opened again.
  if (!fs::exists(live / "iamglass", error) && !error) s.action_ = Xapian::DB_CREATE_OR_OVERWRITE;
  auto opened = s.guarded([&](Xapian::WritableDatabase& db) -> Result<void> {
    const std::string version = db.get_metadata("tidings.schema");
    if (!version.empty() && version != std::to_string(kSchemaVersion))
      return failure(Error::Code::IndexVersion,
                     folder.string() + ": made in format " + version + "; this daemon writes format " +
                         std::to_string(kSchemaVersion),
                     "`tidingsd --rebuild` makes it anew from the corpus folders");
    if (version.empty() && db.get_doccount() > 0)
      return failure(Error::Code::BadRequest,
                     live.string() + ": a Xapian database that is not an index of tidings",
                     "name an empty or a new folder under [index] folder");
    s.write_options(db);
    return {};
  });
  if (!opened) return tl::unexpected(opened.error());
  if (!*opened) return tl::unexpected(opened->error());
  s.action_ = Xapian::DB_OPEN;
  return store;
}

Result<std::uint64_t> Store::publish(const Batch& batch) {
  if (batch.empty()) return facts_.generation;
  return guarded([&](Xapian::WritableDatabase& db) {
    const std::uint64_t generation = facts_.generation + 1;
    const std::int64_t committed = now_ms();
    db.begin_transaction(true);  // without it Xapian commits by itself every 10,000 changes
    for (const auto& [key, put] : batch.changes()) {
      const std::string term = key.term();
      if (put)
        write(db, term, *put, generation);
      else
        db.delete_document(term);
    }
    db.set_metadata("tidings.generation", std::to_string(generation));
    db.set_metadata("tidings.committed", std::to_string(committed));
    db.commit_transaction();
    facts_.generation = generation;
    facts_.committed_ms = committed;
    facts_.documents = db.get_doccount();
    return generation;
  });
}

Result<void> Store::describe(Options options) {
  options_ = std::move(options);
  auto done = guarded([&](Xapian::WritableDatabase& db) {
    write_options(db);
    return true;
  });
  if (!done) return tl::unexpected(done.error());
  return {};
}

Result<std::optional<Indexed>> Store::find(const Key& key) {
  return guarded([&](Xapian::WritableDatabase& db) -> std::optional<Indexed> {
    const std::string term = key.term();
    const auto it = db.postlist_begin(term);
    if (it == db.postlist_end(term)) return std::nullopt;
    const Xapian::Document document = db.get_document(*it, Xapian::DOC_ASSUME_VALID);
    return Indexed{*it, stamp_of(document), status_of(document)};
  });
}

Result<void> Store::below(const Key& folder, Xapian::docid last_id,
                          FunctionRef<void(Xapian::docid, Key)> sink) {
  auto done = guarded([&](Xapian::WritableDatabase& db) {
    // The key of a file that took the folder's place, then all that lies below the folder.
    for (const std::string& term : {folder.term(), boolean_term(prefix::kFolder, folder.text())})
      for (auto it = db.postlist_begin(term); it != db.postlist_end(term) && *it <= last_id; ++it)
        sink(*it, key_of(db.get_document(*it, Xapian::DOC_ASSUME_VALID)));
    return true;
  });
  if (!done) return tl::unexpected(done.error());
  return {};
}

Result<Xapian::docid> Store::last_id() {
  return guarded([](Xapian::WritableDatabase& db) { return db.get_lastdocid(); });
}

Result<std::vector<std::string>> Store::indexed_corpora() {
  return guarded([](Xapian::WritableDatabase& db) {
    // The root folder of each corpus stands as "XD" "corpus:"; corpus names hold no ':'.
    std::vector<std::string> names;
    const std::string all(prefix::kFolder);
    for (auto it = db.allterms_begin(all); it != db.allterms_end(all);) {
      const std::string content = (*it).substr(all.size());
      const auto colon = content.find(':');
      if (colon == std::string::npos) {  // a hashed folder
        ++it;
        continue;
      }
      names.push_back(content.substr(0, colon));
      it.skip_to(all + names.back() + ";");  // ';' follows ':'
    }
    return names;
  });
}

Result<std::string> Store::crawled(const std::string& corpus) {
  return guarded([&](Xapian::WritableDatabase& db) { return db.get_metadata(crawled_key(corpus)); });
}

Result<void> Store::set_crawled(const std::string& corpus, const std::string& how) {
  auto done = guarded([&](Xapian::WritableDatabase& db) {
    db.set_metadata(crawled_key(corpus), how);
    db.commit();
    return true;
  });
  if (!done) return tl::unexpected(done.error());
  return {};
}

Result<std::string> Store::note(const std::string& corpus, const std::string& name) {
  return guarded([&](Xapian::WritableDatabase& db) { return db.get_metadata(note_key(corpus, name)); });
}

Result<void> Store::set_note(const std::string& corpus, const std::string& name, const std::string& value) {
  auto done = guarded([&](Xapian::WritableDatabase& db) {
    const std::string key = note_key(corpus, name);
    if (db.get_metadata(key) == value) return true;
    db.set_metadata(key, value);
    db.commit();
    return true;
  });
  if (!done) return tl::unexpected(done.error());
  return {};
}

}  // namespace tidings
