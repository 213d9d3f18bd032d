// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/listed_source.h"

#include <algorithm>

namespace tidings {

void ListedSource::init(const Xapian::Database& segment) {
  const auto found = listed_->find(segment.get_uuid());
  ids_ = found == listed_->end() ? nullptr : found->second;
  at_ = 0;
  started_ = false;
}

void ListedSource::next(double) {
  if (started_) ++at_;
  started_ = true;
}

void ListedSource::skip_to(Xapian::docid id, double) {
  started_ = true;
  if (!ids_) return;
  const auto from = ids_->begin() + static_cast<std::ptrdiff_t>(at_);
  at_ = static_cast<Xapian::doccount>(std::lower_bound(from, ids_->end(), id) - ids_->begin());
}

}  // namespace tidings
