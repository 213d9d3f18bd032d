// SPDX-License-Identifier: GPL-2.0-or-later
// snapshot.h — reading the index: one generation at a time, and again on a fresh one when it moved.
//
// A Reader belongs to one thread and keeps a handle for each segment that the manifest names (index/segments/manifest.h).
// Sealed segments never change; the live one is reopened by itself, and all are put together anew: a combined Xapian database must
// not be reopened, for it dies of a parent that is gone, and one part's error hides another's.
// The manifest and the live segment are two files, so they are read in this order: the manifest, then the live segment, which
// names the manifest that it builds on; if that is a later one, again from the start. So a snapshot is always one generation.
//
// run() gives a unit of work (match, documents, passages: all of one answer) a Snapshot. Where the writer recycled blocks
// of the live segment under it (Xapian's DatabaseModifiedError, at the second commit), the whole unit is run again on a fresh
// snapshot, at most kAttempts times, then Busy. So a unit must have no effect before it returns. A recycled block may look like damage, too
// (a root of another level: met once in 9,000 searches beside a busy writer): what is none on a fresh snapshot was none.
//
// Xapian replaces the live segment's version file with each commit: while a stat finds the same one, nothing is reopened. As with git's
// index, a file that was replaced less than kSettled before it was looked at may be replaced again with the same time and inode, and is not
// taken for the same.
//
// Snapshots speak of document ids of their own generation only: what outlives a snapshot is a Key. Documents that were replaced or
// removed are still in their sealed segments: queries go through living(), and ids of other sources are asked of is_dead().
// Xapian's exceptions end here: they come back as Error (NotFound, Unreadable, IndexVersion, IndexCorrupt, Busy, Io).
#pragma once
#include <xapian.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "index/analyzer.h"
#include "index/error.h"
#include "index/listed_source.h"
#include "index/near.h"
#include "index/phrase.h"
#include "index/record.h"
#include "index/segments/manifest.h"
#include "index/segments/sketches.h"
#include "index/segments/texts.h"
#include "index/segments/tombstones.h"
#include "index/segments/vocabulary.h"

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

/// A segment as a reader has it open.
struct OpenSegment {
  SegmentEntry entry;
  Xapian::Database database;
  std::string uuid;
  std::shared_ptr<const Dead> dead;  ///< as of its file
  std::shared_ptr<const Vocabulary> words;
  std::shared_ptr<const Texts> texts;      ///< null: they are in the documents' data
  std::shared_ptr<const WordOrder> order;  ///< null: it was live, and is not merged yet
  std::shared_ptr<const Sketches> sketches;
};

class Snapshot {
 public:
  const Xapian::Database& database() const { return database_; }
  const IndexFacts& facts() const { return facts_; }
  /// Grows with each snapshot of a reader: what was found on the one with this number is so still.
  std::uint64_t number() const { return number_; }
  /// The query, without the documents that are no more.
  Xapian::Query living(const Xapian::Query& query) const;
  bool is_dead(Xapian::docid id) const;
  /// The words of the index that have this stem, each once.
  std::vector<std::string> forms(std::string_view stem) const;
  /// The words of titles and texts that have stems (so none with a digit), each at least once, in no order.
  void stemmed_words(WordSink sink) const;
  /// The words of the terms of that prefix that begin with `start`, ascending (segments/vocabulary.h).
  void words(std::string_view prefix, std::string_view start, WordSink sink) const;
  /// How many documents have the term: 0 where removed ones alone have it. Exact where not more documents of a segment have it than were
  /// removed from that one; else the removed ones are counted with the others. Throws what Xapian throws.
  Xapian::doccount having(const std::string& term) const;
  /// What database() is put together of: the segments, the live one last. A live one without documents is no part where there is another
  /// segment: at rest a word is looked up once less. The document of a part is numbered id_of() in all.
  std::size_t parts() const { return sealed_.size() + (live_is_part_ ? 1 : 0); }
  const Xapian::Database& part(std::size_t number) const {
    return number < sealed_.size() ? sealed_[number]->database : live_;
  }
  Xapian::docid id_of(std::size_t part, Xapian::docid document) const {
    return static_cast<Xapian::docid>((document - 1) * parts() + part + 1);
  }
  /// Which part() the document of that id is in, and as which document there.
  std::pair<std::size_t, Xapian::docid> part_of(Xapian::docid id) const {
    return {(id - 1) % parts(), static_cast<Xapian::docid>((id - 1) / parts() + 1)};
  }
  /// The documents that have these words one after another, at least two. The analyzer is used while the query runs.
  Xapian::Query phrase(std::vector<std::string> words, PhraseSource::Where where, Analyzer& analyzer) const;
  /// The documents in which these stand near each other.
  Xapian::Query near(Nearness nearness, Analyzer& analyzer) const;
  /// The documents that have a near-copy (copies.h); they are looked for once in a snapshot.
  Xapian::Query having_copies(Analyzer& analyzer) const;
  /// What the near-copies of a part's documents are found by; null of the live one.
  const Sketches* sketches(std::size_t part) const {
    return part < sealed_.size() ? sealed_[part]->sketches.get() : nullptr;
  }
  std::optional<std::size_t> live_part() const {
    return live_is_part_ ? std::optional(sealed_.size()) : std::nullopt;
  }
  /// The document's words; where its segment does not keep them, of its text. Throws what Xapian throws.
  WordsInOrder words_in_order(Xapian::docid id, Analyzer& analyzer) const;
  /// The document as its writer saw it. Throws what Xapian throws: run() catches it.
  Record record(Xapian::docid id) const;
  /// What the document at this place was made of, without what stands in value slots: for the writer's side, which knows that, and the
  /// place. Nothing where the segment, or the document, is not there any more. Throws what Xapian throws.
  std::optional<Record> data_at(SegmentId segment, Xapian::docid document, Texts::Unpacked& last) const;
  std::optional<Xapian::docid> find(const Key& key) const;
  /// The file's absolute path, or the key's text where its corpus is not among the index' corpora any more.
  std::string absolute_path(const Key& key) const;
  /// Which segment the document is in, and as which document there.
  std::pair<SegmentId, Xapian::docid> place(Xapian::docid id) const;

 private:
  friend class Reader;
  Xapian::Database database_;  ///< the sealed segments in the manifest's order, then the live one
  std::vector<std::shared_ptr<const OpenSegment>> sealed_;
  Xapian::Database live_;
  SegmentId live_id_ = 0;
  bool live_is_part_ = true;
  std::uint64_t number_ = 0;
  std::vector<std::shared_ptr<const Dead>> dead_;  ///< for each of sealed_
  std::shared_ptr<const ListedByUuid> dead_by_uuid_;
  mutable std::shared_ptr<const ListedByUuid> copies_by_uuid_;  ///< null: not looked for yet
  std::shared_ptr<const OrderByUuid> order_by_uuid_;
  IndexFacts facts_;
};

class Reader {
 public:
  static constexpr int kAttempts = 20;
  static constexpr int kAlone =
      4;  ///< attempts before the writer is asked to wait a moment (segments/courtesy.h)
  static constexpr std::chrono::milliseconds kSettled{
      50};                            ///< the kernel's clock for files ticks every 10 ms at most
  static constexpr int kDamaged = 6;  ///< damage that is met on so many snapshots is there

  explicit Reader(std::filesystem::path index_folder) : folder_(std::move(index_folder)) {}

  /// Runs `unit` on the newest generation; see above for what is run again.
  Result<void> run(FunctionRef<Result<void>(const Snapshot&)> unit);
  /// The facts of the newest generation.
  Result<IndexFacts> facts();
  /// Runs `unit` once, on a snapshot that was kept: a copy, whose Reader has not run since. Its sealed segments can be read as long as it is
  /// kept; its live one until two more commits. Busy where that has been written over.
  Result<void> look_back(const Snapshot& kept, FunctionRef<Result<void>(const Snapshot&)> unit) const;
  /// The key of a file by its absolute path: the corpus whose root is the nearest above it.
  static std::optional<Key> key_of(const IndexFacts& facts, std::string_view absolute_path);

  const std::filesystem::path& folder() const { return folder_; }

 private:
  struct Stamp {
    std::uint64_t inode = 0;
    std::int64_t ctime_ns = 0;
    auto operator<=>(const Stamp&) const = default;
  };
  static std::optional<Stamp> stamp_of(const std::filesystem::path& file);
  Result<void> refresh();
  Result<void> open_segments();
  bool reopen_live();
  Result<void> compose();

  const std::filesystem::path folder_;
  Stamp stamp_;  ///< of the manifest's file
  Manifest manifest_;
  std::vector<std::shared_ptr<const OpenSegment>> sealed_;
  std::optional<Xapian::Database> live_;
  SegmentId live_id_ = 0;
  std::optional<Stamp> live_stamp_;   ///< of its version file, as of before it was reopened
  std::uint64_t live_builds_on_ = 0;  ///< number of a manifest
  std::optional<Snapshot> snapshot_;
  std::uint64_t composed_ = 0;
};

/// What Xapian puts into a database's folder, and nothing else is there.
bool is_xapian_folder(const std::filesystem::path& folder);
/// There is an index of the first format: one Xapian database of ours in the folder `live`. One that is torn is taken for ours. Only where
/// there is no manifest.
bool is_first_format(const std::filesystem::path& index);

/// The folders whose files are replaced (IN_MOVED_TO) when there is a new generation: the index folder, and the live segment's, if
/// there is one.
std::vector<std::filesystem::path> telling_folders(const std::filesystem::path& index_folder);

/// What the live segment says of the index, with what its manifest says.
IndexFacts read_facts(const Manifest& manifest, const Xapian::Database& live);
/// The same of an index on disk, without opening a sealed segment, which may be damaged; the documents are not counted.
Result<IndexFacts> read_facts(const std::filesystem::path& index);
/// The number of the manifest that the live segment's last commit builds on.
std::uint64_t manifest_of(const Xapian::Database& live);
/// Opens a sealed segment with its tombstones and vocabulary. Throws what Xapian throws.
Result<OpenSegment> open_segment(const std::filesystem::path& index, const SegmentEntry& entry);

/// All that a document of a segment holds; `texts` are that segment's, or null. Throws what Xapian throws.
Record record_of(const Xapian::Document& document, const Texts* texts, Xapian::docid in_segment);
// What the value slots of a document hold. They throw Xapian::DatabaseCorruptError where it is not what every document has.
FileState stamp_of(const Xapian::Document& document);  ///< what was on disk when it was read; no mtime
FileState stamp_of(const std::string& size_value, const std::string& stamp_value);
Key key_of(const Xapian::Document& document);
Status status_of(const Xapian::Document& document);
Status status_of(const std::string& status_value);
Cause cause_of(const Xapian::Document& document);
std::uint64_t number_of(const Xapian::Document& document, unsigned value_slot);  ///< of 8 bytes

/// A Xapian exception in our words; for the files that catch them: store.cc, snapshot.cc, segments/.
Error from_xapian(const Xapian::Error& e, const std::filesystem::path& folder);

}  // namespace tidings
