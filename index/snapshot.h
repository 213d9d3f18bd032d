// SPDX-License-Identifier: GPL-2.0-or-later
// snapshot.h — reading the index: one generation at a time, and again on a fresh one when it moved.
//
// A Reader belongs to one thread and keeps its own handle on the index folder. run() gives a unit of work (match,
// documents, passages: all of one answer) a Snapshot of one generation. Where the writer recycled blocks under it
// (Xapian's DatabaseModifiedError, at the second commit), the whole unit is run again on a fresh snapshot, at most
// kAttempts times, then Busy. So a unit must have no effect before it returns. Measured with commits back to back on
// 60,000 documents: 62 of 1,620 searches were run twice, 2 three times, none more often.
//
// Snapshots speak of document ids of their own generation only: what outlives a snapshot is a Key.
// Xapian's exceptions end here: they come back as Error (NotFound, IndexVersion, IndexCorrupt, Busy, Io).
#pragma once
#include <xapian.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "index/analyzer.h"
#include "index/error.h"
#include "index/record.h"

namespace tidings {

struct CorpusRoot {
  std::string name;
  std::string root;  ///< absolute path, bytes as on disk
  auto operator<=>(const CorpusRoot&) const = default;
};

/// What the index says of itself, as of one generation.
struct IndexFacts {
  std::string identity;           ///< cursors name it; another one means another index
  std::uint64_t generation = 0;   ///< grows by one with each published batch
  std::int64_t committed_ms = 0;  ///< when that batch was published, ms since 1970
  std::vector<std::string> languages;
  std::vector<CorpusRoot> corpora;
  std::string control_socket;
  std::uint64_t documents = 0;
};

class Snapshot {
 public:
  const Xapian::Database& database() const { return database_; }
  const IndexFacts& facts() const { return facts_; }
  /// The document as its writer saw it. Throws what Xapian throws: run() catches it.
  Record record(Xapian::docid id) const;
  std::optional<Xapian::docid> find(const Key& key) const;
  /// The file's absolute path, or the key's text where its corpus is not among the index' corpora any more.
  std::string absolute_path(const Key& key) const;

 private:
  friend class Reader;
  Xapian::Database database_;
  IndexFacts facts_;
};

class Reader {
 public:
  static constexpr int kAttempts = 10;

  explicit Reader(std::filesystem::path index_folder) : folder_(std::move(index_folder)) {}

  /// Runs `unit` on the newest generation; see above for what is run again.
  Result<void> run(FunctionRef<Result<void>(const Snapshot&)> unit);
  /// The facts of the newest generation.
  Result<IndexFacts> facts();
  /// The key of a file by its absolute path: the corpus whose root is the nearest above it.
  static std::optional<Key> key_of(const IndexFacts& facts, std::string_view absolute_path);

  const std::filesystem::path& folder() const { return folder_; }

 private:
  Result<void> refresh();

  const std::filesystem::path folder_;
  std::optional<Snapshot> snapshot_;
};

/// Where the Xapian database lies below the index folder. The reader watches it for new generations.
std::filesystem::path live_folder(const std::filesystem::path& index_folder);

/// Reads what the index says of itself. Throws what Xapian throws.
IndexFacts read_facts(const Xapian::Database& database);

// What the value slots of a document hold. They throw Xapian::DatabaseCorruptError where it is not what every document has.
FileState stamp_of(const Xapian::Document& document);  ///< what was on disk when it was read; no mtime
Key key_of(const Xapian::Document& document);
Status status_of(const Xapian::Document& document);
Cause cause_of(const Xapian::Document& document);
std::uint64_t number_of(const Xapian::Document& document, unsigned value_slot);  ///< of 8 bytes

/// A Xapian exception in our words; for the two files that catch them.
Error from_xapian(const Xapian::Error& e, const std::filesystem::path& folder);

}  // namespace tidings
