// SPDX-License-Identifier: GPL-2.0-or-later
// term_counts.h — how often each term stands in a document, counted before Xapian is told.
//
// A Xapian::Document keeps its terms in a map of strings: a lookup by string comparison for each word of a text. A word stands
// two to three times in a report, so the words are counted here, in a flat table of hashes, and each is given to Xapian once.
//
// Grows to the document with the most distinct terms; past kKeptTerms the room is given back at the next clear(). Not
// thread-safe. Throws what the allocator throws.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidings {

class TermCounts {
 public:
  static constexpr std::size_t kKeptTerms = std::size_t{1} << 16;

  TermCounts() : table_(kFirstSlots) {}

  void add(std::string_view term, std::uint32_t count);
  /// f(std::string_view term, std::uint32_t count), in the order of their first add().
  template <class F>
  void each(F&& f) const {
    for (const Entry& entry : entries_)
      f(std::string_view(text_).substr(entry.begin, entry.size), entry.count);
  }
  void clear();

 private:
  static constexpr std::size_t kFirstSlots = 1024;  ///< a power of two, as ever

  struct Entry {
    std::uint64_t hash = 0;
    std::size_t begin = 0;
    std::uint32_t size = 0, count = 0;
  };
  void grow();

  std::string text_;  ///< of all entries
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> table_;  ///< entry number + 1, 0 for none; at most half of them are taken
};

}  // namespace tidings
