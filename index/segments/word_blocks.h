// SPDX-License-Identifier: GPL-2.0-or-later
// word_blocks.h — a long text in blocks, and which words each of them may have: where a phrase need not be looked for.
//
// A text of two megabytes (a catalogue, a word list) has nearly every word, so nearly every phrase is looked for in it: measured on 90,000 reports,
// one such text took two thirds of the time of a phrase that is nowhere. For each block of kBlock words there is a Bloom filter of a byte a
// word (B. H. Bloom, Space/time trade-offs in hash coding, 1970; two bits a word: one in some 20 words that a block has not seems to be there).
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace tidings {

class WordBlocks {
 public:
  static constexpr std::size_t kBlock = 1024;  ///< words
  static constexpr std::size_t kMostWords = kBlock / 16;
  static constexpr std::size_t kLong = 1 << 14;  ///< words of a text from which on blocks pay

  explicit WordBlocks(std::span<const std::uint32_t> words);

  /// False: no such phrase begins in the block. It is at most kMostWords long, so that it ends in the next block where up to 16 words share a place.
  bool may_begin(std::size_t block, std::span<const std::uint32_t> phrase) const;

 private:
  static constexpr std::size_t kBits = kBlock * 8;  ///< of a block
  bool may_have(std::size_t block, std::uint32_t word) const;

  std::vector<std::uint64_t> bits_;
};

}  // namespace tidings
