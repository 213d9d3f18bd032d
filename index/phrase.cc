// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/phrase.h"

namespace tidings {

PhraseSource::PhraseSource(std::vector<std::string> words, Where where,
                           std::shared_ptr<const OrderByUuid> order, Analyzer& analyzer)
    : OrderSource(where, std::move(order), analyzer), words_(std::move(words)) {
  for (const auto& word : words_) hashes_.push_back(word_hash(word));
}

Xapian::PostingSource* PhraseSource::clone() const {
  return new PhraseSource(words_, where_, order_, analyzer_);
}

std::string PhraseSource::get_description() const {
  std::string all = where_ == Where::Title ? "title in order:" : "in order:";
  for (const auto& word : words_) all += " " + word;
  return all;
}

}  // namespace tidings
