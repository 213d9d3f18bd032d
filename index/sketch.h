// SPDX-License-Identifier: GPL-2.0-or-later
// sketch.h — how much two texts are the same: their shingles, and a sketch of these that fits into a value slot.
//
// A shingle is kShingleWords words that follow each other. How many of all the shingles of two texts they have in common (Jaccard's
// coefficient, Broder's "resemblance") tells copies and later versions of a text from texts that speak of the same thing: words alone
// would not. A sketch is the kSketched shingles with the smallest hashes, so two texts that resemble each other by r have each of
// them in common with about that probability: those that share kShared are looked at, and compared by all shingles. At r = .6 two of
// eight are shared in 99 % of all cases, at .9 always; of texts that have a twentieth in common 6 % are looked at in vain.
// After A. Broder, On the resemblance and containment of documents, 1997; bottom sketches: E. Cohen and H. Kaplan, 2007.
//
// Boilerplate has no shingles: two short reports with the same long comment form are not copies. Nor is a text with less than
// kLeastShingles a copy of anything, nor one that says the same with other numbers.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tidings {

inline constexpr std::size_t kShingleWords = 3, kSketched = 8, kShared = 2, kLeastShingles = 12;
/// Near-copies have at least so much in common; more, where one of them has less than kShort shingles, for there a few words make another
/// report: "sets tender at 3.80 per cent", "sets tender at 3.50 per cent".
inline constexpr double kNearCopy = 0.5, kShortNearCopy = 0.65;
inline constexpr std::size_t kShort = 64;
/// And of their numbers, where each has at least kFewNumbers (more than a date line has): what comes every week in the same words ("jobless claims fell to
/// 332,900") is news by its numbers.
inline constexpr double kSameNumbers = 0.5;
inline constexpr std::size_t kFewNumbers = 6;

/// What texts are compared by, of their words in order (segments/word_order.h): hashes, ascending, each once.
struct Shingles {
  std::vector<std::uint64_t> all;
  std::vector<std::uint32_t> numbers;  ///< the words that have a digit
};
Shingles shingles_of(std::span<const std::uint32_t> words);
/// How much two near-copies have in common, from kNearCopy to 1; nothing of others.
std::optional<double> near_copies(const Shingles& a, const Shingles& b);

/// The value of a document: kSketched hashes of 4 bytes, little endian; empty of a text with too few shingles.
std::string sketch_value(std::span<const std::uint32_t> words);
/// The hashes of a document's value.
std::vector<std::uint32_t> sketch_of(std::string_view value);

}  // namespace tidings
