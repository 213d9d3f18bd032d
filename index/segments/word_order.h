// SPDX-License-Identifier: GPL-2.0-or-later
// word_order.h — the words of a sealed segment's documents in their order: what phrases are found by.
//
// Xapian keeps a list of positions for each word of each document, an entry of some 16 bytes in a B-tree: measured on news, two
// thirds of the index' bytes and half the time of making it. A document's words one after another, a hash of 4 bytes each,
// are a third of that, are copied as they are by a merge, and a phrase is looked for by one pass over them.
//
// A word stands for its hash: 29 bits of XXH3-64. A phrase is only looked for in documents that have all its words (the terms of the
// index say which), so another word of the same hash does harm only where it stands in the very place: once in some 2^29 places.
//
// FORMAT of SEGMENT.order (numbers little endian; mapped.h has the frame):
//   "tido" 1 0 0 0
//   4 bytes for each word, all documents after each other; of each the words of its title, then those of its text:
//     the hash in the lower 29 bits; bit 29: it has a digit; bit 30: it stands in boilerplate; bit 31: it stands at the place of the word
//     before (the "£10.50" of 10.50)
//   for each document id from 1 on: 8 bytes the first word's number, 4 bytes words of the title, 4 bytes words in all
//   4 bytes: documents; 4 bytes of zeros
// A segment that was live has none until it is merged, nor has the live one: their few texts are analyzed where a phrase asks.
#pragma once
#include <xapian.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "index/analyzer.h"
#include "index/characters.h"
#include "index/error.h"
#include "index/segments/mapped.h"
#include "index/segments/word_blocks.h"

namespace tidings {

inline constexpr std::uint32_t kSamePlace = std::uint32_t{1} << 31, kBoilerplate = std::uint32_t{1} << 30,
                               kHasDigit = std::uint32_t{1} << 29, kWordHash = kHasDigit - 1;
std::uint32_t word_hash(std::string_view word);

/// The words of one document, as above.
struct WordsInOrder {
  std::vector<std::uint32_t> title, text;
  bool operator==(const WordsInOrder&) const = default;
};

/// Adds the words of an analysis to a row; or does nothing, where there is none.
class OrderOf {
 public:
  explicit OrderOf(std::vector<std::uint32_t>* row) : row_(row) {}
  void add(const Token& token, bool boilerplate = false) {
    if (!row_ || !has_place(token)) return;
    row_->push_back(word_hash(token.term) | (token.position == last_ ? kSamePlace : 0) |
                    (boilerplate ? kBoilerplate : 0) | (has_digit(token.term) ? kHasDigit : 0));
    last_ = token.position;
  }

 private:
  std::vector<std::uint32_t>* row_;
  std::uint32_t last_ = 0;
};

/// Whether words follow each other somewhere in them.
bool in_order(std::span<const std::uint32_t> all, std::span<const std::uint32_t> words,
              const WordBlocks* blocks = nullptr);

/// Mapped into memory, read by any thread.
class WordOrder {
 public:
  struct Row {
    std::span<const std::uint32_t> title, text;
  };

  static Result<std::shared_ptr<const WordOrder>> open(const std::filesystem::path& path);
  /// Throws Xapian::DatabaseCorruptError where the file has no such document.
  Row of(Xapian::docid id) const;
  /// The blocks of a long text of that document, made when they are first asked for and kept as long as this is: a byte a word, of texts of
  /// kBlockedWords together at most; null past that. Any thread.
  const WordBlocks* blocks(Xapian::docid id, std::span<const std::uint32_t> text) const;

 private:
  friend class WordOrderWriter;
  static constexpr std::size_t kBlockedWords = std::size_t{8} << 20;
  explicit WordOrder(MappedFile file) : file_(std::move(file)) {}

  const MappedFile file_;
  std::span<const std::uint32_t> words_;
  const char* table_ = nullptr;
  std::uint32_t documents_ = 0;
  mutable std::mutex mutex_;
  mutable std::map<Xapian::docid, WordBlocks> blocks_;  // guarded by mutex_
  mutable std::size_t words_left_ = kBlockedWords;      // guarded by mutex_
};

/// Writes one. The file is removed again unless finish() was reached.
class WordOrderWriter {
 public:
  explicit WordOrderWriter(std::filesystem::path path) : file_(std::move(path)) {}

  Result<void> put(Xapian::docid id, std::span<const std::uint32_t> title,
                   std::span<const std::uint32_t> text);
  /// Takes the rows of a segment that is merged; `renumbered` has the new id by the old one, 0 where it has none.
  Result<void> take(const WordOrder& source, const std::vector<Xapian::docid>& renumbered);
  /// Syncs the file.
  Result<void> finish();

 private:
  struct Place {
    std::uint64_t first = 0;
    std::uint32_t title = 0, all = 0;
  };
  void append(std::span<const std::uint32_t> words);
  Result<void> flush();

  FileWriter file_;
  std::vector<std::uint32_t> buffer_;
  std::uint64_t words_ = 0;
  std::vector<Place> documents_;
};

}  // namespace tidings
