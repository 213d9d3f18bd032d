// SPDX-License-Identifier: GPL-2.0-or-later
// order_source.h — documents told by the order of their words, as a part of a Xapian query: what phrases (phrase.h) and nearness
// (near.h) have in common.
//
// A filter without weight beside the words themselves, all required: it is asked of the documents that have them all, and says whether
// they stand as they should, by the segment's words in order (segments/word_order.h), or by the document's own text where the
// segment has none yet. Its estimate is all documents, so that Xapian asks it last.
#pragma once
#include <xapian.h>

#include <map>
#include <memory>
#include <span>
#include <string>

#include "index/analyzer.h"
#include "index/record.h"
#include "index/segments/word_order.h"

namespace tidings {

/// The words of a report, as a segment keeps them.
WordsInOrder words_in_order(const Report& report, Analyzer& analyzer);

/// The words in order of each segment that has them, by the uuid of its database.
using OrderByUuid = std::map<std::string, std::shared_ptr<const WordOrder>>;

class OrderSource : public Xapian::PostingSource {
 public:
  enum class Where { Anywhere, Title };

  Xapian::doccount get_termfreq_min() const override { return 0; }
  Xapian::doccount get_termfreq_est() const override { return segment_.get_doccount(); }
  Xapian::doccount get_termfreq_max() const override { return segment_.get_doccount(); }
  void next(double min_weight) override { skip_to(at_ + 1, min_weight); }
  void skip_to(Xapian::docid id, double min_weight) override;
  bool check(Xapian::docid id, double min_weight) override;
  bool at_end() const override { return at_ > last_; }
  Xapian::docid get_docid() const override { return at_; }
  void init(const Xapian::Database& segment) override;

 protected:
  /// The analyzer is used by the thread that runs the query, as long as the query lives.
  OrderSource(Where where, std::shared_ptr<const OrderByUuid> order, Analyzer& analyzer)
      : where_(where), order_(std::move(order)), analyzer_(analyzer) {}

  /// Whether the words of a title, or those of a text, stand as they should. `blocks`: of a long text, else null.
  virtual bool matches(std::span<const std::uint32_t> words, const WordBlocks* blocks) const = 0;

  const Where where_;
  const std::shared_ptr<const OrderByUuid> order_;
  Analyzer& analyzer_;

 private:
  bool document_matches(Xapian::docid id) const;

  Xapian::Database segment_;
  std::shared_ptr<const WordOrder> words_in_order_;  ///< null: the texts are read
  Xapian::docid at_ = 0, last_ = 0;
};

}  // namespace tidings
