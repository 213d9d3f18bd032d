// SPDX-License-Identifier: GPL-2.0-or-later
// near.h — documents in which words stand near each other, in either order.
//
// Two are within n of each other where the one is at most the n-th word before or after the other: within 1, side by side. Of several
// words in order the nearest counts. Of three or more each is near the one named before it: the same one that is near the one before that.
// Title and text are looked at each for itself. No word is near itself.
//
// Time is linear in the words of a document for each operand, but for the logarithm of how often it stands there: some 10 ns a word.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "index/order_source.h"

namespace tidings {

struct Nearness {
  using Place = std::vector<std::string>;  ///< any of these words stands there
  using Spelling = std::vector<Place>;     ///< places that follow each other
  using Operand = std::vector<Spelling>;   ///< any of these
  std::vector<Operand> operands;           ///< two or more
  std::vector<std::uint32_t> within;       ///< words, from each operand but the last to the next; from 1
};

class NearSource final : public OrderSource {
 public:
  NearSource(Nearness nearness, std::shared_ptr<const OrderByUuid> order, Analyzer& analyzer);
  ~NearSource() override;

  PostingSource* clone() const override;  // owned by Xapian
  std::string get_description() const override;

 private:
  struct Hashed;   ///< the same with hashes for words
  struct Scratch;  ///< of one document after the other
  NearSource(std::shared_ptr<const Hashed> hashed, std::shared_ptr<const OrderByUuid> order,
             Analyzer& analyzer);
  bool matches(std::span<const std::uint32_t> words, const WordBlocks* blocks) const override;

  const std::shared_ptr<const Hashed> hashed_;
  const std::unique_ptr<Scratch> scratch_;  // the thread's that runs the query
};

}  // namespace tidings
