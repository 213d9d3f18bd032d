// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/alerts/add.h"

#include <algorithm>
#include <chrono>

#include "searcher/alerts/look.h"
#include "searcher/standing/standing.h"

namespace tidings::searcher::alerts {
namespace {

/// The newest reports that match, the oldest of them first.
Result<std::vector<Hit>> newest(Searcher& searcher, const config::Limits& limits, const Alert& alert,
                                std::size_t count) {
  SearchRequest request;
  request.text = alert.query;
  request.sort = Sort::Newest;
  request.fill = false;
  request.passages = false;
  std::vector<Hit> hits;
  while (hits.size() < count) {
    request.limit = alert.corpus.empty() ? count : static_cast<std::size_t>(limits.results);
    auto page = searcher.search(request);
    if (!page) return tl::unexpected(page.error());
    for (Hit& hit : page->hits)
      if ((alert.corpus.empty() || hit.key.corpus == alert.corpus) && hits.size() < count)
        hits.push_back(std::move(hit));
    if (page->hits.size() < request.limit) break;
    request.offset += page->hits.size();
  }
  std::reverse(hits.begin(), hits.end());
  return hits;
}

Result<std::vector<Firing>> history(Searcher& searcher, const config::Limits& limits,
                                    const std::filesystem::path& index_folder, const Alert& alert,
                                    std::size_t count) {
  const auto hits = newest(searcher, limits, alert, count);
  if (!hits) return tl::unexpected(hits.error());
  std::vector<Firing> firings;
  auto done = Reader(index_folder).run([&](const Snapshot& snapshot) -> Result<void> {
    firings.clear();
    for (const Hit& hit : *hits) {
      const auto id = snapshot.find(hit.key);
      if (!id) continue;  // it was removed just now
      auto firing = firing_of(searcher, snapshot, alert, *id);
      if (!firing) return tl::unexpected(firing.error());
      firing->history = true;
      firings.push_back(std::move(*firing));
    }
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return firings;
}

}  // namespace

Result<Alert> add_alert(Store& store, Searcher& searcher, const config::Limits& limits,
                        const std::filesystem::path& index_folder, Alert alert, std::size_t backfill) {
  alert.created_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
  const auto facts = searcher.facts();
  if (!facts && facts.error().code != Error::Code::NotFound) return tl::unexpected(facts.error());
  if (!facts) {
    if (auto read = StandingQueries(limits).add(0, alert.query); !read) return tl::unexpected(read.error());
    return store.add(std::move(alert));
  }
  if (!alert.corpus.empty() && std::ranges::none_of(facts->corpora, [&](const CorpusRoot& corpus) {
        return corpus.name == alert.corpus;
      }))
    return failure(Error::Code::BadRequest, "the index has no corpus `" + alert.corpus + "`",
                   "`tidings status` lists them");
  alert.since_identity = facts->identity;
  alert.since_generation = facts->generation;
  SearchRequest trial;
  trial.text = alert.query;
  trial.limit = 0;
  if (auto answer = searcher.search(trial); !answer) return tl::unexpected(answer.error());
  std::vector<Firing> before;
  if (backfill > 0) {
    auto found = history(searcher, limits, index_folder, alert, backfill);
    if (!found) return tl::unexpected(found.error());
    before = std::move(*found);
  }
  return store.add(std::move(alert), std::move(before));
}

}  // namespace tidings::searcher::alerts
