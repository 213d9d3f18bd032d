// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/alerts/listened.h"

#include <algorithm>
#include <tuple>

#include "index/schema.h"

namespace tidings::searcher::alerts {
namespace {

/// A report of the batch, with the queries that it matches.
struct Matching {
  std::uint64_t generation = 0;
  std::string key;
  Xapian::docid document = 0;
  std::vector<std::string> queries;
};

/// In the order in which they are told.
std::vector<Matching> by_report(const Snapshot& snapshot, const std::vector<StandingQueries::Match>& matches,
                                const std::map<StandingQueries::Id, std::string>& texts) {
  std::vector<Matching> reports;
  for (const auto& [id, query] : matches) {
    if (reports.empty() || reports.back().document != id) {
      const Xapian::Document document = snapshot.database().get_document(id, Xapian::DOC_ASSUME_VALID);
      reports.push_back({number_of(document, slot::kGeneration), key_of(document).text(), id, {}});
    }
    reports.back().queries.push_back(texts.at(query));
  }
  std::sort(reports.begin(), reports.end(), [](const Matching& a, const Matching& b) {
    return std::tie(a.generation, a.key) < std::tie(b.generation, b.key);
  });
  return reports;
}

}  // namespace

bool LiveBatch::follows(const Position& position) const {
  return position.identity == identity && position.generation > after;
}

std::vector<const LiveBatch::Record*> LiveBatch::after_position(const std::string& query,
                                                                const Position& position) const {
  std::vector<const Record*> later;
  const auto of_query = records.find(query);
  if (of_query == records.end()) return later;
  for (const Record& record : of_query->second)
    if (std::tie(record.generation, record.key) > std::tie(position.generation, position.key))
      later.push_back(&record);
  return later;
}

Result<void> Listened::add(const std::string& query) {
  if (by_text_.contains(query)) return {};
  if (auto added = standing_.add(next_, query); !added) return added;
  by_text_.emplace(query, next_);
  texts_.emplace(next_++, query);
  return {};
}

void Listened::remove(const std::string& query) {
  const auto known = by_text_.find(query);
  if (known == by_text_.end()) return;
  standing_.remove(known->second);
  texts_.erase(known->second);
  by_text_.erase(known);
}

/// A cursor behind a record: what shares its generation is told again, unless it is the last of it.
void Listened::set_cursors(LiveBatch& batch) {
  for (auto& [query, records] : batch.records)
    for (std::size_t i = 0; i < records.size(); ++i) {
      LiveBatch::Record& record = records[i];
      const bool last = i + 1 == records.size() || records[i + 1].generation != record.generation;
      record.cursor = live_cursor(batch.identity, record.generation, last);
      record.json = live_line(record.hit, record.cursor);
    }
}

Result<LiveBatch> Listened::batch(const Snapshot& snapshot, Searcher& searcher, std::uint64_t after) {
  LiveBatch batch{snapshot.facts().identity, after, snapshot.facts().generation, {}, {}};
  const auto matches = standing_.match(snapshot, after);
  if (!matches) return tl::unexpected(matches.error());
  std::size_t left = kMostRecords;
  for (Matching& report : by_report(snapshot, *matches, texts_)) {
    std::erase_if(report.queries, [&](const std::string& query) {
      if (left == 0 || batch.records[query].size() == kRecords) batch.left_out.insert(query);
      if (batch.left_out.contains(query)) return true;
      --left;
      return false;
    });
    auto hits = searcher.hits(snapshot, report.document, report.queries);
    if (!hits) return tl::unexpected(hits.error());
    for (std::size_t i = 0; i < hits->size(); ++i)
      batch.records[report.queries[i]].push_back(
          {report.generation, report.key, std::move((*hits)[i]), {}, {}});
  }
  set_cursors(batch);
  return batch;
}

}  // namespace tidings::searcher::alerts
