// SPDX-License-Identifier: GPL-2.0-or-later
// sketches.h — which documents of a sealed segment have a hash in their sketch (index/sketch.h): what near-copies are found by.
//
// Sketches stand in a value slot of the documents; this is them turned round. A look for one hash is two reads of memory, where the
// segment has it not, as nearly always; the slots of all documents would be read for each hit otherwise. Some 9 bytes a hash.
//
// FORMAT of SEGMENT.sketches (numbers little endian; mapped.h has the frame):
//   "tids" 1 0 0 0
//   4 bytes: BITS; 4 bytes: ENTRIES
//   2^BITS + 1 times 4 bytes: the number of the first entry whose hash's upper BITS are that; last of all ENTRIES
//   for each entry 4 bytes hash, 4 bytes document id; ascending
// Made of the segment's documents when it is sealed, and when it is made in bulk or by a merge; never changed.
#pragma once
#include <xapian.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "index/analyzer.h"
#include "index/error.h"
#include "index/segments/mapped.h"

namespace tidings {

struct SketchEntry {
  std::uint32_t hash = 0;
  Xapian::docid document = 0;
  auto operator<=>(const SketchEntry&) const = default;
};
/// The sketches of a database's documents, turned round: ascending. Throws what Xapian throws.
std::vector<SketchEntry> sketch_entries(const Xapian::Database& database);

/// Mapped into memory, read by any thread.
class Sketches {
 public:
  static Result<void> write(const std::filesystem::path& path, const Xapian::Database& segment);
  /// Looks at the form of the file, not at its checksum.
  static Result<std::shared_ptr<const Sketches>> open(const std::filesystem::path& path);

  /// The documents that have the hash, ascending. Throws Xapian::DatabaseCorruptError where the file does not hold what it must.
  void each(std::uint32_t hash, FunctionRef<void(Xapian::docid)> sink) const;
  /// All entries, ascending.
  void each(FunctionRef<void(const SketchEntry&)> sink) const;

 private:
  explicit Sketches(MappedFile file) : file_(std::move(file)) {}
  SketchEntry entry(std::uint32_t number) const;

  const MappedFile file_;
  std::uint32_t bits_ = 0, count_ = 0;
  const char* first_ = nullptr;
  const char* entries_ = nullptr;
};

}  // namespace tidings
