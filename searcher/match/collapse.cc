// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/collapse.h"

#include <algorithm>

#include "index/schema.h"

namespace tidings::searcher {

std::vector<Collapse::Shown> Collapse::chosen(const std::vector<Ranked>& ranked, std::size_t limit) {
  std::vector<Shown> hits;
  for (std::size_t i = 0; i < ranked.size() && hits.size() < limit; ++i) {
    const Ranked& hit = ranked[i];
    if (left_out_.contains(hit.id)) continue;
    Shown& shown = hits.emplace_back(Shown{hit, {}});
    if (i >= kCollapsed) continue;
    for (const auto& copy : copies_.of(hit.id))
      if (left_out_.insert(copy.id).second) shown.copies.push_back(copy.id);
  }
  return hits;
}

/// How many of the copies match as well, found by their keys.
std::vector<Ranked> Collapse::counted(std::vector<Shown> hits, const Xapian::Query& query) const {
  std::vector<Xapian::Query> keys;
  for (const Shown& shown : hits)
    for (const Xapian::docid copy : shown.copies)
      keys.emplace_back(key_of(snapshot_.database().get_document(copy, Xapian::DOC_ASSUME_VALID)).term());
  std::set<Xapian::docid> matching;
  if (!keys.empty()) {
    Xapian::Enquire enquire(snapshot_.database());
    enquire.set_weighting_scheme(Xapian::BoolWeight());
    enquire.set_query(Xapian::Query(Xapian::Query::OP_FILTER, query,
                                    Xapian::Query(Xapian::Query::OP_OR, keys.begin(), keys.end())));
    const auto found = enquire.get_mset(0, static_cast<Xapian::doccount>(keys.size()));
    for (auto hit = found.begin(); hit != found.end(); ++hit) matching.insert(*hit);
  }
  std::vector<Ranked> ranked;
  for (Shown& shown : hits) {
    shown.hit.similar = static_cast<std::uint64_t>(
        std::count_if(shown.copies.begin(), shown.copies.end(),
                      [&](const Xapian::docid copy) { return matching.contains(copy); }));
    ranked.push_back(shown.hit);
  }
  return ranked;
}

std::vector<Ranked> Collapse::shown(const std::vector<Ranked>& ranked, std::size_t limit,
                                    const Xapian::Query& query) {
  return counted(chosen(ranked, limit), query);
}

Page Collapse::page(const Xapian::Query& query, Sort sort, std::size_t offset, std::size_t limit,
                    Xapian::doccount counted_exactly) {
  const std::set<Xapian::docid> before = left_out_;
  const std::size_t wanted = offset + limit;
  for (std::size_t ranked = wanted;;) {
    Page found = searcher::page(snapshot_, query, sort, 0, ranked, counted_exactly);
    left_out_ = before;
    auto hits = chosen(found.hits, wanted);
    if (hits.size() < wanted && found.hits.size() == ranked) {  // there may be more
      ranked += std::max(wanted - hits.size(), ranked / 2);
      continue;
    }
    hits.erase(hits.begin(), hits.begin() + static_cast<std::ptrdiff_t>(std::min(offset, hits.size())));
    found.hits = counted(std::move(hits), query);
    return found;
  }
}

}  // namespace tidings::searcher
