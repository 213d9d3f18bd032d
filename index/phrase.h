// SPDX-License-Identifier: GPL-2.0-or-later
// phrase.h — documents in which words follow each other.
#pragma once
#include <string>
#include <vector>

#include "index/order_source.h"

namespace tidings {

class PhraseSource final : public OrderSource {
 public:
  /// At least two words.
  PhraseSource(std::vector<std::string> words, Where where, std::shared_ptr<const OrderByUuid> order,
               Analyzer& analyzer);

  PostingSource* clone() const override;  // owned by Xapian
  std::string get_description() const override;

 private:
  bool matches(std::span<const std::uint32_t> words, const WordBlocks* blocks) const override {
    return in_order(words, hashes_, blocks);
  }

  const std::vector<std::string> words_;
  std::vector<std::uint32_t> hashes_;
};

}  // namespace tidings
