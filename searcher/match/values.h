// SPDX-License-Identifier: GPL-2.0-or-later
// values.h — what stands in the value slots of many documents, read in passing.
//
// A value of one document alone costs a look-up in a B-tree; those of many come from the stream of each segment, in order: some 50 ns each.
// Both throw what Xapian throws.
#pragma once
#include <xapian.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "index/snapshot.h"

namespace tidings::searcher {

/// The values of these documents, in their order; empty where a document has none.
std::vector<std::string> values_of(const Snapshot& snapshot, unsigned slot,
                                   std::span<const Xapian::docid> ids);

/// found(the value) for each of these documents of one segment, ascending; "" where it has none.
template <class F>
void each_value(const Xapian::Database& segment, unsigned slot, std::span<const Xapian::docid> documents,
                F&& found) {
  auto it = segment.valuestream_begin(slot);
  const auto end = segment.valuestream_end(slot);
  for (const Xapian::docid id : documents) {
    if (it != end && it.get_docid() < id) it.skip_to(id);
    found(it != end && it.get_docid() == id ? *it : std::string());
  }
}

/// Of slot::kDate: seconds since 1970 UTC, within the years 0000 to 9999.
std::int64_t seconds_in(const std::string& date_value);

}  // namespace tidings::searcher
