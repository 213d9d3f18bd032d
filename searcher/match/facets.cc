// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/facets.h"

#include <algorithm>
#include <unordered_map>

#include "index/schema.h"
#include "searcher/match/values.h"

namespace tidings::searcher {
namespace {

struct Count {
  std::uint64_t reports = 0;
  Xapian::docid first = 0;  // one of them, as the snapshot numbers it
};
using Counts = std::unordered_map<std::string, Count>;  // by the content of the term, or the value

/// What stands in a term behind its prefix (boolean_term of schema.h).
std::string content_of(std::string_view term, std::string_view prefix) {
  term.remove_prefix(prefix.size());
  const bool parted = prefix.size() > 1 && term.size() > 1 && term[0] == ':' &&
                      (term[1] == ':' || (term[1] >= 'A' && term[1] <= 'Z'));
  return std::string(term.substr(parted ? 1 : 0));
}

Counts by_term(const Snapshot& snapshot, const Matched& matched, std::string_view prefix) {
  Counts counts;
  std::vector<bool> is_match;
  for (std::size_t p = 0; p < snapshot.parts(); ++p) {
    const auto& ids = matched.parts[p];
    if (ids.empty()) continue;
    is_match.assign(ids.back() + 1, false);
    for (const Xapian::docid id : ids) is_match[id] = true;
    const Xapian::Database& segment = snapshot.part(p);
    const auto end = segment.allterms_end(std::string(prefix));
    for (auto term = segment.allterms_begin(std::string(prefix)); term != end; ++term) {
      Count count;
      const auto last = segment.postlist_end(*term);
      for (auto it = segment.postlist_begin(*term); it != last && *it <= ids.back(); ++it)
        if (is_match[*it] && ++count.reports == 1) count.first = snapshot.id_of(p, *it);
      if (count.reports == 0) continue;
      Count& all = counts[content_of(*term, prefix)];
      if (all.reports == 0) all.first = count.first;
      all.reports += count.reports;
    }
  }
  return counts;
}

template <class F>
Counts by_value(const Snapshot& snapshot, const Matched& matched, unsigned slot, F value_of) {
  Counts counts;
  for (std::size_t p = 0; p < snapshot.parts(); ++p)
    each_value(snapshot.part(p), slot, matched.parts[p],
               [&](const std::string& value) { ++counts[value_of(value)].reports; });
  return counts;
}

std::string folder_of(const std::string& key) {
  const auto slash = key.rfind('/'), colon = key.find(':');
  return slash == std::string::npos || slash < colon ? key.substr(0, colon + 1) : key.substr(0, slash);
}

Counts counts_of(const Snapshot& snapshot, const Matched& matched, Facet facet) {
  switch (facet) {
    case Facet::Source:
      return by_term(snapshot, matched, prefix::kSource);
    case Facet::Type:
      return by_term(snapshot, matched, prefix::kType);
    case Facet::Language:
      return by_term(snapshot, matched, prefix::kLanguage);
    case Facet::Folder:
      return by_value(snapshot, matched, slot::kPath, folder_of);
    case Facet::Month:
      return by_value(snapshot, matched, slot::kDate,
                      [](const std::string& value) { return iso_of(seconds_in(value)).substr(0, 7); });
  }
  return {};
}

FacetCounts most_frequent(const Snapshot& snapshot, Facet facet, const Counts& counts, std::uint64_t all) {
  struct Row {
    const std::string* value;
    Count count;
  };
  std::vector<Row> rows;
  rows.reserve(counts.size());
  for (const auto& [value, count] : counts) rows.push_back({&value, count});
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return a.count.reports != b.count.reports ? a.count.reports > b.count.reports : *a.value < *b.value;
  });
  FacetCounts out{.facet = facet, .values = {}, .others = 0, .other_values = 0, .without = all};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out.without -= rows[i].count.reports;
    if (i >= kFacetValues) {
      out.others += rows[i].count.reports;
      ++out.other_values;
      continue;
    }
    // The terms of sources are folded, and long ones hashed.
    out.values.push_back(
        {facet == Facet::Source ? snapshot.record(rows[i].count.first).report.source : *rows[i].value,
         rows[i].count.reports});
  }
  std::sort(out.values.begin(), out.values.end(), [&](const FacetValue& a, const FacetValue& b) {
    if (facet == Facet::Month) return a.value > b.value;
    return a.count != b.count ? a.count > b.count : a.value < b.value;
  });
  return out;
}

}  // namespace

Result<std::vector<Facet>> facets_named(std::string_view list) {
  std::vector<Facet> facets;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    const std::string_view name = list.substr(at, end - at);
    const auto known = std::find(kFacetNames.begin(), kFacetNames.end(), name);
    if (known == kFacetNames.end())
      return failure(Error::Code::BadRequest, "\"" + std::string(name) + "\" is no facet",
                     "there are source, folder, type, language and month; several with commas between them");
    const auto facet = static_cast<Facet>(known - kFacetNames.begin());
    if (std::find(facets.begin(), facets.end(), facet) == facets.end()) facets.push_back(facet);
    at = end + 1;
  }
  return facets;
}

std::vector<FacetCounts> facets_of(const Snapshot& snapshot, const Matched& matched,
                                   std::span<const Facet> facets) {
  std::vector<FacetCounts> out;
  out.reserve(facets.size());
  for (const Facet facet : facets)
    out.push_back(most_frequent(snapshot, facet, counts_of(snapshot, matched, facet), matched.count()));
  return out;
}

}  // namespace tidings::searcher
