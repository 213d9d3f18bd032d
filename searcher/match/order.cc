// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/order.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "index/data_field.h"
#include "index/schema.h"
#include "searcher/match/ranking.h"
#include "searcher/match/values.h"

namespace tidings::searcher {
namespace {

Xapian::Enquire enquire(const Snapshot& snapshot, const Xapian::Query& query) {
  Xapian::Enquire enquire(snapshot.database());
  enquire.set_query(query);
  enquire.set_weighting_scheme(ranking());
  return enquire;
}

void sort_by_date(Xapian::Enquire& enquire, bool newest_first) {
  auto* key = new Xapian::MultiValueKeyMaker;  // NOLINT(cppcoreguidelines-owning-memory): by release()
  key->add_value(slot::kDate, newest_first);
  key->add_value(slot::kPath);
  enquire.set_sort_by_key_then_relevance(key->release(), false);
}

std::vector<Ranked> ranked(const Xapian::MSet& matches) {
  std::vector<Ranked> hits;
  hits.reserve(matches.size());
  for (auto match = matches.begin(); match != matches.end(); ++match)
    hits.push_back({*match, match.get_weight(), 0});
  return hits;
}

std::vector<Xapian::docid> ids_of(const std::vector<Ranked>& hits) {
  std::vector<Xapian::docid> ids;
  ids.reserve(hits.size());
  for (const Ranked& hit : hits) ids.push_back(hit.id);
  return ids;
}

bool is_dated_by_file(const Snapshot& snapshot, Xapian::docid id) {
  return field_of(snapshot.database().get_document(id).get_data(), "date_from") == name(Origin::FileTime);
}

void add_recency(const Snapshot& snapshot, std::vector<Ranked>& hits) {
  const std::int64_t now = snapshot.facts().committed_ms / 1000;
  const auto dates = values_of(snapshot, slot::kDate, ids_of(hits));
  for (std::size_t i = 0; i < hits.size(); ++i) {
    const double gain = recency(hits[i].relevance, seconds_in(dates[i]), now);
    if (gain > 0 && !is_dated_by_file(snapshot, hits[i].id)) hits[i].recent = gain;
  }
}

/// The hits of one block, best first, equals by key.
void put_in_order(const Snapshot& snapshot, std::span<Ranked> block) {
  const auto better = [](const Ranked& a, const Ranked& b) { return a.score() > b.score(); };
  std::stable_sort(block.begin(), block.end(), better);
  for (std::size_t i = 0; i < block.size();) {
    std::size_t end = i + 1;
    while (end < block.size() && !better(block[i], block[end])) ++end;
    if (end - i > 1) {
      std::vector<Ranked> equals(block.begin() + static_cast<std::ptrdiff_t>(i),
                                 block.begin() + static_cast<std::ptrdiff_t>(end));
      const auto keys = values_of(snapshot, slot::kPath, ids_of(equals));
      std::vector<std::pair<std::string_view, std::size_t>> by_key;
      for (std::size_t k = 0; k < keys.size(); ++k) by_key.emplace_back(keys[k], k);
      std::sort(by_key.begin(), by_key.end());
      for (std::size_t k = 0; k < by_key.size(); ++k) block[i + k] = equals[by_key[k].second];
    }
    i = end;
  }
}

}  // namespace

double recency(double relevance, std::int64_t date, std::int64_t now) {
  constexpr double kHalvingSeconds = std::chrono::duration<double>(kHalving).count();
  const double age = std::max(0.0, static_cast<double>(now) - static_cast<double>(date));
  return age > kHalvings * kHalvingSeconds ? 0 : relevance * kRecent * std::exp2(-age / kHalvingSeconds);
}

Page page(const Snapshot& snapshot, const Xapian::Query& query, Sort sort, std::size_t offset,
          std::size_t limit, Xapian::doccount counted) {
  Xapian::Enquire by_score = enquire(snapshot, query);
  const bool by_date = sort == Sort::Newest || sort == Sort::Oldest;
  const std::size_t begin = by_date || limit == 0 ? offset : offset / kBlock * kBlock;
  const std::size_t end =
      by_date || limit == 0 ? offset + limit : (offset + limit + kBlock - 1) / kBlock * kBlock;
  if (by_date) sort_by_date(by_score, sort == Sort::Newest);
  const auto get = [&](Xapian::Enquire& from, std::size_t first, std::size_t past) {
    return from.get_mset(static_cast<Xapian::doccount>(first), static_cast<Xapian::doccount>(past - first),
                         counted);
  };
  Xapian::MSet matches = get(by_score, begin, end);
  Page page;
  page.total = matches.get_matches_estimated();
  page.exact = matches.get_matches_lower_bound() == matches.get_matches_upper_bound();
  if (!by_date && !matches.empty() && matches.get_max_possible() == 0) {
    sort_by_date(by_score, true);
    page.hits = ranked(get(by_score, offset, offset + limit));
    return page;
  }
  page.hits = ranked(matches);
  page.total = std::max<std::uint64_t>(page.total, page.hits.empty() ? 0 : begin + page.hits.size());
  if (by_date || limit == 0) return page;
  if (sort == Sort::Best) add_recency(snapshot, page.hits);
  for (std::size_t at = 0; at < page.hits.size(); at += kBlock)
    put_in_order(snapshot, std::span(page.hits).subspan(at, std::min(kBlock, page.hits.size() - at)));
  const auto from = static_cast<std::ptrdiff_t>(std::min(offset - begin, page.hits.size()));
  page.hits.erase(page.hits.begin(), page.hits.begin() + from);
  if (page.hits.size() > limit) page.hits.resize(limit);
  return page;
}

}  // namespace tidings::searcher
