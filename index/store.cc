// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/store.h"

#include <algorithm>

#include "index/schema.h"
#include "index/segments/courtesy.h"

namespace tidings {

const Xapian::Database& Store::segment(SegmentId id) const {
  return id == manifest_.live ? *live_ : sealed_.at(id).open.database;
}

std::uint64_t Store::dead() const {
  std::uint64_t count = 0;
  for (const auto& [id, sealed] : sealed_) count += sealed.dead.size();
  return count;
}

/// Writes the newly dead behind those of the live segment's metadata.
void Store::bury(Xapian::WritableDatabase& db, const std::map<SegmentId, std::vector<Xapian::docid>>& dead,
                 std::map<SegmentId, Died>& died) const {
  for (const auto& [id, ids] : dead) {
    Died& in = died[id];
    for (std::size_t at = 0; at < ids.size();) {
      const std::size_t n = std::min(ids.size() - at, live_dead::kChunk - in.in_chunk.size());
      in.in_chunk.insert(in.in_chunk.end(), ids.begin() + static_cast<std::ptrdiff_t>(at),
                         ids.begin() + static_cast<std::ptrdiff_t>(at + n));
      db.set_metadata(live_dead::key(id, in.chunk), live_dead::encode(in.in_chunk, 0, in.in_chunk.size()));
      at += n;
      if (in.in_chunk.size() < live_dead::kChunk) continue;
      ++in.chunk;
      in.in_chunk.clear();
    }
  }
}

/// After each commit: Xapian syncs its tables, and the file that names their state before it renames it, but not the folder in which
/// it does so. Without this a power cut takes back the commits of some seconds. Throws what guarded() takes.
void Store::sync_live(const Manifest& manifest) const {
  if (auto synced = sync_to_disk(manifest.live_path(folder_)); !synced)
    throw Xapian::DatabaseError(synced.error().what);
}

Result<std::uint64_t> Store::publish(const Batch& batch) {
  if (batch.empty()) return facts_.generation;
  if (auto room = room_for(folder_, kRoom); !room) return tl::unexpected(room.error());
  return guarded([&](Xapian::WritableDatabase& db) {
    const std::uint64_t generation = facts_.generation + 1;
    const std::int64_t committed = now_ms();
    std::vector<std::pair<KeyHash, std::optional<Indexed>>> outcome;
    std::map<SegmentId, std::vector<Xapian::docid>> dead;
    std::uint64_t bytes = 0;
    db.begin_transaction(true);  // without it Xapian commits by itself every 10,000 changes
    for (const auto& [key, put] : batch.changes()) {
      const KeyHash hash = hash_of(key.text());
      const auto* entry = catalogue_.find(hash);
      std::optional<Previous> previous;
      if (entry) {
        const Place& place = entry->indexed.place;
        if (put) previous = previous_of(segment(place.segment).get_document(place.document));
        if (place.segment == manifest_.live)
          db.delete_document(place.document);
        else
          dead[place.segment].push_back(place.document);
      }
      if (!put) {
        if (entry) outcome.emplace_back(hash, std::nullopt);
        continue;
      }
      PutDocument whole = *put;
      complete(whole, previous, generation);
      const Xapian::docid id = db.add_document(whole.document);
      forms_->add(db, whole.document);
      bytes += whole.document.get_data().size();
      outcome.emplace_back(
          hash, Indexed{{manifest_.live, id}, stamp_of(whole.document), status_of(whole.document)});
    }
    auto died = died_;
    bury(db, dead, died);
    db.set_metadata("tidings.manifest", std::to_string(manifest_.number));
    db.set_metadata("tidings.generation", std::to_string(generation));
    db.set_metadata("tidings.committed", std::to_string(committed));
    {
      const auto courtesy = Courtesy::of_writer(folder_);
      db.commit_transaction();
    }
    sync_live(manifest_);

    for (const auto& [hash, indexed] : outcome) {
      if (indexed)
        catalogue_.put(hash, *indexed, crawl_);
      else
        catalogue_.remove(hash);
    }
    for (auto& [id, ids] : dead) {
      std::sort(ids.begin(), ids.end());
      sealed_.at(id).dead = united(sealed_.at(id).dead, ids);
    }
    died_ = std::move(died);
    live_bytes_ += bytes;
    facts_.generation = generation;
    facts_.committed_ms = committed;
    facts_.documents = catalogue_.size();
    return generation;
  });
}

std::optional<Indexed> Store::find(const Key& key) const {
  const auto* entry = catalogue_.find(hash_of(key.text()));
  return entry ? std::optional(entry->indexed) : std::nullopt;
}

Result<std::optional<Key>> Store::find(const FileState& stamp) {
  return guarded([&](Xapian::WritableDatabase&) -> std::optional<Key> {
    const auto* entry = catalogue_.find(stamp);
    if (!entry || entry->indexed.status == Status::Unreadable || entry->indexed.status == Status::Failed)
      return std::nullopt;
    const Place& place = entry->indexed.place;
    return tidings::key_of(segment(place.segment).get_document(place.document, Xapian::DOC_ASSUME_VALID));
  });
}

Result<std::optional<Previous>> Store::previous(const Key& key) {
  return guarded([&](Xapian::WritableDatabase&) -> std::optional<Previous> {
    const auto indexed = find(key);
    if (!indexed) return std::nullopt;
    return previous_of(segment(indexed->place.segment).get_document(indexed->place.document));
  });
}

Result<void> Store::below(const Key& folder, std::uint32_t crawl, FunctionRef<void(Key)> sink) {
  auto done = guarded([&](Xapian::WritableDatabase&) {
    const auto in_segment = [&](SegmentId id, const std::string& term) {
      const Xapian::Database& db = segment(id);
      for (auto it = db.postlist_begin(term); it != db.postlist_end(term); ++it) {
        Key key = tidings::key_of(db.get_document(*it, Xapian::DOC_ASSUME_VALID));
        const auto* entry = catalogue_.find(hash_of(key.text()));
        if (entry && entry->indexed.place == Place{id, *it} && (crawl == kEver || entry->crawl < crawl))
          sink(std::move(key));
      }
    };
    // The key of a file that took the folder's place, then all that lies below the folder.
    for (const std::string& term : {folder.term(), boolean_term(prefix::kFolder, folder.text())}) {
      for (const auto& [id, sealed] : sealed_) in_segment(id, term);
      in_segment(manifest_.live, term);
    }
    return true;
  });
  if (!done) return tl::unexpected(done.error());
  return {};
}

Result<std::vector<std::string>> Store::indexed_corpora() {
  return guarded([&](Xapian::WritableDatabase& live) {
    std::set<std::string> names;
    const auto look_into = [&](SegmentId id, const Xapian::Database& db) {
      // The root folder of each corpus stands as "XD" "corpus:"; corpus names hold no ':'.
      const std::string all(prefix::kFolder);
      for (auto it = db.allterms_begin(all); it != db.allterms_end(all);) {
        const std::string content = (*it).substr(all.size());
        const auto colon = content.find(':');
        if (colon == std::string::npos) {  // a hashed folder
          ++it;
          continue;
        }
        const std::string name = content.substr(0, colon);
        const std::string root = boolean_term(prefix::kFolder, name + ":");
        for (auto doc = db.postlist_begin(root); doc != db.postlist_end(root) && !names.contains(name); ++doc)
          if (id == manifest_.live || !contains(sealed_.at(id).dead, *doc)) names.insert(name);
        it.skip_to(all + name + ";");  // ';' follows ':'
      }
    };
    for (const auto& [id, sealed] : sealed_) look_into(id, sealed.open.database);
    look_into(manifest_.live, live);
    return std::vector<std::string>(names.begin(), names.end());
  });
}

std::string Store::note_key(const std::string& corpus, const std::string& name) {
  return "tidings.note." + name + "." + corpus;
}

Result<std::string> Store::note(const std::string& corpus, const std::string& name) {
  return guarded([&](Xapian::WritableDatabase& db) { return db.get_metadata(note_key(corpus, name)); });
}

Result<void> Store::set_note(const std::string& corpus, const std::string& name, const std::string& value) {
  auto done = guarded([&](Xapian::WritableDatabase& db) {
    const std::string key = note_key(corpus, name);
    if (db.get_metadata(key) == value) return true;
    db.set_metadata(key, value);
    db.set_metadata("tidings.manifest", std::to_string(manifest_.number));
    db.commit();
    sync_live(manifest_);
    return true;
  });
  if (!done) return tl::unexpected(done.error());
  return {};
}

}  // namespace tidings
