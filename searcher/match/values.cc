// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/values.h"

#include <algorithm>
#include <tuple>

namespace tidings::searcher {

std::vector<std::string> values_of(const Snapshot& snapshot, unsigned slot,
                                   std::span<const Xapian::docid> ids) {
  struct Wanted {
    std::size_t part = 0;
    Xapian::docid document = 0;
    std::size_t at = 0;  // in ids
    bool operator<(const Wanted& o) const { return std::tie(part, document) < std::tie(o.part, o.document); }
  };
  std::vector<Wanted> wanted;
  wanted.reserve(ids.size());
  const auto parts = static_cast<Xapian::docid>(snapshot.parts());
  for (std::size_t i = 0; i < ids.size(); ++i)
    wanted.push_back({(ids[i] - 1) % parts, (ids[i] - 1) / parts + 1, i});
  std::sort(wanted.begin(), wanted.end());
  std::vector<std::string> values(ids.size());
  std::vector<Xapian::docid> documents;
  for (auto from = wanted.begin(); from != wanted.end();) {
    const auto to = std::find_if(from, wanted.end(), [&](const Wanted& w) { return w.part != from->part; });
    documents.clear();
    for (auto it = from; it != to; ++it) documents.push_back(it->document);
    each_value(snapshot.part(from->part), slot, documents, [&](std::string value) {
      values[from->at] = std::move(value);
      ++from;
    });
  }
  return values;
}

std::int64_t seconds_in(const std::string& date_value) {
  constexpr double kFirst = -62'167'219'200, kLast = 253'402'300'799;
  return static_cast<std::int64_t>(std::clamp(Xapian::sortable_unserialise(date_value), kFirst, kLast));
}

}  // namespace tidings::searcher
