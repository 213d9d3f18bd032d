// SPDX-License-Identifier: GPL-2.0-or-later
// term_table.h — the terms that standing queries speak of, each by a number.
//
// Terms are those of index/schema.h, and two kinds of our own, which no index has: a stem of a word, and how a word begins. Numbers count
// from 0 in order of arrival. A term takes its bytes and some 24 more; none is taken out. Hashed by XXH3; one thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::searcher {

using TermId = std::uint32_t;

class TermTable {
 public:
  static constexpr TermId kNone = ~TermId{0};

  TermTable() : slots_(kFirstSlots, 0) {}

  /// Its number; a new one where it has none.
  TermId add(std::string_view term);
  TermId find(std::string_view term) const;
  std::string_view text(TermId id) const {
    return std::string_view(text_).substr(entries_[id].begin, entries_[id].size);
  }
  std::size_t size() const { return entries_.size(); }

 private:
  static constexpr std::size_t kFirstSlots = 1024;  ///< a power of two, as all sizes of it
  struct Entry {
    std::uint64_t hash;
    std::uint32_t begin, size;
  };
  std::size_t slot_of(std::string_view term, std::uint64_t hash) const;
  void grow();

  std::string text_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> slots_;  ///< number of an entry and one; 0: empty
};

/// The other one of our own: "Z", a prefix and a stem.
inline bool is_stem_term(std::string_view term) {
  return term.starts_with('Z');
}
inline constexpr std::size_t kStartBytes = 3;  ///< of a word's beginning
/// The stem of words that have that prefix as terms: 'Z' is no prefix of the index.
std::string stem_term(std::string_view prefix, std::string_view stem);
/// The beginning of such words, kStartBytes long: nor is 'Y' one.
std::string start_term(std::string_view prefix, std::string_view start);

}  // namespace tidings::searcher
