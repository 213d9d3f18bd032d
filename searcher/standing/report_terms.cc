// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/standing/report_terms.h"

#include <algorithm>
#include <tuple>

#include "index/schema.h"

namespace tidings::searcher {

void ReportTerms::begin(const Snapshot& snapshot, std::chrono::sys_seconds now, bool starts) {
  snapshot_ = &snapshot;
  now_ = now;
  starts_ = starts;
  taken_in_.resize(table_.size(), 0);
}

void ReportTerms::take(Xapian::docid document) {
  document_ = document;
  std::tie(part_, in_part_) = snapshot_->part_of(document);
  if (++number_ == 0) {  // all numbers were used
    std::fill(taken_in_.begin(), taken_in_.end(), 0);
    number_ = 1;
  }
  known_.clear();
  all_.clear();
  words_.reset();
  values_.clear();
  const auto add_all = [&](Xapian::TermIterator term, const Xapian::TermIterator& end) {
    for (; term != end; ++term) add(all_.emplace_back(*term));
  };
  if (part_ + 1 == snapshot_->parts()) {
    const Xapian::Database& live = snapshot_->part(part_);
    add_all(live.termlist_begin(in_part_), live.termlist_end(in_part_));
  } else {
    const Xapian::Document made = builder_.build(snapshot_->record(document));
    add_all(made.termlist_begin(), made.termlist_end());
  }
}

void ReportTerms::add(std::string_view term) {
  note(table_.find(term));
  // What of it is a word: those with another prefix are asked for as they are, but for the beginnings of words of a path.
  std::string_view word = term, prefix;
  if (!is_word_term(term)) {
    for (const std::string_view known : {prefix::kTitle, prefix::kPathWord})
      if (term.starts_with(known)) prefix = known;
    if (prefix.empty()) return;
    word.remove_prefix(prefix.size());
  }
  if (prefix != prefix::kPathWord)
    for (const auto& stem : analyzer_.stems(word)) note(table_.find(stem_term(prefix, stem)));
  if (starts_ && word.size() >= kStartBytes) note(table_.find(start_term(prefix, word)));
}

void ReportTerms::note(TermId id) {
  if (id == TermTable::kNone || taken_in_[id] == number_) return;
  taken_in_[id] = number_;
  known_.push_back(id);
}

bool ReportTerms::has_in_order(bool in_title, std::span<const std::uint32_t> hashes) {
  if (!words_) words_ = snapshot_->words_in_order(document_, analyzer_);
  return in_order(words_->title, hashes) || (!in_title && in_order(words_->text, hashes));
}

bool ReportTerms::has_like(const Like& like) const {
  return std::any_of(all_.begin(), all_.end(), [&](std::string_view term) {
    if (like.prefix.empty()) return is_word_term(term) && like.pattern.matches(term);
    return term.starts_with(like.prefix) && like.pattern.matches(term.substr(like.prefix.size()));
  });
}

const std::string& ReportTerms::value(unsigned slot) {
  const auto [known, is_new] = values_.try_emplace(slot);
  if (is_new)
    known->second = snapshot_->part(part_).get_document(in_part_, Xapian::DOC_ASSUME_VALID).get_value(slot);
  return known->second;
}

bool ReportTerms::is_within(const Interval& interval) {
  const auto* span = std::get_if<DateSpan>(&interval.when);
  const auto [begin, end] = span ? interval_at(*span, now_) : std::get<DateInterval>(interval.when);
  const auto key = [](std::int64_t number) {
    return Xapian::sortable_serialise(static_cast<double>(number));
  };
  if (!begin && !end) return true;
  const std::string& its = value(interval.slot);
  return !its.empty() && (!begin || its >= key(*begin)) && (!end || its <= key(*end - 1));
}

}  // namespace tidings::searcher
