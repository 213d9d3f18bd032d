// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/phrase.h"

#include <algorithm>

namespace tidings {
namespace {

std::vector<std::uint32_t> in_order_of(std::string_view text, Analyzer& analyzer) {
  std::vector<std::uint32_t> row;
  OrderOf order(&row);
  analyzer.analyze(text, [&](const Token& token) { order.add(token); });
  return row;
}

}  // namespace

WordsInOrder words_in_order(const Report& report, Analyzer& analyzer) {
  return {in_order_of(report.title, analyzer), in_order_of(report.text, analyzer)};
}

PhraseSource::PhraseSource(std::vector<std::string> words, Where where,
                           std::shared_ptr<const OrderByUuid> order, Analyzer& analyzer)
    : words_(std::move(words)), where_(where), order_(std::move(order)), analyzer_(analyzer) {
  for (const auto& word : words_) hashes_.push_back(word_hash(word));
}

Xapian::PostingSource* PhraseSource::clone() const {
  return new PhraseSource(words_, where_, order_, analyzer_);
}

void PhraseSource::init(const Xapian::Database& segment) {
  segment_ = segment;
  const auto found = order_->find(segment.get_uuid());
  words_in_order_ = found == order_->end() ? nullptr : found->second;
  at_ = 0;
  last_ = segment.get_lastdocid();
}

void PhraseSource::skip_to(Xapian::docid id, double) {
  for (at_ = std::max(at_, id); at_ <= last_ && !matches(at_);) ++at_;
}

bool PhraseSource::check(Xapian::docid id, double) {
  at_ = id;
  return matches(id);
}

bool PhraseSource::matches(std::span<const std::uint32_t> title, std::span<const std::uint32_t> text) const {
  return in_order(title, hashes_) || (where_ == Where::Anywhere && in_order(text, hashes_));
}

bool PhraseSource::matches(Xapian::docid id) const {
  if (words_in_order_) {
    const auto row = words_in_order_->of(id);
    return matches(row.title, row.text);
  }
  std::string data;
  try {
    data = segment_.get_document(id).get_data();
  } catch (const Xapian::DocNotFoundError&) {
    return false;  // asked of every number there might be, a word's list aside
  }
  auto record = decode_data(data);
  if (!record) throw Xapian::DatabaseCorruptError(record.error().what);
  const auto words = words_in_order(record->report, analyzer_);
  return matches(words.title, words.text);
}

std::string PhraseSource::get_description() const {
  std::string all = where_ == Where::Title ? "title in order:" : "in order:";
  for (const auto& word : words_) all += " " + word;
  return all;
}

}  // namespace tidings
