// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/alerts/look.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

#include "index/copies.h"
#include "index/schema.h"

namespace tidings::searcher::alerts {
namespace {

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

struct Look::Match {
  Xapian::docid document = 0;
  const Alert* alert = nullptr;
  std::uint64_t generation = 0;
  Key key;
  Cause cause = Cause::Arrival;
  std::int64_t first_seen_ms = 0;
};

Result<Firing> firing_of(Searcher& searcher, const Snapshot& snapshot, const Alert& alert,
                         Xapian::docid report) {
  constexpr std::int64_t kNsPerMs = 1'000'000;
  auto hit = searcher.hit(snapshot, alert.query, report);
  if (!hit) return tl::unexpected(hit.error());
  const Xapian::Document document = snapshot.database().get_document(report, Xapian::DOC_ASSUME_VALID);
  Firing firing;
  firing.alert = alert.id;
  firing.alert_name = alert.name;
  firing.identity = snapshot.facts().identity;
  firing.hit = std::move(*hit);
  firing.hash = document.get_value(slot::kHash);
  firing.closed_ms = stamp_of(document).ctime_ns / kNsPerMs;
  firing.pushed_ms = now_ms();
  return firing;
}

Look::Look(const std::filesystem::path& index_folder, const config::Limits& limits,
           std::shared_ptr<const config::Synonyms> synonyms, Store store)
    : store_(std::move(store)),
      searcher_(index_folder, limits, synonyms),
      back_(index_folder, limits, synonyms),
      standing_(limits, synonyms),
      listened_(limits, std::move(synonyms)),
      readers_{Reader(index_folder), Reader(index_folder)} {}

Result<void> Look::load() {
  const auto version = store_.version();
  if (!version) return tl::unexpected(version.error());
  if (version_ == *version) return {};
  auto all = store_.alerts();
  if (!all) return tl::unexpected(all.error());
  if (!version_) {
    auto looked = store_.looked();
    if (!looked) return tl::unexpected(looked.error());
    looked_ = std::move(*looked);
    written_ = looked_ ? looked_->generation : 0;
  }
  Alerts before = std::move(alerts_);
  alerts_.clear();
  for (const Alert& alert : *all) {
    if (!before.contains(alert.id))
      if (auto taken = take(alert); !taken) return taken;
    before.erase(alert.id);
    alerts_.emplace(alert.id, alert);
  }
  for (const auto& [id, gone] : before) {
    standing_.remove(static_cast<StandingQueries::Id>(id));
    gone_.insert(id);
  }
  version_ = *version;
  return {};
}

Result<void> Look::take(const Alert& alert) {
  const auto added = standing_.add(static_cast<StandingQueries::Id>(alert.id), alert.query);
  const std::string error = added ? std::string() : added.error().what;
  if (!added) spdlog::warn("the alert {} cannot fire: {}", alert.name, error);
  if (error == alert.error) return {};
  return store_.set_error(alert.id, error);
}

Looked Look::begin(const Looked& now) const {
  if (!looked_)
    return alerts_.empty() ? now : Looked{now.identity, 0, 0};  // alerts that were made before the index
  if (looked_->identity != now.identity) {
    spdlog::warn("the index was replaced: alerts look at all that has arrived in the new one");
    return {now.identity, 0, 0};
  }
  if (looked_->generation > now.generation) {
    spdlog::warn("the index is older than what alerts have looked at: they go on from generation {}",
                 now.generation);
    return now;
  }
  return *looked_;
}

Result<Look::News> Look::look() {
  while (true) {  // again where alerts were changed meanwhile: each time by someone's command
    if (auto loaded = load(); !loaded) return tl::unexpected(loaded.error());
    std::set<std::int64_t> fired;
    bool whole = false;
    auto done = readers_[next_].run([&](const Snapshot& snapshot) -> Result<void> {
      fired.clear();
      auto looked = look_at(snapshot, fired);
      if (!looked) return tl::unexpected(looked.error());
      whole = *looked;
      if (whole) kept_ = snapshot;
      return {};
    });
    if (!done) return tl::unexpected(done.error());
    if (!whole) continue;
    next_ = 1 - next_;
    return News{std::move(fired), std::exchange(gone_, {}), live()};
  }
}

/// Where it fails the clients meet the same error as they read their pages, and wait.
std::optional<LiveBatch> Look::live() {
  if (listened_.empty()) told_.reset();
  if (listened_.empty()) return std::nullopt;
  std::optional<LiveBatch> batch;
  Looked now;
  const auto done = reader().run([&](const Snapshot& snapshot) -> Result<void> {
    batch.reset();
    const IndexFacts& facts = snapshot.facts();
    now = {facts.identity, facts.generation, facts.committed_ms};
    if (!told_ || told_->identity != now.identity || told_->generation > now.generation) return {};
    auto found = listened_.batch(snapshot, searcher_, told_->generation);
    if (!found) return tl::unexpected(found.error());
    batch = std::move(*found);
    return {};
  });
  told_ = done ? std::optional(now) : std::nullopt;
  return batch;
}

/// A query that no search could run is told with its alert; the others go on.
Result<void> Look::note_refused() {
  for (const auto& [id, error] : standing_.refused()) {
    Alert& alert = alerts_.at(static_cast<std::int64_t>(id));
    if (alert.error == error.what) continue;
    spdlog::warn("the alert {} cannot fire: {}", alert.name, error.what);
    alert.error = error.what;
    if (auto set = store_.set_error(alert.id, error.what); !set) return set;
  }
  return {};
}

Result<bool> Look::look_at(const Snapshot& snapshot, std::set<std::int64_t>& fired) {
  const IndexFacts& facts = snapshot.facts();
  const Looked now{facts.identity, facts.generation, facts.committed_ms};
  if (looked_ == now) return true;
  const Looked from = begin(now);
  const auto found = matches(snapshot, from);
  if (!found) return tl::unexpected(found.error());
  const bool write = !found->empty() || !looked_ || looked_->identity != now.identity ||
                     now.generation < written_ || now.generation - written_ >= kUnwritten;
  if (!write) {
    const auto version = store_.version();
    if (!version) return tl::unexpected(version.error());
    if (version_ != *version) return false;
    looked_ = now;
    return true;
  }
  auto writing = store_.write(*version_);
  if (!writing) return tl::unexpected(writing.error());
  if (!*writing) return false;
  if (auto logged = log(snapshot, from, *found, **writing, fired); !logged)
    return tl::unexpected(logged.error());
  if (auto committed = (*writing)->commit(now); !committed) return tl::unexpected(committed.error());
  looked_ = now;
  written_ = now.generation;
  return true;
}

/// In the order in which they are logged.
Result<std::vector<Look::Match>> Look::matches(const Snapshot& snapshot, const Looked& from) {
  std::vector<Match> matches;
  if (from.generation == snapshot.facts().generation) return matches;
  const auto found = standing_.match(snapshot, from.generation);
  if (!found) return tl::unexpected(found.error());
  if (auto noted = note_refused(); !noted) return tl::unexpected(noted.error());
  for (const auto& [document, id] : *found) {
    const Alert& alert = alerts_.at(static_cast<std::int64_t>(id));
    const Xapian::Document of = snapshot.database().get_document(document, Xapian::DOC_ASSUME_VALID);
    Match match{document,   &alert,       number_of(of, slot::kGeneration),
                key_of(of), cause_of(of), static_cast<std::int64_t>(number_of(of, slot::kFirstSeen))};
    if (!alert.corpus.empty() && alert.corpus != match.key.corpus) continue;
    if (alert.since_identity == from.identity && match.generation <= alert.since_generation) continue;
    matches.push_back(std::move(match));
  }
  std::sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) {
    return std::tie(a.generation, a.key, a.alert->id) < std::tie(b.generation, b.key, b.alert->id);
  });
  return matches;
}

Look::Before Look::before(const Match& match, const Looked& from) {
  if (kept_ && kept_->facts().identity == from.identity && kept_->facts().generation == from.generation) {
    bool matched = false;
    const auto told = readers_[1 - next_].look_back(*kept_, [&](const Snapshot& old) -> Result<void> {
      const auto matches = back_.matches(old, match.alert->query, match.key);
      if (!matches) return tl::unexpected(matches.error());
      matched = *matches;
      return {};
    });
    if (told) return matched ? Before::Matched : Before::DidNot;
  }
  return match.first_seen_ms > from.committed_ms && from.generation > 0 ? Before::DidNot : Before::Unknown;
}

Result<bool> Look::is_copy(const Snapshot& snapshot, CopyFinder& finder, const Match& match,
                           Store::Writing& writing) {
  for (const auto& copy : finder.of(match.document)) {
    const Key other = key_of(snapshot.database().get_document(copy.id, Xapian::DOC_ASSUME_VALID));
    auto fired = writing.has_fired(match.alert->id, other);
    if (!fired || *fired) return fired;
  }
  return false;
}

Result<void> Look::log(const Snapshot& snapshot, const Looked& from, const std::vector<Match>& matches,
                       Store::Writing& writing, std::set<std::int64_t>& fired) {
  CopyFinder finder(snapshot, searcher_.analyzer(snapshot));
  for (const Match& match : matches) {
    Before before = Before::DidNot;
    if (match.cause != Cause::Arrival && !match.alert->on_change) before = this->before(match, from);
    if (before == Before::Matched) continue;
    auto firing = firing_of(searcher_, snapshot, *match.alert, match.document);
    if (!firing) return tl::unexpected(firing.error());
    const auto copy = is_copy(snapshot, finder, match, writing);
    if (!copy) return tl::unexpected(copy.error());
    firing->is_copy = *copy;
    firing->compared = before != Before::Unknown;
    if (auto added = writing.add(*firing); !added) return added;
    fired.insert(match.alert->id);
  }
  return {};
}

}  // namespace tidings::searcher::alerts
