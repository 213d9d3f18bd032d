// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/copies.h"

#include <algorithm>
#include <unordered_set>

#include "index/schema.h"

namespace tidings {

const std::vector<SketchEntry>& CopyFinder::live() {
  if (!live_) {
    const auto part = snapshot_.live_part();
    live_ = part ? sketch_entries(snapshot_.part(*part)) : std::vector<SketchEntry>();
  }
  return *live_;
}

Shingles CopyFinder::shingles(Xapian::docid id) const {
  return shingles_of(snapshot_.words_in_order(id, analyzer_).text);
}

std::vector<CopyFinder::Copy> CopyFinder::of(Xapian::docid id) {
  const auto hashes =
      sketch_of(snapshot_.database().get_document(id, Xapian::DOC_ASSUME_VALID).get_value(slot::kSketch));
  std::vector<Xapian::docid> sharing;  // once for each hash
  for (const std::uint32_t hash : hashes) {
    for (std::size_t part = 0; part < snapshot_.parts(); ++part)
      if (const Sketches* sketches = snapshot_.sketches(part))
        sketches->each(hash,
                       [&](Xapian::docid document) { sharing.push_back(snapshot_.id_of(part, document)); });
    for (auto at = std::lower_bound(live().begin(), live().end(), SketchEntry{hash, 0});
         at != live().end() && at->hash == hash; ++at)
      sharing.push_back(snapshot_.id_of(*snapshot_.live_part(), at->document));
  }
  std::sort(sharing.begin(), sharing.end());
  std::vector<std::pair<std::size_t, Xapian::docid>> candidates;
  for (auto at = sharing.begin(); at != sharing.end();) {
    const auto next = std::upper_bound(at, sharing.end(), *at);
    const auto shared = static_cast<std::size_t>(next - at);
    if (shared >= kShared && *at != id && !snapshot_.is_dead(*at)) candidates.emplace_back(shared, *at);
    at = next;
  }
  if (candidates.size() > kMostCompared) {
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    candidates.resize(kMostCompared);
  }
  std::vector<Copy> copies;
  if (candidates.empty()) return copies;
  const Shingles own = shingles(id);
  for (const auto& [shared, candidate] : candidates)
    if (const auto both = near_copies(own, shingles(candidate))) copies.push_back({candidate, *both});
  std::sort(copies.begin(), copies.end(),
            [](const Copy& one, const Copy& other) { return one.id < other.id; });
  return copies;
}

std::vector<Xapian::docid> CopyFinder::all() {
  std::vector<std::pair<std::uint32_t, Xapian::docid>> entries;
  const auto add = [&](std::size_t part, const SketchEntry& entry) {
    const Xapian::docid id = snapshot_.id_of(part, entry.document);
    if (!snapshot_.is_dead(id)) entries.emplace_back(entry.hash, id);
  };
  for (std::size_t part = 0; part < snapshot_.parts(); ++part)
    if (const Sketches* sketches = snapshot_.sketches(part))
      sketches->each([&](const SketchEntry& entry) { add(part, entry); });
  for (const SketchEntry& entry : live()) add(*snapshot_.live_part(), entry);
  std::sort(entries.begin(), entries.end());

  std::vector<std::pair<Xapian::docid, Xapian::docid>> sharing;  // once for each hash
  for (std::size_t first = 0; first < entries.size(); ++first)
    for (std::size_t other = first + 1; other < std::min(entries.size(), first + kNeighbours) &&
                                        entries[other].first == entries[first].first;
         ++other)
      sharing.emplace_back(entries[first].second, entries[other].second);
  std::sort(sharing.begin(), sharing.end());
  std::unordered_set<Xapian::docid> copies;
  std::pair<Xapian::docid, Shingles> first;  // the pairs of a document come one after another
  for (auto at = sharing.begin(); at != sharing.end();) {
    const auto next = std::upper_bound(at, sharing.end(), *at);
    const auto [one, other] = *at;
    const auto shared = static_cast<std::size_t>(next - at);
    at = next;
    if (shared < kShared || (copies.contains(one) && copies.contains(other))) continue;
    if (first.first != one) first = {one, shingles(one)};
    if (near_copies(first.second, shingles(other))) copies.insert({one, other});
  }
  std::vector<Xapian::docid> ids(copies.begin(), copies.end());
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace tidings
