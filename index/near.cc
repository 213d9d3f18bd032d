// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/near.h"

#include <algorithm>

namespace tidings {
namespace {

using Hashes = std::vector<std::uint32_t>;  // sorted
using Spelling = std::vector<Hashes>;

/// Where an operand stands: its first and its last place.
struct Stand {
  std::uint32_t first, last;
};

/// The words of a row by place: a place begins at each word that does not share the one before's.
std::vector<std::uint32_t> places_of(std::span<const std::uint32_t> words) {
  std::vector<std::uint32_t> begins;
  begins.reserve(words.size() + 1);
  for (std::uint32_t at = 0; at < words.size(); ++at)
    if (at == 0 || !(words[at] & kSamePlace)) begins.push_back(at);
  begins.push_back(static_cast<std::uint32_t>(words.size()));
  return begins;
}

/// Those of `stands` that are within n of one of `others`.
std::vector<Stand> near(const std::vector<Stand>& stands, const std::vector<Stand>& others, std::uint32_t n) {
  Hashes firsts, lasts;
  for (const auto& [first, last] : others) firsts.push_back(first), lasts.push_back(last);
  std::sort(firsts.begin(), firsts.end());
  std::sort(lasts.begin(), lasts.end());
  const auto any_from_to = [](const Hashes& sorted, std::uint32_t from, std::uint32_t to) {
    const auto it = std::lower_bound(sorted.begin(), sorted.end(), from);
    return it != sorted.end() && *it <= to;
  };
  std::vector<Stand> kept;
  for (const Stand& stand : stands) {
    const bool before =
        stand.first > 0 && any_from_to(lasts, stand.first - std::min(n, stand.first), stand.first - 1);
    if (before || any_from_to(firsts, stand.last + 1, stand.last + n)) kept.push_back(stand);
  }
  return kept;
}

}  // namespace

struct NearSource::Hashed {
  Nearness of;
  std::vector<std::vector<Spelling>> operands;
};

NearSource::NearSource(Nearness nearness, std::shared_ptr<const OrderByUuid> order, Analyzer& analyzer)
    : NearSource(
          [&nearness] {
            auto hashed = std::make_shared<Hashed>();
            for (const auto& operand : nearness.operands) {
              auto& spellings = hashed->operands.emplace_back();
              for (const auto& spelling : operand) {
                auto& places = spellings.emplace_back();
                for (const auto& words : spelling) {
                  Hashes& hashes = places.emplace_back();
                  for (const auto& word : words) hashes.push_back(word_hash(word));
                  std::sort(hashes.begin(), hashes.end());
                }
              }
            }
            hashed->of = std::move(nearness);
            return hashed;
          }(),
          std::move(order), analyzer) {}

NearSource::NearSource(std::shared_ptr<const Hashed> hashed, std::shared_ptr<const OrderByUuid> order,
                       Analyzer& analyzer)
    : OrderSource(Where::Anywhere, std::move(order), analyzer), hashed_(std::move(hashed)) {}

Xapian::PostingSource* NearSource::clone() const {
  return new NearSource(hashed_, order_, analyzer_);
}

bool NearSource::matches(std::span<const std::uint32_t> words) const {
  const auto begins = places_of(words);
  const std::size_t places = begins.size() - 1;
  const auto has = [&](std::size_t place, const Hashes& any) {
    return std::any_of(
        words.begin() + begins[place], words.begin() + begins[place + 1],
        [&](std::uint32_t word) { return std::binary_search(any.begin(), any.end(), word & ~kSamePlace); });
  };
  const auto stands_of = [&](const std::vector<Spelling>& spellings) {
    std::vector<Stand> stands;
    for (const Spelling& spelling : spellings)
      for (std::size_t at = 0; at + spelling.size() <= places; ++at) {
        std::size_t matched = 0;
        while (matched < spelling.size() && has(at + matched, spelling[matched])) ++matched;
        if (matched == spelling.size())
          stands.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + matched - 1)});
      }
    return stands;
  };
  std::vector<Stand> sound = stands_of(hashed_->operands[0]);
  for (std::size_t i = 1; i < hashed_->operands.size() && !sound.empty(); ++i)
    sound = near(stands_of(hashed_->operands[i]), sound, hashed_->of.within[i - 1]);
  return !sound.empty();
}

std::string NearSource::get_description() const {
  std::string all = "near:";
  for (std::size_t i = 0; i < hashed_->of.operands.size(); ++i) {
    if (i > 0) all += " /" + std::to_string(hashed_->of.within[i - 1]);
    for (std::size_t s = 0; s < hashed_->of.operands[i].size(); ++s) {
      all += s > 0 ? "," : " ";
      const auto& spelling = hashed_->of.operands[i][s];
      for (std::size_t p = 0; p < spelling.size(); ++p) {
        all += p > 0 ? "_" : "";
        for (std::size_t w = 0; w < spelling[p].size(); ++w) all += (w > 0 ? "|" : "") + spelling[p][w];
      }
    }
  }
  return all;
}

}  // namespace tidings
