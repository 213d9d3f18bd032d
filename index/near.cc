// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/near.h"

#include <algorithm>

namespace tidings {
namespace {

/// Any of some words, by their hashes.
class AnyOf {
 public:
  explicit AnyOf(const Nearness::Place& words) {
    for (const auto& word : words) {
      sorted_.push_back(word_hash(word));
      bits_ |= bit(sorted_.back());
    }
    std::sort(sorted_.begin(), sorted_.end());
  }
  /// A word of a row; most are told apart by a bit of theirs.
  bool contains(std::uint32_t word) const {
    return (bits_ & bit(word)) && std::binary_search(sorted_.begin(), sorted_.end(), word & kWordHash);
  }

 private:
  static std::uint64_t bit(std::uint32_t word) { return std::uint64_t{1} << (word & 63); }

  std::vector<std::uint32_t> sorted_;
  std::uint64_t bits_ = 0;
};

using Spelling = std::vector<AnyOf>;

/// Where an operand stands: its first and its last place.
struct Stand {
  std::uint32_t first, last;
};

/// Calls f(at, place) for each word; a place begins at each that does not share the one before's.
template <class F>
void each_word_of(std::span<const std::uint32_t> words, F f) {
  std::uint32_t place = 0;
  for (std::uint32_t at = 0; at < words.size(); ++at) {
    if (at > 0 && !(words[at] & kSamePlace)) ++place;
    f(at, place);
  }
}

/// Whether the places from that of words[at] on have these, the first of which is there.
bool follows(std::span<const std::uint32_t> words, std::uint32_t at, const Spelling& spelling) {
  for (std::size_t i = 1; i < spelling.size(); ++i) {
    do ++at;
    while (at < words.size() && (words[at] & kSamePlace));
    bool has = false;
    for (std::uint32_t in = at; in < words.size() && (in == at || (words[in] & kSamePlace)); ++in)
      has = has || spelling[i].contains(words[in]);
    if (!has) return false;
  }
  return true;
}

void find_stands(std::span<const std::uint32_t> words, const std::vector<Spelling>& spellings,
                 std::vector<Stand>& stands) {
  stands.clear();
  for (const Spelling& spelling : spellings)
    each_word_of(words, [&](std::uint32_t at, std::uint32_t place) {
      if (spelling[0].contains(words[at]) && follows(words, at, spelling))
        stands.push_back({place, place + static_cast<std::uint32_t>(spelling.size()) - 1});
    });
}

bool any_from_to(const std::vector<std::uint32_t>& sorted, std::uint32_t from, std::uint32_t to) {
  const auto it = std::lower_bound(sorted.begin(), sorted.end(), from);
  return it != sorted.end() && *it <= to;
}

void sort(std::vector<std::uint32_t>& places) {
  if (!std::is_sorted(places.begin(), places.end())) std::sort(places.begin(), places.end());
}

}  // namespace

struct NearSource::Hashed {
  Nearness of;
  std::vector<std::vector<Spelling>> operands;

  explicit Hashed(Nearness nearness) : of(std::move(nearness)) {
    for (const auto& operand : of.operands) {
      auto& spellings = operands.emplace_back();
      for (const auto& spelling : operand) spellings.emplace_back(spelling.begin(), spelling.end());
    }
  }
};

struct NearSource::Scratch {
  std::vector<std::vector<Stand>> stands;    ///< of each operand
  std::vector<std::uint32_t> firsts, lasts;  ///< of the operand before
};

NearSource::NearSource(Nearness nearness, std::shared_ptr<const OrderByUuid> order, Analyzer& analyzer)
    : NearSource(std::make_shared<const Hashed>(std::move(nearness)), std::move(order), analyzer) {}

NearSource::NearSource(std::shared_ptr<const Hashed> hashed, std::shared_ptr<const OrderByUuid> order,
                       Analyzer& analyzer)
    : OrderSource(Where::Anywhere, std::move(order), analyzer),
      hashed_(std::move(hashed)),
      scratch_(std::make_unique<Scratch>()) {
  scratch_->stands.resize(hashed_->operands.size());
}

NearSource::~NearSource() = default;

Xapian::PostingSource* NearSource::clone() const {
  return new NearSource(hashed_, order_, analyzer_);
}

bool NearSource::matches(std::span<const std::uint32_t> words, const WordBlocks* /*blocks*/) const {
  auto& stands = scratch_->stands;
  auto &firsts = scratch_->firsts, &lasts = scratch_->lasts;
  for (std::size_t i = 0; i < stands.size(); ++i) {
    find_stands(words, hashed_->operands[i], stands[i]);
    if (stands[i].empty()) return false;
  }
  for (std::size_t i = 1; i < stands.size(); ++i) {  // leaves those that are near one of the operand before
    firsts.clear(), lasts.clear();
    for (const auto& [first, last] : stands[i - 1]) firsts.push_back(first), lasts.push_back(last);
    sort(firsts);
    sort(lasts);
    const std::uint32_t n = hashed_->of.within[i - 1];
    std::erase_if(stands[i], [&](const Stand& stand) {
      const bool after =
          stand.first > 0 && any_from_to(lasts, stand.first - std::min(n, stand.first), stand.first - 1);
      return !after && !any_from_to(firsts, stand.last + 1, stand.last + n);
    });
    if (stands[i].empty()) return false;
  }
  return true;
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
