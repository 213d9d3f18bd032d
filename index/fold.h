// SPDX-License-Identifier: GPL-2.0-or-later
// fold.h — one spelling for all the ways in which a word is written.
//
// In order: NFKC and full case folding (ICU's NFKC_Casefold; characters that are not seen vanish); then, decomposed,
//   Latin, Greek, digits  every combining mark goes: café = cafe, ά = α
//   Latin, by table       ø o, đ d, ð d, ł l, ħ h, ŧ t, ı i, æ ae, œ oe, þ th (ß is ss by case folding)
//   Cyrillic              ё = е, stress marks go; й, ї, ў and the like are letters of their own, and stay
//   Arabic                harakat, Quranic marks and the tatweel go; أ إ آ = ا
//   Hebrew                points and cantillation go
//   Thai, Indic, others   vowel signs are marks too, and stay
//   all scripts           digits become ASCII; ’ ‘ ʼ become '; ‐ ‑ become -
// and last NFC; and again until nothing changes. So German "Häuser" is "hauser" and not "haeuser": who types without
// umlauts finds both spellings, at the price that "schön" and "schon" are one word. Lucene's ICUFoldingFilter
// trades likewise.
//
// Words are kept in a direct-mapped cache of kCacheSize entries of at most kCachedMax bytes. One Folder for each
// thread. Throws std::runtime_error where ICU is installed without its data.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tidings {

class Folder {
 public:
  static constexpr std::size_t kCacheSize =
      4096;                                      ///< words; a newcomer takes the place of the word before it
  static constexpr std::size_t kCachedMax = 64;  ///< bytes; longer words are folded each time

  /// A word, folded: its letters, digits, marks and inner apostrophes alone. Empty when none is left. Valid
  /// until the next call.
  std::string_view word(std::string_view utf8);

 private:
  struct Entry {
    std::string raw, folded;
  };
  std::vector<Entry> cache_ = std::vector<Entry>(kCacheSize);
  Entry uncached_;
};

/// Every character folded; nothing dropped but what is not seen.
std::string fold_characters(std::string_view utf8);

}  // namespace tidings
