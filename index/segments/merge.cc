// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/merge.h"

#include <algorithm>
#include <map>

#include "index/builder.h"
#include "index/order_source.h"
#include "index/segments/soundness.h"
#include "index/snapshot.h"

namespace tidings {
namespace fs = std::filesystem;
namespace {

/// The living, made anew.
Result<Merged> remake(MergeJob job) {
  Merged merged{.job = std::move(job), .entry = {}, .keys = {}, .renumbered = {}};
  BulkWriter writer(merged.job.place);
  DocumentBuilder builder(merged.job.place.languages);
  Xapian::docid next = 1;
  for (const auto& source : merged.job.sources) {
    const Xapian::Database from(source.entry.path(merged.job.place.index).string());
    std::shared_ptr<const Texts> texts;
    if (source.entry.texts) {
      auto opened = Texts::open(source.entry.texts_path(merged.job.place.index));
      if (!opened) return tl::unexpected(opened.error());
      texts = std::move(*opened);
    }
    auto& renumbered = merged.renumbered.emplace_back(from.get_lastdocid() + 1, 0);
    for (auto id = from.postlist_begin({}); id != from.postlist_end({}); ++id) {
      if (contains(source.dead, *id)) continue;
      const Xapian::Document old = from.get_document(*id);
      const Record record = record_of(old, texts.get(), *id);
      WordsInOrder words;
      Xapian::Document document = builder.build(record, &words);
      complete_as(document, previous_of(old));
      if (auto added = writer.add(document, words); !added) return tl::unexpected(added.error());
      merged.keys.push_back(hash_of(record.key.text()));
      renumbered[*id] = next++;
    }
  }
  if (merged.keys.empty()) return merged;
  auto segment = writer.finish();
  if (!segment) return tl::unexpected(segment.error());
  merged.entry = segment->entry;
  return merged;
}

/// The blocks of the sources' files of texts, one after another.
Result<void> take_texts(Merged& merged) {
  const auto& job = merged.job;
  const bool any =
      std::any_of(job.sources.begin(), job.sources.end(), [](const auto& s) { return s.entry.texts; });
  if (!any) return {};
  TextsWriter writer(merged.entry->texts_path(job.place.index));
  for (std::size_t i = 0; i < job.sources.size(); ++i) {
    if (!job.sources[i].entry.texts) continue;
    auto texts = Texts::open(job.sources[i].entry.texts_path(job.place.index));
    if (!texts) return tl::unexpected(texts.error());
    if (auto taken = writer.take(**texts, merged.renumbered[i]); !taken) return taken;
  }
  merged.entry->texts = 1;
  return writer.finish();
}

/// The words in order of all sources' documents; where a source has none (it was live), of its texts.
Result<void> take_order(Merged& merged) {
  const auto& job = merged.job;
  Analyzer analyzer(job.place.languages);
  WordOrderWriter writer(merged.entry->order_path(job.place.index));
  for (std::size_t i = 0; i < job.sources.size(); ++i) {
    const SegmentEntry& entry = job.sources[i].entry;
    const auto& renumbered = merged.renumbered[i];
    if (entry.order) {
      auto order = WordOrder::open(entry.order_path(job.place.index));
      if (!order) return tl::unexpected(order.error());
      if (auto taken = writer.take(**order, renumbered); !taken) return taken;
      continue;
    }
    const Xapian::Database from(entry.path(job.place.index).string());
    for (Xapian::docid old = 1; old < renumbered.size(); ++old) {
      if (renumbered[old] == 0) continue;
      const auto words = words_in_order(record_of(from.get_document(old), nullptr, old).report, analyzer);
      if (auto put = writer.put(renumbered[old], words.title, words.text); !put) return put;
    }
  }
  merged.entry->order = 1;
  return writer.finish();
}

/// All documents, the dead ones too, in the order of the sources. Compaction gives them new ids in a way that is its own
/// affair, so they are told by their order, and their keys are compared.
Result<Merged> compacted(MergeJob job) {
  Merged merged{.job = std::move(job), .entry = {}, .keys = {}, .renumbered = {}};
  std::vector<fs::path> paths;
  for (const auto& source : merged.job.sources) paths.push_back(source.entry.path(merged.job.place.index));
  auto entry = compact(merged.job.place, paths);
  if (!entry) return tl::unexpected(entry.error());
  merged.entry = *entry;
  const Xapian::Database made(entry->path(merged.job.place.index).string());
  merged.keys.resize(made.get_lastdocid());
  auto to = made.valuestream_begin(slot::kPath);
  for (const auto& path : paths) {
    const Xapian::Database from(path.string());
    auto& renumbered = merged.renumbered.emplace_back(from.get_lastdocid() + 1, 0);
    for (auto of = from.valuestream_begin(slot::kPath); of != from.valuestream_end(slot::kPath); ++of, ++to) {
      if (to == made.valuestream_end(slot::kPath) || *to != *of)
        return failure(Error::Code::IndexCorrupt,
                       path.string() + ": its documents are not those that were compacted");
      renumbered[of.get_docid()] = to.get_docid();
      merged.keys[to.get_docid() - 1] = hash_of(*to);
    }
  }
  if (auto taken = take_texts(merged); !taken) return tl::unexpected(taken.error());
  if (auto taken = take_order(merged); !taken) return tl::unexpected(taken.error());
  return merged;
}

}  // namespace

Result<Merged> merge(MergeJob job) {
  const fs::path index = job.place.index;
  // Damage must not get a right checksum by a merge; and Xapian may crash of it.
  for (const auto& source : job.sources) {
    const auto damaged = damage_of_documents(source.entry, index);
    if (!damaged) return tl::unexpected(damaged.error());
    for (const auto& damage : *damaged)
      return failure(Error::Code::IndexCorrupt, damage.file.string() + ": " + damage.what,
                     "`tidings verify --repair` reads again what it held");
  }
  try {
    return job.drop_dead ? remake(std::move(job)) : compacted(std::move(job));
  } catch (const Xapian::Error& e) {
    return tl::unexpected(from_xapian(e, index));
  } catch (const fs::filesystem_error& e) {
    return failure(Error::Code::Io, e.what());
  }
}

unsigned MergePolicy::tier(std::uint64_t bytes) {
  unsigned tier = 0;
  for (std::uint64_t limit = kTierBytes; bytes >= limit && tier < 20; limit *= kFanIn) ++tier;
  return tier;
}

/// The smallest that may be merged with one another; in their order among all.
std::vector<SegmentId> MergePolicy::when_idle(std::vector<MergeCandidate> segments) {
  std::sort(segments.begin(), segments.end(), [](const auto& a, const auto& b) {
    return a.entry.bytes != b.entry.bytes ? a.entry.bytes < b.entry.bytes : a.entry.id < b.entry.id;
  });
  for (std::size_t first = 0; first < segments.size(); ++first) {
    std::vector<SegmentId> ids;
    std::uint64_t bytes = 0;
    for (std::size_t i = first; i < segments.size() && ids.size() < kFanIn; ++i) {
      const std::uint64_t more = segments[i].entry.bytes;
      if (!ids.empty() && tier(more) > 0 && more > kIdleGrowth * bytes) break;
      if (bytes + more > kIdleBytes) break;
      ids.push_back(segments[i].entry.id);
      bytes += more;
    }
    if (ids.size() < 2) continue;
    std::sort(ids.begin(), ids.end());
    return ids;
  }
  return {};
}

std::optional<MergePolicy::Choice> MergePolicy::choose(const std::vector<MergeCandidate>& segments,
                                                       bool idle) {
  for (const auto& candidate : segments)
    if (static_cast<double>(candidate.dead) > kDeadShare * static_cast<double>(candidate.entry.documents))
      return Choice{{candidate.entry.id}, true};
  std::map<unsigned, std::vector<SegmentId>> tiers;
  for (const auto& candidate : segments) tiers[tier(candidate.entry.bytes)].push_back(candidate.entry.id);
  for (auto& [level, ids] : tiers) {
    if (ids.size() < kFanIn) continue;
    ids.resize(kFanIn);
    return Choice{std::move(ids), false};
  }
  if (!idle) return std::nullopt;
  if (auto ids = when_idle(segments); !ids.empty()) return Choice{std::move(ids), false};
  const auto folder =
      std::find_if(segments.begin(), segments.end(), [](const auto& c) { return c.entry.folder; });
  if (folder == segments.end()) return std::nullopt;
  return Choice{{folder->entry.id}, false};
}

}  // namespace tidings
