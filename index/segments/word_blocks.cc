// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/word_blocks.h"

#include <algorithm>
#include <array>

#include "index/segments/word_order.h"

namespace tidings {
namespace {

constexpr std::size_t kWordBits = 64;

/// Two bits of a block for a word's hash.
std::array<std::size_t, 2> bits_of(std::uint32_t word, std::size_t bits) {
  constexpr unsigned kHalf = 15;
  const std::uint32_t hash = word & kWordHash;
  return {hash % bits, (hash >> kHalf) % bits};
}

}  // namespace

WordBlocks::WordBlocks(std::span<const std::uint32_t> words)
    : bits_((words.size() + kBlock - 1) / kBlock * (kBits / kWordBits), 0) {
  for (std::size_t at = 0; at < words.size(); ++at)
    for (const std::size_t bit : bits_of(words[at], kBits)) {
      const std::size_t place = at / kBlock * kBits + bit;
      bits_[place / kWordBits] |= std::uint64_t{1} << place % kWordBits;
    }
}

bool WordBlocks::may_have(std::size_t block, std::uint32_t word) const {
  return std::ranges::all_of(bits_of(word, kBits), [&](std::size_t bit) {
    const std::size_t place = block * kBits + bit;
    return place / kWordBits < bits_.size() && (bits_[place / kWordBits] >> place % kWordBits & 1) != 0;
  });
}

bool WordBlocks::may_begin(std::size_t block, std::span<const std::uint32_t> phrase) const {
  return may_have(block, phrase.front()) && std::ranges::all_of(phrase.subspan(1), [&](std::uint32_t word) {
           return may_have(block, word) || may_have(block + 1, word);
         });
}

}  // namespace tidings
