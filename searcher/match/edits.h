// SPDX-License-Identifier: GPL-2.0-or-later
// edits.h — how many slips of the keys lie between two words.
//
// Optimal string alignment, as config/nearest.h has it for the names of keys, but in code points and with a bound: made to be asked of every word of
// an index. One for each character more, less or other, and for two neighbours exchanged. Most words are told apart by their lengths and
// by which characters they hold; the others take some 50 ns.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace tidings::searcher {

class EditsFrom {
 public:
  static constexpr std::size_t kLongest = 40;  ///< code points; longer words are near to nothing

  /// Counts up to `most` edits. Text is UTF-8.
  EditsFrom(std::string_view word, std::size_t most);
  /// How many lead to the other word; most + 1 where that does not suffice.
  std::size_t to(std::string_view other) const;
  std::size_t most() const { return most_; }
  std::size_t length() const { return word_.size(); }  ///< code points

 private:
  bool are_others(std::uint64_t characters) const;

  std::u32string word_;
  std::uint64_t characters_;  ///< a bit for each, by its code modulo 64
  std::size_t bytes_, most_;
};

}  // namespace tidings::searcher
