// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/edits.h"

#include <algorithm>
#include <array>

#include "index/characters.h"

namespace tidings::searcher {
namespace {

std::uint64_t bit_of(char32_t c) {
  return std::uint64_t{1} << (c & 63);
}

}  // namespace

EditsFrom::EditsFrom(std::string_view word, std::size_t most)
    : characters_(0), bytes_(word.size()), most_(most) {
  for (std::uint32_t at = 0; at < word.size();) {
    const Character c = character_at(word, at);
    word_.push_back(c.code);
    characters_ |= bit_of(c.code);
    at = c.end;
  }
}

/// Whether more than most_ of the characters would have to come, or to go: an edit takes away one and brings another at most.
bool EditsFrom::are_others(std::uint64_t characters) const {
  const auto has_more = [](std::uint64_t bits, std::size_t than) {
    for (; bits != 0 && than > 0; --than) bits &= bits - 1;
    return bits != 0;
  };
  return has_more(characters & ~characters_, most_) || has_more(characters_ & ~characters, most_);
}

std::size_t EditsFrom::to(std::string_view other) const {
  constexpr std::size_t kBytesOfOne = 4;
  const std::size_t none = most_ + 1;
  if (word_.size() > kLongest || other.size() > kLongest * kBytesOfOne) return none;
  // A character has a byte at least.
  if (other.size() + most_ < word_.size() || other.size() > bytes_ + most_ * kBytesOfOne) return none;
  std::uint64_t characters = 0;
  unsigned char high = 0;
  for (const char c : other) {
    characters |= bit_of(static_cast<unsigned char>(c));
    high |= static_cast<unsigned char>(c);
  }
  std::array<char32_t, kLongest> letters{};
  std::size_t length = 0;
  if (high < 0x80) {
    length = other.size();
    if (length > kLongest || length > word_.size() + most_ || are_others(characters)) return none;
    std::copy(other.begin(), other.end(), letters.begin());
  } else {
    characters = 0;
    for (std::uint32_t at = 0; at < other.size();) {
      const Character c = character_at(other, at);
      if (length == kLongest) return none;
      letters[length++] = c.code;
      characters |= bit_of(c.code);
      at = c.end;
    }
    if (length > word_.size() + most_ || word_.size() > length + most_ || are_others(characters)) return none;
  }

  using Row = std::array<std::size_t, kLongest + 1>;
  Row rows[3];
  Row *before = &rows[0], *last = &rows[1], *row = &rows[2];
  for (std::size_t j = 0; j <= length; ++j) (*last)[j] = j;
  for (std::size_t i = 1; i <= word_.size(); ++i) {
    (*row)[0] = i;
    std::size_t least = i;
    for (std::size_t j = 1; j <= length; ++j) {
      const std::size_t other_letter = word_[i - 1] == letters[j - 1] ? 0 : 1;
      std::size_t edits = std::min({(*last)[j] + 1, (*row)[j - 1] + 1, (*last)[j - 1] + other_letter});
      if (i > 1 && j > 1 && word_[i - 1] == letters[j - 2] && word_[i - 2] == letters[j - 1])
        edits = std::min(edits, (*before)[j - 2] + 1);
      (*row)[j] = edits;
      least = std::min(least, edits);
    }
    // A swap reaches back over one row.
    if (least > most_ + 1) return none;
    Row* free = before;
    before = last;
    last = row;
    row = free;
  }
  return std::min((*last)[length], none);
}

}  // namespace tidings::searcher
