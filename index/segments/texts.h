// SPDX-License-Identifier: GPL-2.0-or-later
// texts.h — the texts of a sealed segment's documents, beside its Xapian file.
//
// Xapian deflates each document's data by itself: a fifth of all the time that making a segment takes, and small texts compress badly
// alone. Here they stand together in blocks of zstd: measured on news, half the room and a twentieth of the time. A merge copies
// the blocks as they are; reading one text unpacks one block, some 50 µs.
//
// FORMAT of sealed-N.texts (numbers little endian; mapped.h has the frame):
//   "tidt" 1
//   blocks: zstd frames of about kBlockBytes of text each (a longer text has a block for itself)
//   for each block: 8 bytes offset in the file, 4 bytes size there, 4 bytes size unpacked
//   for each document id from 1 on: 4 bytes block, counted from 1 (0: its text is in the document's data), 4 bytes offset, 4 bytes length
//   4 bytes: blocks; 4 bytes: documents
#pragma once
#include <xapian.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "index/error.h"
#include "index/segments/mapped.h"

namespace tidings {

/// A file of texts, mapped into memory and read by any thread.
class Texts {
 public:
  /// Looks at the form of the file, not at its checksum (MappedFile::is_sound() does).
  static Result<std::shared_ptr<const Texts>> open(const std::filesystem::path& path);

  /// A block that was unpacked, for who reads several documents of it.
  struct Unpacked {
    std::uint32_t block = 0;  ///< 0: none
    std::string text;
  };
  /// Appends the document's text to `out`; nothing where it is in the document's data. Throws Xapian::DatabaseCorruptError where
  /// the file does not hold what it must.
  void append(Xapian::docid id, std::string& out) const {
    Unpacked unpacked;
    append(id, out, unpacked);
  }
  void append(Xapian::docid id, std::string& out, Unpacked& last) const;

 private:
  friend class TextsWriter;
  explicit Texts(MappedFile file) : file_(std::move(file)), bytes_(file_.bytes().data()) {}

  const MappedFile file_;
  const char* bytes_;
  std::uint32_t blocks_ = 0, documents_ = 0;
  const char* block_table_ = nullptr;
  const char* document_table_ = nullptr;
};

/// Writes one, in order of document ids. The file is removed again unless finish() was reached.
class TextsWriter {
 public:
  static constexpr std::size_t kBlockBytes = std::size_t{32} << 10;
  static constexpr int kLevel = 3;

  explicit TextsWriter(std::filesystem::path path);
  ~TextsWriter();
  TextsWriter(const TextsWriter&) = delete;
  TextsWriter& operator=(const TextsWriter&) = delete;

  Result<void> add(std::string_view text);
  /// Takes all blocks of a segment that is merged; `renumbered` has the new id by the old one, 0 where it has none.
  Result<void> take(const Texts& source, const std::vector<Xapian::docid>& renumbered);
  /// Syncs the file.
  Result<void> finish();

 private:
  struct Compressor;
  struct Block {
    std::uint64_t offset = 0;
    std::uint32_t size = 0, unpacked = 0;
  };
  struct Place {
    std::uint32_t block = 0, offset = 0, length = 0;
  };
  Result<void> end_block();

  FileWriter file_;
  std::unique_ptr<Compressor> compressor_;
  std::string open_block_;
  std::vector<Block> blocks_;
  std::vector<Place> documents_;
};

}  // namespace tidings
