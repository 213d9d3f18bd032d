// SPDX-License-Identifier: GPL-2.0-or-later
// bulk.h — many documents at once: a sealed segment, made by one thread beside the others.
//
// Xapian's inverter keeps a batch in nested maps, and the larger they are, the slower: so the documents go into
// databases of kPartDocuments each in the scratch folder, without term lists and without syncs, and these are
// compacted into one file in the index folder. Measured on 42,500 news with two threads: 12.6 MB/s, where one plain database takes
// 2.8; parts of 100 documents 11.7, of 400 12.2; with term lists 10.6.
//
// Nobody sees the segment before the store publishes it. Document ids count from 1 in the order of add(), without gaps.
// One thread each. add() and finish() return errors (full disk, full memory file system); after one the writer is to be dropped,
// and the documents made again.
#pragma once
#include <xapian.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "index/analyzer.h"
#include "index/error.h"
#include "index/segments/catalogue.h"
#include "index/segments/completion.h"
#include "index/segments/manifest.h"
#include "index/segments/texts.h"
#include "index/segments/word_order.h"

namespace tidings {

struct BulkDocument {
  KeyHash key;
  FileState stamp;
  Status status = Status::Indexed;
};

struct BulkSegment {
  SegmentEntry entry;
  std::vector<BulkDocument> documents;  ///< the one at i has document id i + 1
};

/// Where a bulk segment is made, and for whom.
struct BulkPlace {
  std::filesystem::path index, scratch;
  SegmentId id = 0;  ///< not used by any other
  std::vector<std::string> languages;
};

class BulkWriter {
 public:
  static constexpr std::size_t kPartDocuments = 200;
  static constexpr std::size_t kPartBytes = std::size_t{4} << 20;  ///< of stored text
  static constexpr std::size_t kPartsAtOnce =
      32;  ///< compacted to one before there are more: open files are bounded

  explicit BulkWriter(BulkPlace place);
  ~BulkWriter();
  BulkWriter(const BulkWriter&) = delete;
  BulkWriter& operator=(const BulkWriter&) = delete;

  /// The document is complete (completion.h).
  Result<void> add(Xapian::Document document, const WordsInOrder& words);
  std::size_t size() const { return documents_.size(); }
  std::size_t bytes() const { return bytes_; }  ///< of stored text
  /// Writes, syncs and describes the segment; it holds at least one document.
  Result<BulkSegment> finish();

 private:
  void close_part();
  void compact_parts();

  const BulkPlace place_;
  std::filesystem::path folder_;
  std::unique_ptr<Xapian::WritableDatabase> part_;
  std::size_t part_documents_ = 0, part_bytes_ = 0, bytes_ = 0;
  std::vector<std::filesystem::path> parts_;
  std::size_t compacted_ = 0;  ///< the first of parts_ are that already
  std::size_t made_ = 0;       ///< names parts
  TextsWriter texts_;
  WordOrderWriter order_;
  std::vector<BulkDocument> documents_;
  bool finished_ = false;  ///< else what there is of the segment goes with the writer
};

/// Compacts databases into the sealed file of a new segment, without term lists and metadata, and makes its vocabulary. The documents keep
/// their order, and get new ids. Throws what Xapian throws.
Result<SegmentEntry> compact(const BulkPlace& place, const std::vector<std::filesystem::path>& sources);

}  // namespace tidings
