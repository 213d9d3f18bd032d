// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/order_source.h"

#include <algorithm>

#include "index/ranges.h"

namespace tidings {
namespace {

std::vector<std::uint32_t> in_order_of(std::string_view text, const std::vector<Range>& boilerplate,
                                       Analyzer& analyzer) {
  std::vector<std::uint32_t> row;
  OrderOf order(&row);
  InRanges discounted(boilerplate);
  analyzer.analyze(text, [&](const Token& token) { order.add(token, discounted.contains(token.begin)); });
  return row;
}

}  // namespace

WordsInOrder words_in_order(const Report& report, Analyzer& analyzer) {
  return {in_order_of(report.title, {}, analyzer), in_order_of(report.text, report.boilerplate, analyzer)};
}

void OrderSource::init(const Xapian::Database& segment) {
  segment_ = segment;
  const auto found = order_->find(segment.get_uuid());
  words_in_order_ = found == order_->end() ? nullptr : found->second;
  at_ = 0;
  last_ = segment.get_lastdocid();
}

void OrderSource::skip_to(Xapian::docid id, double) {
  for (at_ = std::max(at_, id); at_ <= last_ && !document_matches(at_);) ++at_;
}

bool OrderSource::check(Xapian::docid id, double) {
  at_ = id;
  return document_matches(id);
}

bool OrderSource::document_matches(Xapian::docid id) const {
  if (words_in_order_) {
    const auto row = words_in_order_->of(id);
    if (matches(row.title, nullptr)) return true;
    if (where_ == Where::Title) return false;
    const bool is_long = row.text.size() >= WordBlocks::kLong;
    return matches(row.text, is_long ? words_in_order_->blocks(id, row.text) : nullptr);
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
  return matches(words.title, nullptr) || (where_ == Where::Anywhere && matches(words.text, nullptr));
}

}  // namespace tidings
