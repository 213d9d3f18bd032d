// SPDX-License-Identifier: GPL-2.0-or-later
// stemming.h — the stems of folded words in several languages, by Xapian's Snowball stemmers, with a cache.
//
// A stemmer is given the folded word and its stem is folded again. Some stemmers were made for accents
// (German umlauts, French é): without them some endings are not seen, so a few forms stay apart that would
// meet; in return "Häuser", "hauser" and a mail without umlauts meet, which no stemmer would bring about.
// Document and query are treated alike.
//
// Cache: direct-mapped, kCacheSize words of at most kCachedMax bytes; a newcomer takes the place of the word
// before it. One for each thread.
#pragma once
#include <xapian.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "index/fold.h"

namespace tidings {

class Stemming {
 public:
  static constexpr std::size_t kCacheSize = 32768;  ///< words; about 4 MB once full
  static constexpr std::size_t kCachedMax = 64;     ///< bytes

  /// ISO 639-1 codes, or "none". Throws std::invalid_argument, naming the codes there are.
  explicit Stemming(const std::vector<std::string>& languages);

  /// The distinct stems. Empty for a word with a character that is neither a letter nor an apostrophe. Valid
  /// until the next call.
  std::span<const std::string> stems(std::string_view word);

 private:
  struct Entry {
    std::string word;
    std::vector<std::string> stems;
  };
  void fill(Entry& entry, std::string_view word);

  std::vector<Xapian::Stem> stemmers_;
  std::vector<Entry> cache_;
  Entry uncached_;
  Folder folder_;
};

}  // namespace tidings
