// SPDX-License-Identifier: GPL-2.0-or-later
// report_terms.h — one report as standing queries look at it: which of their terms it has, and what else they ask of it.
//
// Terms are read from the live segment, where nearly all news is; a sealed segment does not know a document's terms (DB_NO_TERMLIST), so those
// of its reports are made of the record, as they were when it was indexed. The stems of words are those of the index' languages: a word in
// any form is in the report where one of its words has that stem, for the index knows each of its words by all its stems. Words in order, values
// and words like a pattern are looked for when they are first asked for.
//
// One after another: take() forgets the report before. Memory: 4 bytes a term of the table, and the terms of the largest report. One thread.
// Throws what Xapian throws.
#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "index/builder.h"
#include "index/snapshot.h"
#include "searcher/standing/program.h"

namespace tidings::searcher {

class ReportTerms {
 public:
  /// They must outlive it; the table may grow between begin() and begin().
  ReportTerms(const TermTable& table, Analyzer& analyzer) : table_(table), analyzer_(analyzer) {}

  /// The table was emptied: its numbers mean other terms now.
  void forget() { taken_in_.clear(); }
  /// Reports of this snapshot, which must live as long as they are asked, come at that time. `starts`: whether beginnings of words are asked
  /// for.
  void begin(const Snapshot& snapshot, std::chrono::sys_seconds now, bool starts);
  void take(Xapian::docid document);

  /// Those of its terms that the table has, each once.
  std::span<const TermId> terms() const { return known_; }
  bool has(TermId term) const { return taken_in_[term] == number_; }
  bool has_in_order(bool in_title, std::span<const std::uint32_t> hashes);
  bool has_like(const Like& like) const;
  bool is_within(const Interval& interval);

 private:
  void add(std::string_view term);
  void note(TermId id);
  const std::string& value(unsigned slot);

  const TermTable& table_;
  Analyzer& analyzer_;
  bool starts_ = false;
  std::chrono::sys_seconds now_{};
  DocumentBuilder builder_{{"none"}};    ///< a document's terms are the same in all languages
  std::vector<std::uint32_t> taken_in_;  ///< of each term the number of the report that had it last
  std::uint32_t number_ = 0;             ///< of the report
  std::vector<TermId> known_;
  std::vector<std::string> all_;  ///< its terms
  const Snapshot* snapshot_ = nullptr;
  std::size_t part_ = 0;
  Xapian::docid document_ = 0, in_part_ = 0;
  std::optional<WordsInOrder> words_;
  std::map<unsigned, std::string> values_;  ///< by slot
};

}  // namespace tidings::searcher
