// SPDX-License-Identifier: GPL-2.0-or-later
// What documents and the live segment's metadata hold, and Xapian's errors in our words. See snapshot.h.
#include <charconv>
#include <sstream>

#include "index/schema.h"
#include "index/snapshot.h"

namespace tidings {
namespace {

std::uint64_t number(const std::string& text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// The byte in a slot that stands for one of `names`.
std::size_t choice(const std::string& byte, std::size_t names) {
  if (byte.size() != 1 || static_cast<unsigned char>(byte[0]) >= names)
    throw Xapian::DatabaseCorruptError("a document with no status or cause that we know");
  return static_cast<unsigned char>(byte[0]);
}

}  // namespace

Error from_xapian(const Xapian::Error& e, const std::filesystem::path& folder) {
  const std::string what = folder.string() + ": " + e.get_msg() +
                           (e.get_error_string() ? std::string(": ") + e.get_error_string() : std::string());
  const std::string_view type = e.get_type();
  // It is also thrown where the lock's file cannot be opened, as on a full disk.
  if (type == "DatabaseLockError" && e.get_msg().find("already locked") != std::string::npos)
    return {Error::Code::IndexLocked, folder.string() + ": another process is writing this index",
            "only one tidingsd may run for an index folder: `tidings status` names it"};
  if (type == "DatabaseNotFoundError")
    return {Error::Code::NotFound, folder.string() + ": no index here",
            "start tidingsd, or name another folder with --index"};
  if (type == "DatabaseModifiedError")
    return {Error::Code::Busy, folder.string() + ": the index changed faster than it could be read",
            "try again"};
  if (type == "DatabaseCorruptError" || type == "DatabaseVersionError" || type == "DocNotFoundError" ||
      type == "SerialisationError")
    return {Error::Code::IndexCorrupt, what,
            "`tidings verify --repair` mends it; `tidingsd --rebuild` makes the index anew from the corpus "
            "folders"};
  return {Error::Code::Io, what, {}};
}

std::uint64_t manifest_of(const Xapian::Database& live) {
  return number(live.get_metadata("tidings.manifest"));
}

IndexFacts read_facts(const Manifest& manifest, const Xapian::Database& live) {
  IndexFacts facts;
  facts.identity = manifest.identity;
  facts.generation = number(live.get_metadata("tidings.generation"));
  facts.committed_ms = static_cast<std::int64_t>(number(live.get_metadata("tidings.committed")));
  if (manifest.generation > facts.generation) {
    facts.generation = manifest.generation;
    facts.committed_ms = manifest.committed_ms;
  }
  facts.control_socket = live.get_metadata("tidings.control");
  facts.documents = live.get_doccount();
  std::istringstream languages(live.get_metadata("tidings.languages"));
  for (std::string code; languages >> code;) facts.languages.push_back(code);
  std::istringstream corpora(live.get_metadata("tidings.corpora"));
  for (std::string line; std::getline(corpora, line, '\0');)  // a path may hold any byte but this
    if (auto tab = line.find('\t'); tab != std::string::npos)
      facts.corpora.push_back({line.substr(0, tab), line.substr(tab + 1)});
  return facts;
}

FileState stamp_of(const std::string& size_value, const std::string& stamp_value) {
  if (stamp_value.size() != 16) throw Xapian::DatabaseCorruptError("a document without a stamp of its file");
  FileState state;
  state.size = static_cast<std::uint64_t>(Xapian::sortable_unserialise(size_value));
  state.ctime_ns = static_cast<std::int64_t>(decode_u64(std::string_view(stamp_value).substr(0, 8)));
  state.inode = decode_u64(std::string_view(stamp_value).substr(8));
  return state;
}

FileState stamp_of(const Xapian::Document& document) {
  return stamp_of(document.get_value(slot::kSize), document.get_value(slot::kStamp));
}

Key key_of(const Xapian::Document& document) {
  const std::string text = document.get_value(slot::kPath);
  if (text.find(':') == std::string::npos) throw Xapian::DatabaseCorruptError("a document without a key");
  return Key::parse(text);
}

Status status_of(const std::string& status_value) {
  return static_cast<Status>(choice(status_value, kStatusNames.size()));
}

Status status_of(const Xapian::Document& document) {
  return status_of(document.get_value(slot::kStatus));
}

Cause cause_of(const Xapian::Document& document) {
  return static_cast<Cause>(choice(document.get_value(slot::kCause), kCauseNames.size()));
}

std::uint64_t number_of(const Xapian::Document& document, unsigned value_slot) {
  const std::string bytes = document.get_value(value_slot);
  if (bytes.size() != 8)
    throw Xapian::DatabaseCorruptError(document.get_value(slot::kPath) + ": no generation or time");
  return decode_u64(bytes);
}

Record record_of(const Xapian::Document& document, const Texts* texts, Xapian::docid in_segment) {
  const Key key = key_of(document);
  std::string data = document.get_data();
  if (texts) texts->append(in_segment, data);
  auto decoded = decode_data(data);
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

}  // namespace tidings
