// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/stemming.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#define XXH_INLINE_ALL  // a call costs as much as the hash of a word
#include <xxhash.h>

namespace tidings {
namespace {

/// What Xapian 1.4 has. Its variants (porter, lovins, german2) are for experiments and have no ISO code.
constexpr std::array<std::pair<std::string_view, const char*>, 27> kStemmers = {{
    {"ar", "arabic"},     {"ca", "catalan"},  {"da", "danish"},     {"de", "german"},    {"en", "english"},
    {"es", "spanish"},    {"eu", "basque"},   {"fi", "finnish"},    {"fr", "french"},    {"ga", "irish"},
    {"hu", "hungarian"},  {"hy", "armenian"}, {"id", "indonesian"}, {"it", "italian"},   {"lt", "lithuanian"},
    {"nb", "norwegian"},  {"ne", "nepali"},   {"nl", "dutch"},      {"nn", "norwegian"}, {"no", "norwegian"},
    {"pt", "portuguese"}, {"ro", "romanian"}, {"ru", "russian"},    {"sv", "swedish"},   {"ta", "tamil"},
    {"tr", "turkish"},    {"none", nullptr},
}};

bool has_stems(std::string_view word) {
  if (word.starts_with("\u2026")) return false;  // the hash of a word too long
  return std::all_of(word.begin(), word.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || (c >= 'a' && c <= 'z') || c == '\'';
  });
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

bool stems_begin_as_words(std::string_view language) {
  constexpr std::string_view kOthers[] = {"ar", "ga", "id", "ta"};  // Snowball takes their prefixes off
  return std::find(std::begin(kOthers), std::end(kOthers), language) == std::end(kOthers);
}

Stemming::Stemming(const std::vector<std::string>& languages) {
  for (const std::string& code : languages) {
    const auto it = std::find_if(kStemmers.begin(), kStemmers.end(),
                                 [&](const auto& known) { return known.first == code; });
    if (it == kStemmers.end()) {
      std::string known;
      for (const auto& stemmer : kStemmers) known.append(known.empty() ? "" : " ").append(stemmer.first);
      throw std::invalid_argument("no stemmer is known for the language '" + code + "'; there are: " + known);
    }
    if (it->second) stemmers_.emplace_back(it->second);
  }
  if (!stemmers_.empty()) cache_.resize(kCacheSize);
}

void Stemming::fill(Entry& entry, std::string_view word) {
  entry.word.clear();
  entry.stems.clear();
  if (has_stems(word)) {
    const std::string unstemmed(word);
    for (const Xapian::Stem& stemmer : stemmers_) {
      std::string stem = stemmer(unstemmed);
      if (!is_ascii(stem)) stem = folder_.word(stem);
      if (stem.empty()) stem = unstemmed;
      if (std::find(entry.stems.begin(), entry.stems.end(), stem) == entry.stems.end())
        entry.stems.push_back(std::move(stem));
    }
  }
  entry.word.assign(word);
}

std::span<const std::string> Stemming::stems(std::string_view word) {
  if (stemmers_.empty() || word.empty()) return {};
  Entry& entry =
      word.size() > kCachedMax ? uncached_ : cache_[XXH3_64bits(word.data(), word.size()) % kCacheSize];
  if (entry.word != word) fill(entry, word);
  return entry.stems;
}

}  // namespace tidings
