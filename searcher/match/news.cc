// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/news.h"

#include <algorithm>

#include "index/schema.h"
#include "searcher/match/matched.h"

namespace tidings::searcher {

Xapian::Query news_after(std::uint64_t generation, std::uint64_t newest) {
  constexpr std::uint64_t kByTerm =
      64;  // a live query is rarely further behind; the terms of a batch are the cheapest way
  if (generation >= newest) return Xapian::Query::MatchNothing;
  Xapian::Query batches = Xapian::Query::MatchNothing;
  if (newest - generation <= kByTerm) {
    for (std::uint64_t g = generation + 1; g <= newest; ++g)
      batches |= Xapian::Query(boolean_term(prefix::kGeneration, std::to_string(g)));
  } else {
    batches = Xapian::Query(Xapian::Query::OP_VALUE_GE, slot::kGeneration, encode_u64(generation + 1));
  }
  Xapian::Query causes = Xapian::Query::MatchNothing;
  for (const Cause cause : {Cause::Arrival, Cause::Change, Cause::CatchUp})
    causes |= Xapian::Query(boolean_term(prefix::kCause, name(cause)));
  return Xapian::Query(Xapian::Query::OP_AND, batches, causes);
}

std::vector<News> news(const Snapshot& snapshot, std::uint64_t after_generation) {
  std::vector<News> all;
  const std::uint64_t newest = snapshot.facts().generation;
  if (after_generation >= newest) return all;
  const Matched found = matched(snapshot, snapshot.living(news_after(after_generation, newest)));
  for (std::size_t part = 0; part < found.parts.size(); ++part)
    for (const Xapian::docid in_part : found.parts[part]) {
      const Xapian::Document document = snapshot.part(part).get_document(in_part, Xapian::DOC_ASSUME_VALID);
      all.push_back({number_of(document, slot::kGeneration), snapshot.id_of(part, in_part)});
    }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace tidings::searcher
