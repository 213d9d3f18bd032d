// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/snapshot.h"

#include <charconv>
#include <sstream>

#include "index/schema.h"

namespace tidings {
namespace {

std::uint64_t number(const std::string& text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// The byte in a slot that stands for one of `names`.
std::size_t choice(const Xapian::Document& document, unsigned value_slot, std::size_t names) {
  const std::string byte = document.get_value(value_slot);
  if (byte.size() != 1 || static_cast<unsigned char>(byte[0]) >= names)
    throw Xapian::DatabaseCorruptError(document.get_value(slot::kPath) + ": no status or cause that we know");
  return static_cast<unsigned char>(byte[0]);
}

}  // namespace

std::filesystem::path live_folder(const std::filesystem::path& index_folder) {
  return index_folder / "live";
}

Error from_xapian(const Xapian::Error& e, const std::filesystem::path& folder) {
  const std::string what = folder.string() + ": " + e.get_msg() +
                           (e.get_error_string() ? std::string(": ") + e.get_error_string() : std::string());
  const std::string_view type = e.get_type();
  if (type == "DatabaseLockError")
    return {Error::Code::IndexLocked, folder.string() + ": another process is writing this index",
            "only one tidingsd may run for an index folder: `tidings status` names it"};
  if (type == "DatabaseNotFoundError")
    return {Error::Code::NotFound, folder.string() + ": no index here",
            "start tidingsd, or name another folder with --index"};
  if (type == "DatabaseModifiedError")
    return {Error::Code::Busy, folder.string() + ": the index changed faster than it could be read",
            "try again"};
  if (type == "DatabaseCorruptError" || type == "DatabaseVersionError" || type == "SerialisationError")
    return {Error::Code::IndexCorrupt, what,
            "`tidingsd --rebuild` makes the index anew from the corpus folders"};
  return {Error::Code::Io, what, {}};
}

IndexFacts read_facts(const Xapian::Database& database) {
  IndexFacts facts;
  facts.identity = database.get_metadata("tidings.identity");
  facts.generation = number(database.get_metadata("tidings.generation"));
  facts.committed_ms = static_cast<std::int64_t>(number(database.get_metadata("tidings.committed")));
  facts.control_socket = database.get_metadata("tidings.control");
  facts.documents = database.get_doccount();
  std::istringstream languages(database.get_metadata("tidings.languages"));
  for (std::string code; languages >> code;) facts.languages.push_back(code);
  std::istringstream corpora(database.get_metadata("tidings.corpora"));
  for (std::string line; std::getline(corpora, line, '\0');)  // a path may hold any byte but this
    if (auto tab = line.find('\t'); tab != std::string::npos)
      facts.corpora.push_back({line.substr(0, tab), line.substr(tab + 1)});
  return facts;
}

FileState stamp_of(const Xapian::Document& document) {
  const std::string stamp = document.get_value(slot::kStamp);
  if (stamp.size() != 16)
    throw Xapian::DatabaseCorruptError(document.get_value(slot::kPath) + ": no stamp of its file");
  FileState state;
  state.size = static_cast<std::uint64_t>(Xapian::sortable_unserialise(document.get_value(slot::kSize)));
  state.ctime_ns = static_cast<std::int64_t>(decode_u64(std::string_view(stamp).substr(0, 8)));
  state.inode = decode_u64(std::string_view(stamp).substr(8));
  return state;
}

Key key_of(const Xapian::Document& document) {
  const std::string text = document.get_value(slot::kPath);
  if (text.find(':') == std::string::npos) throw Xapian::DatabaseCorruptError("a document without a key");
  return Key::parse(text);
}

Status status_of(const Xapian::Document& document) {
  return static_cast<Status>(choice(document, slot::kStatus, kStatusNames.size()));
}

Cause cause_of(const Xapian::Document& document) {
  return static_cast<Cause>(choice(document, slot::kCause, kCauseNames.size()));
}

std::uint64_t number_of(const Xapian::Document& document, unsigned value_slot) {
  const std::string bytes = document.get_value(value_slot);
  if (bytes.size() != 8)
    throw Xapian::DatabaseCorruptError(document.get_value(slot::kPath) + ": no generation or time");
  return decode_u64(bytes);
}

Record Snapshot::record(Xapian::docid id) const {
  const Xapian::Document document = database_.get_document(id);
  const Key key = key_of(document);
  auto decoded = decode_data(document.get_data());
  if (!decoded) throw Xapian::DatabaseCorruptError(key.text() + ": " + decoded.error().what);
  Record record = std::move(*decoded);
  record.key = key;
  const FileState stamp = stamp_of(document);
  record.file.size = stamp.size;
  record.file.ctime_ns = stamp.ctime_ns;
  record.file.inode = stamp.inode;
  record.report.status = status_of(document);
  record.cause = cause_of(document);
  record.generation = number_of(document, slot::kGeneration);
  record.first_seen_ms = static_cast<std::int64_t>(number_of(document, slot::kFirstSeen));
  record.hash = document.get_value(slot::kHash);
  return record;
}

std::optional<Xapian::docid> Snapshot::find(const Key& key) const {
  const std::string term = key.term();
  const auto it = database_.postlist_begin(term);
  if (it == database_.postlist_end(term)) return std::nullopt;
  return *it;
}

std::string Snapshot::absolute_path(const Key& key) const {
  for (const auto& corpus : facts_.corpora)
    if (corpus.name == key.corpus) return corpus.root + (corpus.root == "/" ? "" : "/") + key.path;
  return key.text();
}

std::optional<Key> Reader::key_of(const IndexFacts& facts, std::string_view absolute_path) {
  const CorpusRoot* best = nullptr;
  for (const auto& corpus : facts.corpora) {
    const std::string below = corpus.root == "/" ? "/" : corpus.root + "/";
    if (absolute_path.starts_with(below) && (!best || corpus.root.size() > best->root.size())) best = &corpus;
  }
  if (!best) return std::nullopt;
  return Key{best->name, std::string(absolute_path.substr(best->root == "/" ? 1 : best->root.size() + 1))};
}

Result<void> Reader::refresh() {
  if (!snapshot_) {
    Snapshot fresh;
    fresh.database_ = Xapian::Database(live_folder(folder_).string());
    const std::string version = fresh.database_.get_metadata("tidings.schema");
    if (version.empty())
      return failure(Error::Code::NotFound,
                     folder_.string() + ": not finished yet, or not an index of tidings",
                     "start tidingsd, or name another folder with --index");
    if (version != std::to_string(kSchemaVersion))
      return failure(Error::Code::IndexVersion,
                     folder_.string() + ": made in format " + version + "; this program reads format " +
                         std::to_string(kSchemaVersion),
                     "`tidingsd --rebuild` makes it anew from the corpus folders");
    fresh.facts_ = read_facts(fresh.database_);
    snapshot_ = std::move(fresh);
  } else if (snapshot_->database_.reopen()) {
    snapshot_->facts_ = read_facts(snapshot_->database_);
  }
  return {};
}

Result<void> Reader::run(FunctionRef<Result<void>(const Snapshot&)> unit) {
  Error last;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    try {
      if (auto ready = refresh(); !ready) {
        snapshot_.reset();
        return ready;
      }
      return unit(*snapshot_);
    } catch (const Xapian::DatabaseModifiedError& e) {
      last = from_xapian(e, folder_);
    } catch (
        const Xapian::DatabaseOpeningError& e) {  // a file that was replaced while we opened it, or no index
      last = from_xapian(e, folder_);
      snapshot_.reset();
    } catch (const Xapian::Error& e) {
      snapshot_.reset();
      return tl::unexpected(from_xapian(e, folder_));
    }
  }
  return tl::unexpected(std::move(last));
}

Result<IndexFacts> Reader::facts() {
  IndexFacts facts;
  auto done = run([&](const Snapshot& snapshot) -> Result<void> {
    facts = snapshot.facts();
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return facts;
}

}  // namespace tidings
