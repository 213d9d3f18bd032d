// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/sketch.h"

#include <algorithm>
#include <array>

#include "index/segments/little_endian.h"
#include "index/segments/word_order.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tidings {
namespace {

constexpr std::size_t kHashBytes = 4;

/// None spans boilerplate. Of what stands at one place the word itself counts, which comes first.
template <class Sink>
void each_shingle(std::span<const std::uint32_t> words, Sink&& sink) {
  std::array<std::uint32_t, kShingleWords> last{};
  std::size_t run = 0;
  for (const std::uint32_t word : words) {
    if (word & kSamePlace) continue;
    if (word & kBoilerplate) {
      run = 0;
      continue;
    }
    std::move(last.begin() + 1, last.end(), last.begin());
    last.back() = word;
    if (++run >= kShingleWords) sink(XXH3_64bits(last.data(), sizeof last));
  }
}

/// The smallest of what it is given, each once.
class Smallest {
 public:
  void add(std::uint64_t shingle) {
    if (count_ == kSketched && shingle >= kept_.back()) return;
    const auto end = kept_.begin() + static_cast<std::ptrdiff_t>(count_);
    const auto at = std::lower_bound(kept_.begin(), end, shingle);
    if (at != end && *at == shingle) return;
    if (count_ < kSketched) ++count_;
    const auto last = kept_.begin() + static_cast<std::ptrdiff_t>(count_) - 1;
    std::move_backward(at, last, last + 1);
    *at = shingle;
  }
  std::span<const std::uint64_t> kept() const { return {kept_.data(), count_}; }

 private:
  std::array<std::uint64_t, kSketched> kept_{};  ///< ascending
  std::size_t count_ = 0;
};

template <class T>
void make_set(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

struct Overlap {
  std::size_t both = 0, either = 0;
  double share() const { return either == 0 ? 0 : static_cast<double>(both) / static_cast<double>(either); }
};

template <class T>
Overlap overlap(const std::vector<T>& a, const std::vector<T>& b) {
  Overlap overlap;
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    overlap.both += *x == *y ? 1 : 0;
    const bool first = *x <= *y, second = *y <= *x;
    if (first) ++x;
    if (second) ++y;
  }
  overlap.either = a.size() + b.size() - overlap.both;
  return overlap;
}

}  // namespace

Shingles shingles_of(std::span<const std::uint32_t> words) {
  Shingles shingles;
  shingles.all.reserve(words.size());
  each_shingle(words, [&](std::uint64_t shingle) { shingles.all.push_back(shingle); });
  for (const std::uint32_t word : words)
    if ((word & kHasDigit) && !(word & (kBoilerplate | kSamePlace))) shingles.numbers.push_back(word);
  make_set(shingles.all);
  make_set(shingles.numbers);
  return shingles;
}

std::optional<double> near_copies(const Shingles& a, const Shingles& b) {
  const Overlap numbers = overlap(a.numbers, b.numbers);
  const bool many = std::min(a.numbers.size(), b.numbers.size()) >= kFewNumbers;
  if (many && numbers.share() < kSameNumbers) return std::nullopt;
  const double share = overlap(a.all, b.all).share();
  const double least = std::min(a.all.size(), b.all.size()) < kShort ? kShortNearCopy : kNearCopy;
  return share < least ? std::nullopt : std::optional(share);
}

std::string sketch_value(std::span<const std::uint32_t> words) {
  Smallest smallest;
  std::size_t shingles = 0;
  each_shingle(words, [&](std::uint64_t shingle) {
    smallest.add(shingle);
    ++shingles;
  });
  std::string value;
  if (shingles < kLeastShingles || smallest.kept().size() < kSketched) return value;
  // The lower halves: the upper ones of the smallest are all but the same.
  for (const std::uint64_t shingle : smallest.kept()) append_number(value, shingle & 0xffff'ffff, kHashBytes);
  return value;
}

std::vector<std::uint32_t> sketch_of(std::string_view value) {
  std::vector<std::uint32_t> hashes;
  for (std::size_t at = 0; at + kHashBytes <= value.size(); at += kHashBytes)
    hashes.push_back(static_cast<std::uint32_t>(number_at(value.data() + at, kHashBytes)));
  return hashes;
}

}  // namespace tidings
