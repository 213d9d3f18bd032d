// SPDX-License-Identifier: GPL-2.0-or-later
// builder.h — a Record to the Xapian document that stands for it, by the table in schema.h.
//
// Words of the headline and the text are indexed; so is a title that stands nowhere in the text. A headline's words count once more than
// they stand there, which is worth .01 to .02 of nDCG@10 where reports have headlines and costs .006 at most
// (tests/relevance). Inside boilerplate the wdf is 0: such words are found, and weigh nothing, in the score
// and in the document's length. Generation, cause and first-seen are the store's to add. One builder for each
// thread. Throws only what Xapian and the allocator throw.
#pragma once
#include <xapian.h>

#include <map>
#include <string>
#include <vector>

#include "index/analyzer.h"
#include "index/record.h"
#include "index/segments/word_order.h"
#include "index/sketch.h"
#include "index/term_counts.h"

namespace tidings {

class DocumentBuilder {
 public:
  /// Reports of a corpus are stemmed in its languages (ISO 639-1; at least one).
  explicit DocumentBuilder(std::vector<std::string> languages) : analyzer_(std::move(languages)) {}

  /// `words`, where given, gets the words in order, for a segment that keeps them.
  Xapian::Document build(const Record& record, WordsInOrder* words = nullptr);

 private:
  void add_text(Xapian::Document& doc, const Report& report, std::vector<std::uint32_t>& words);
  void add_title(Xapian::Document& doc, const Report& report, std::vector<std::uint32_t>* words);
  void add_filters(Xapian::Document& doc, const Record& record);

  Analyzer analyzer_;
  TermCounts words_;                ///< of the document, without prefix
  std::string term_;                ///< scratch
  std::vector<std::uint32_t> row_;  ///< scratch
};

}  // namespace tidings
