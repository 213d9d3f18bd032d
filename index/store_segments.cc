// SPDX-License-Identifier: GPL-2.0-or-later
// Sealing, bulk segments and merges: what is published by the manifest. See store.h.
#include <algorithm>

#include "index/schema.h"
#include "index/segments/sketches.h"
#include "index/segments/vocabulary.h"
#include "index/store.h"

namespace tidings {
namespace fs = std::filesystem;
namespace {

void remove_files(const SegmentEntry& entry, const fs::path& index) {
  for (const auto& file : entry.files(index)) {
    std::error_code ignored;  // swept at the next start
    fs::remove_all(file, ignored);
  }
}

SegmentEntry* entry_of(Manifest& manifest, SegmentId id) {
  const auto it =
      std::find_if(manifest.sealed.begin(), manifest.sealed.end(), [&](const auto& e) { return e.id == id; });
  return it == manifest.sealed.end() ? nullptr : &*it;
}

}  // namespace

/// What is made for a manifest that is not published goes; where the error came after the deed, what was replaced by it.
struct Store::Made {
  const Store& store;
  std::uint64_t number = 0;  ///< of the manifest
  std::vector<fs::path> files = {}, replaced = {};
  ~Made() {
    if (replaced.empty() && files.empty()) return;
    const auto now = store.on_disk();
    if (now) store.remove_unnamed(*now, now->number == number ? replaced : files);
  }
};

void Store::remove_unnamed(const Manifest& now, const std::vector<fs::path>& files) const {
  const auto needed = named(now);
  for (const auto& path : files) {
    std::error_code ignored;  // swept at the next start
    if (!needed.contains(path)) fs::remove(path, ignored);
  }
}

/// Opens what is new in the manifest, for it is to name nothing that cannot be opened, and writes it. What of the old one's segments
/// is in the new one keeps its handle. What was made before the languages changed gets its vocabulary here, so that no reader meets it without.
Result<void> Store::publish(Manifest next) {
  next.number = manifest_.number + 1;
  next.next = next_id_;
  std::map<SegmentId, Sealed> fresh;
  Made made{*this, next.number};
  for (auto& entry : next.sealed) {
    auto found = sealed_.find(entry.id);
    const bool open = found != sealed_.end() && found->second.open.entry == entry;
    if (open && found->second.open.words->languages() == joined(options_.languages)) continue;
    auto opened = open_segment(folder_, entry);
    if (!opened) return tl::unexpected(opened.error());
    if (opened->words->languages() != joined(options_.languages)) {
      made.replaced.push_back(entry.words_path(folder_));
      ++entry.words;
      made.files.push_back(entry.words_path(folder_));
      Analyzer analyzer(options_.languages);
      if (auto written = Vocabulary::write(entry.words_path(folder_), opened->database, analyzer); !written)
        return written;
      opened = open_segment(folder_, entry);
      if (!opened) return tl::unexpected(opened.error());
    }
    Sealed sealed{std::move(*opened), {}};
    if (sealed.open.dead) sealed.dead = *sealed.open.dead;
    if (found != sealed_.end()) sealed.dead = united(sealed.dead, found->second.dead);
    fresh.emplace(entry.id, std::move(sealed));
  }
  stale_ = true;  // a failure may come before or after the rename: what counts is then what is on disk
  if (auto written = next.write(folder_); !written) return written;
  for (auto& [id, sealed] : fresh) sealed_.insert_or_assign(id, std::move(sealed));
  std::erase_if(sealed_, [&](const auto& item) { return !entry_of(next, item.first); });
  std::erase_if(died_, [&](const auto& item) { return !entry_of(next, item.first); });
  manifest_ = std::move(next);
  stale_ = false;
  return {};
}

Result<void> Store::fold_dead(Manifest& next, const std::map<SegmentId, Dead>& more) {
  for (const auto& [id, dead] : more) {
    SegmentEntry* entry = entry_of(next, id);
    if (!entry || dead.empty()) continue;
    ++entry->dead;
    if (auto written = write_dead(entry->dead_path(folder_), dead); !written) return written;
  }
  return {};
}

Result<void> Store::ready() {
  const auto done = guarded([](Xapian::WritableDatabase&) { return true; });
  if (!done) return tl::unexpected(done.error());
  return {};
}

bool Store::seal_is_due() const {
  if (!live_) return false;
  std::uint64_t dead_since = 0;
  for (const auto& [id, died] : died_) dead_since += died.chunk * live_dead::kChunk;
  return live_->get_lastdocid() >= kLiveDocuments || live_bytes_ >= kLiveBytes ||
         dead_since >= kLiveDocuments * 8;
}

Result<void> Store::seal() {
  Manifest next;
  auto done = guarded([&](Xapian::WritableDatabase& db) -> Result<void> {
    next = manifest_;
    std::map<SegmentId, Dead> folded;
    for (const auto& [id, died] : died_) folded[id] = sealed_.at(id).dead;
    if (auto written = fold_dead(next, folded); !written) return written;
    if (db.get_doccount() > 0) {
      SegmentEntry entry{
          .id = manifest_.live, .folder = true, .documents = db.get_doccount(), .words = 1, .sketches = 1};
      entry.bytes = bytes_below(entry.path(folder_));
      const auto sum = checksum(entry.path(folder_));
      if (!sum) return tl::unexpected(sum.error());
      entry.sum = *sum;
      next.sealed.push_back(entry);  // first, for drop(): a write that failed may have left its file
      Analyzer analyzer(options_.languages);
      if (auto written = Vocabulary::write(entry.words_path(folder_), db, analyzer); !written) return written;
      if (auto written = Sketches::write(entry.sketches_path(folder_), db); !written) return written;
    }
    next.live = next_id_++;
    next.generation = facts_.generation;
    next.committed_ms = facts_.committed_ms;
    auto fresh = std::make_unique<Xapian::WritableDatabase>(
        next.live_path(folder_).string(), Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_BACKEND_GLASS);
    for (auto it = db.metadata_keys_begin("tidings."); it != db.metadata_keys_end("tidings."); ++it)
      fresh->set_metadata(*it, db.get_metadata(*it));
    write_options(*fresh);  // other languages come into force by the manifest, with their vocabularies
    fresh->commit();
    sync_live(next);
    const fs::path old_live = manifest_.live_path(folder_);
    const bool kept = db.get_doccount() > 0;
    const Manifest before = manifest_;
    if (auto published = publish(next); !published) return published;
    live_ = std::move(fresh);
    forms_ = std::make_unique<LiveForms>(options_.languages);
    live_bytes_ = 0;
    died_.clear();
    std::error_code ignored;  // swept at the next start
    if (!kept) fs::remove_all(old_live, ignored);
    for (const auto& entry : before.sealed)
      if (folded.contains(entry.id) && entry.dead) fs::remove(entry.dead_path(folder_), ignored);
    return {};
  });
  if (done && *done) return {};
  drop(next);
  return tl::unexpected(done ? done->error() : done.error());
}

Result<Manifest> Store::on_disk() const {
  return Manifest::read_for_writer(folder_, beside_);
}

/// Removes what this manifest names, which is not that on disk: it was replaced, or could not be published.
void Store::drop(const Manifest& other) const {
  const auto now = on_disk();
  if (!now || other.live == 0) return;
  const auto needed = named(*now);
  for (const auto& path : named(other)) {
    std::error_code ignored;  // swept at the next start
    if (!needed.contains(path)) fs::remove_all(path, ignored);
  }
}

BulkPlace Store::new_bulk_place(std::vector<std::string> languages) {
  return {
      .index = folder_, .scratch = scratch_.folder(), .id = next_id_++, .languages = std::move(languages)};
}

bool Store::fits_bulk(const Key& key) const {
  const auto indexed = find(key);
  return !indexed || indexed->place.segment != manifest_.live;
}

Result<std::uint64_t> Store::publish(const std::vector<BulkSegment>& segments,
                                     const std::function<bool(const KeyHash&)>& superseded,
                                     const std::vector<Key>& removals) {
  auto done = guarded([&](Xapian::WritableDatabase&) -> Result<std::uint64_t> {
    Manifest next = manifest_;
    next.generation = facts_.generation + 1;
    next.committed_ms = now_ms();
    std::map<SegmentId, std::vector<Xapian::docid>> dying;
    std::vector<std::pair<KeyHash, std::optional<Indexed>>> outcome;
    for (const auto& key : removals) {
      const KeyHash hash = hash_of(key.text());
      if (const auto* entry = catalogue_.find(hash);
          entry && entry->indexed.place.segment != manifest_.live) {
        dying[entry->indexed.place.segment].push_back(entry->indexed.place.document);
        outcome.emplace_back(hash, std::nullopt);
      }
    }
    for (const auto& segment : segments) {
      // An error may have come after the deed: then the manifest that was loaded again has it, and what has come since is new.
      if (entry_of(manifest_, segment.entry.id)) continue;
      next.sealed.push_back(segment.entry);
      for (std::size_t i = 0; i < segment.documents.size(); ++i) {
        const auto& document = segment.documents[i];
        const Place place{segment.entry.id, static_cast<std::uint32_t>(i + 1)};
        const auto* entry = catalogue_.find(document.key);
        if (superseded(document.key) || (entry && entry->indexed.place.segment == manifest_.live)) {
          dying[place.segment].push_back(place.document);
          continue;
        }
        if (entry) dying[entry->indexed.place.segment].push_back(entry->indexed.place.document);
        outcome.emplace_back(document.key, Indexed{place, document.stamp, document.status});
      }
    }
    if (dying.empty() && next.sealed.size() == manifest_.sealed.size()) return facts_.generation;
    std::map<SegmentId, Dead> dead;
    for (auto& [id, ids] : dying) {
      std::sort(ids.begin(), ids.end());
      ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
      const auto known = sealed_.find(id);
      dead[id] = known == sealed_.end() ? ids : united(known->second.dead, ids);
    }
    // The segments are published by the next try; with other tombstones, it may be.
    Made made{*this, manifest_.number + 1};
    const auto folded = fold_dead(next, dead);
    for (const auto& [id, ids] : dead)
      if (const auto* entry = entry_of(next, id)) made.files.push_back(entry->dead_path(folder_));
    if (!folded) return tl::unexpected(folded.error());
    const Manifest before = manifest_;
    const std::uint64_t generation = next.generation;
    const std::int64_t committed = next.committed_ms;
    if (auto published = publish(std::move(next)); !published) return tl::unexpected(published.error());
    for (const auto& [hash, indexed] : outcome) {
      if (indexed)
        catalogue_.put(hash, *indexed, crawl_);
      else
        catalogue_.remove(hash);
    }
    std::error_code ignored;  // swept at the next start
    for (const auto& entry : before.sealed)
      if (dead.contains(entry.id) && entry.dead) fs::remove(entry.dead_path(folder_), ignored);
    facts_.generation = generation;
    facts_.committed_ms = committed;
    facts_.documents = catalogue_.size();
    return generation;
  });
  if (!done) return tl::unexpected(done.error());
  return *done;
}

std::optional<MergeJob> Store::plan_merge(bool idle) {
  std::vector<MergeCandidate> candidates;
  for (const auto& entry : manifest_.sealed)
    if (!merging_.contains(entry.id)) candidates.push_back({entry, sealed_.at(entry.id).dead.size()});
  const auto choice = MergePolicy::choose(candidates, idle);
  if (!choice) return std::nullopt;
  return job_of(*choice);
}

MergeJob Store::job_of(const MergePolicy::Choice& choice) {
  MergeJob job{.place = new_bulk_place(options_.languages), .sources = {}, .drop_dead = choice.drop_dead};
  std::uint64_t bytes = 0;
  for (const SegmentId id : choice.segments) {
    const Sealed& sealed = sealed_.at(id);
    job.sources.push_back({sealed.open.entry, sealed.dead});
    bytes += sealed.open.entry.bytes;
    merging_.insert(id);
  }
  if (job.drop_dead && bytes > Scratch::kFreeBytes / 4) job.place.scratch = folder_ / "scratch";
  return job;
}

/// A folder may hold in its free blocks, and a segment of an older version in its metadata, what no tombstone tells of.
Result<std::set<SegmentId>> Store::begin_purge() {
  if (beside_)
    return failure(
        Error::Code::Busy,
        folder_.string() + ": the index is being made anew, and the old one holds what was removed",
        "`tidings sync` waits until the old one is gone");
  if (auto sealed = seal(); !sealed) return tl::unexpected(sealed.error());
  return guarded([&](Xapian::WritableDatabase&) {
    std::set<SegmentId> unclean;
    for (const auto& [id, sealed] : sealed_) {
      const auto& db = sealed.open.database;
      if (sealed.open.entry.folder || !sealed.dead.empty() ||
          db.metadata_keys_begin() != db.metadata_keys_end())
        unclean.insert(id);
    }
    return unclean;
  });
}

std::optional<MergeJob> Store::purge_job(SegmentId id) {
  if (!entry_of(manifest_, id) || merging_.contains(id)) return std::nullopt;
  return job_of({{id}, true});
}

Result<void> Store::end_purge() {
  auto emptied = empty_quarantine(folder_);
  quarantine_ = quarantine_of(folder_);
  return emptied;
}

void Store::drop(const MergeJob& job) {
  for (const auto& source : job.sources) merging_.erase(source.entry.id);
  auto now = on_disk();  // an error may have come after the deed
  if (!now || entry_of(*now, job.place.id)) return;
  for (const std::uint64_t words : {1, 2})
    remove_files({.id = job.place.id, .dead = 1, .words = words, .texts = 1, .order = 1, .sketches = 1},
                 folder_);
}

Result<void> Store::publish(const Merged& merged) {
  auto done = guarded([&](Xapian::WritableDatabase&) -> Result<void> {
    Manifest next = manifest_;
    for (const auto& source : merged.job.sources) {
      if (entry_of(next, source.entry.id)) continue;
      if (!taken_out_.contains(source.entry.id))
        return failure(Error::Code::IndexCorrupt,
                       folder_.string() + ": a segment that was merged is not there any more");
      drop(merged.job);  // the others are merged another time
      return {};
    }
    // It stands where its first source stood: what is oldest comes first.
    if (merged.entry) *entry_of(next, merged.job.sources.front().entry.id) = *merged.entry;
    Dead dead;
    std::vector<SegmentEntry> gone;
    for (std::size_t i = 0; i < merged.job.sources.size(); ++i) {
      const Sealed& source = sealed_.at(merged.job.sources[i].entry.id);
      gone.push_back(source.open.entry);
      for (const Xapian::docid id : source.dead)
        if (const Xapian::docid now = merged.renumbered[i].at(id); now != 0) dead.push_back(now);
      std::erase_if(next.sealed, [&](const auto& e) { return e.id == source.open.entry.id; });
    }
    std::sort(dead.begin(), dead.end());
    if (merged.entry)
      if (auto written = fold_dead(next, {{merged.entry->id, dead}}); !written) return written;
    if (auto published = publish(std::move(next)); !published) return published;
    for (std::size_t i = 0; i < merged.job.sources.size(); ++i) {
      const SegmentId from = merged.job.sources[i].entry.id;
      const auto& renumbered = merged.renumbered[i];
      for (Xapian::docid old = 1; old < renumbered.size(); ++old)
        if (const Xapian::docid now = renumbered[old]; now != 0)
          catalogue_.moved(merged.keys[now - 1], {from, old}, {merged.entry->id, now});
    }
    for (const auto& entry : gone) remove_files(entry, folder_);
    return {};
  });
  for (const auto& source : merged.job.sources) merging_.erase(source.entry.id);
  if (!done) return tl::unexpected(done.error());
  return *done;
}

}  // namespace tidings
