// SPDX-License-Identifier: GPL-2.0-or-later
// ranges.h — whether offsets that grow lie in ranges of a text, as its boilerplate.
#pragma once
#include <cstdint>
#include <vector>

#include "index/record.h"

namespace tidings {

/// Walks sorted ranges in step with growing offsets.
class InRanges {
 public:
  explicit InRanges(const std::vector<Range>& ranges) : next_(ranges.begin()), end_(ranges.end()) {}
  bool contains(std::uint32_t offset) {
    while (next_ != end_ && next_->end <= offset) ++next_;
    return next_ != end_ && next_->begin <= offset;
  }

 private:
  std::vector<Range>::const_iterator next_, end_;
};

}  // namespace tidings
