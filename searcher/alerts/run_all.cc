// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/alerts/run_all.h"

#include "searcher/query/parser.h"

namespace tidings::searcher::alerts {

Result<void> RunAll::add(Id id, const std::string& text) {
  QueryLimits limits;
  limits.bytes = limits_.query_bytes;
  limits.terms = limits_.query_terms;
  limits.depth = limits_.query_depth;
  if (auto parsed = parse(text, limits); !parsed) return tl::unexpected(parsed.error());
  queries_.insert_or_assign(id, text);
  return {};
}

Result<std::vector<RunAll::Match>> RunAll::match(const Snapshot& snapshot, std::uint64_t after_generation) {
  std::vector<Match> matches;
  for (const auto& [id, text] : queries_) {
    const auto found = searcher_.news(snapshot, text, after_generation);
    if (!found && found.error().code == Error::Code::BadQuery)
      continue;  // its words are too many in this index
    if (!found) return tl::unexpected(found.error());
    for (const Xapian::docid document : *found) matches.push_back({document, id});
  }
  return matches;
}

}  // namespace tidings::searcher::alerts
