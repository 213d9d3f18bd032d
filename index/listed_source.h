// SPDX-License-Identifier: GPL-2.0-or-later
// listed_source.h — documents that are listed, segment by segment, as a part of a Xapian query: the dead, which a query leaves out, and
// those that have near-copies.
#pragma once
#include <xapian.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tidings {

/// Ascending ids, each once, of each segment that has any, by the uuid of its database.
using ListedByUuid = std::map<std::string, std::shared_ptr<const std::vector<Xapian::docid>>>;

/// Matches what is listed of whichever segment it is run on. As the right side of OP_AND_NOT it costs 1 to 14 % of a query's time where
/// 1 % are listed.
class ListedSource : public Xapian::PostingSource {
 public:
  ListedSource(std::shared_ptr<const ListedByUuid> listed, std::string description)
      : listed_(std::move(listed)), description_(std::move(description)) {}

  Xapian::doccount get_termfreq_min() const override { return count(); }
  Xapian::doccount get_termfreq_est() const override { return count(); }
  Xapian::doccount get_termfreq_max() const override { return count(); }
  void next(double min_weight) override;
  void skip_to(Xapian::docid id, double min_weight) override;
  bool at_end() const override { return at_ == count(); }
  Xapian::docid get_docid() const override { return (*ids_)[at_]; }
  PostingSource* clone() const override {
    return new ListedSource(listed_, description_);
  }  // owned by Xapian
  void init(const Xapian::Database& segment) override;
  std::string get_description() const override { return description_; }

 private:
  Xapian::doccount count() const { return ids_ ? static_cast<Xapian::doccount>(ids_->size()) : 0; }

  std::shared_ptr<const ListedByUuid> listed_;
  std::string description_;
  std::shared_ptr<const std::vector<Xapian::docid>> ids_;
  Xapian::doccount at_ = 0;
  bool started_ = false;
};

}  // namespace tidings
