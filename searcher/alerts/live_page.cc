// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/alerts/live_page.h"

#include <algorithm>
#include <tuple>

#include "index/schema.h"
#include "searcher/alerts/json.h"
#include "searcher/present/json.h"

namespace tidings::searcher::alerts {
namespace {

struct Found {
  std::uint64_t generation = 0;
  std::string key;
  Xapian::docid document = 0;
  auto operator<=>(const Found&) const = default;
};

/// Those that are to be told, in their order.
Result<std::vector<Found>> found_after(Searcher& searcher, const Snapshot& snapshot, const std::string& query,
                                       const Position& from) {
  const auto ids = searcher.news(snapshot, query, from.generation > 0 ? from.generation - 1 : 0);
  if (!ids) return tl::unexpected(ids.error());
  std::vector<Found> found;
  for (const Xapian::docid id : *ids) {
    const Xapian::Document document = snapshot.database().get_document(id, Xapian::DOC_ASSUME_VALID);
    Found one{number_of(document, slot::kGeneration), key_of(document).text(), id};
    if (one.generation > from.generation || one.key > from.key) found.push_back(std::move(one));
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

Result<Position> position_after(const std::string& text) {
  const auto cursor = cursor_of(text);
  if (!cursor)
    return failure(Error::Code::BadRequest, text + ": not a cursor",
                   "a cursor is identity:generation, as each record has it");
  return Position{cursor->identity, static_cast<std::uint64_t>(cursor->sequence) + 1, {}};
}

std::string live_cursor(const std::string& identity, std::uint64_t generation, bool last) {
  return identity + ":" + std::to_string(last ? generation : generation - 1);
}

std::string live_line(const Hit& hit, const std::string& cursor) {
  auto json = to_json(hit);
  json["cursor"] = cursor;
  return print(json);
}

Result<LivePage> live_page(Reader& reader, Searcher& searcher, const std::string& query, const Position& from,
                           std::size_t most) {
  LivePage page;
  auto done = reader.run([&](const Snapshot& snapshot) -> Result<void> {
    page = {};
    const IndexFacts& facts = snapshot.facts();
    page.replaced = from.identity != facts.identity;
    const Position begin = page.replaced ? Position{facts.identity, 0, {}} : from;
    const auto found = found_after(searcher, snapshot, query, begin);
    if (!found) return tl::unexpected(found.error());
    const std::size_t count = std::min(most, found->size());
    for (std::size_t i = 0; i < count; ++i) {
      const Found& one = (*found)[i];
      auto hit = searcher.hit(snapshot, query, one.document);
      if (!hit) return tl::unexpected(hit.error());
      const bool last = i + 1 == found->size() || (*found)[i + 1].generation != one.generation;
      page.records.push_back({std::move(*hit), live_cursor(facts.identity, one.generation, last)});
    }
    page.more = count < found->size();
    page.next = page.more ? Position{facts.identity, (*found)[count - 1].generation, (*found)[count - 1].key}
                          : Position{facts.identity, std::max(begin.generation, facts.generation + 1), {}};
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return page;
}

}  // namespace tidings::searcher::alerts
