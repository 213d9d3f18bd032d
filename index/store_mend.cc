// SPDX-License-Identifier: GPL-2.0-or-later
// Damaged segments leave the index, and what is left is opened. See store.h.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "index/schema.h"
#include "index/store.h"

namespace tidings {
namespace fs = std::filesystem;
namespace {

fs::path mark_path(const fs::path& index) {
  return index / "running";
}

void mark(const fs::path& index, const char* state) {
  std::ofstream(mark_path(index)) << state;  // without it a start that fails is no better off than before
}

/// The last writer was killed, or crashed: while it opened the index, or so soon after it began that it may be for what it read there.
bool ended_badly(const fs::path& index) {
  std::error_code error;
  const auto begun = fs::last_write_time(mark_path(index), error);
  if (error) return false;
  const auto state = read_whole(mark_path(index), 100);
  return !state || *state != "open" || fs::file_time_type::clock::now() - begun < Store::kSoon;
}

/// Errors of the system, as want of descriptors, say nothing of what is on disk; but for those of a disk that cannot be read there.
bool is_damage(const Xapian::Error& e) {
  if (tidings::is_damage(from_xapian(e, {}))) return true;
  const char* of_system = e.get_error_string();
  return !of_system || of_system == std::string_view(std::strerror(EIO)) ||
         of_system == std::string_view(std::strerror(ENOENT));
}

/// It has no checksum: what Xapian can tell of it, and what every document has. Xapian takes a table that it cannot open for an empty
/// one, and its check counts that as damage: so all are opened before.
Result<bool> live_is_damaged(const fs::path& live, bool every_block) {
  if (const auto can = can_be_opened(live); !can) {
    if (is_damage(can.error())) return true;
    return tl::unexpected(can.error());
  }
  std::error_code error;
  const auto there = [&](const char* table) { return fs::exists(live / table, error); };
  if (!there("postlist.glass") || !there("termlist.glass")) return true;
  try {
    const auto open = [&] { return Xapian::Database(live.string()); };
    open();  // throws what the check would count
    if (every_block && Xapian::Database::check(live.string()) > 0) return true;
    const Xapian::Database opened = open();
    if (opened.get_metadata("tidings.schema").empty()) return true;
    if (opened.get_doccount() > 0 && !there("docdata.glass")) return true;
    for (auto id = opened.postlist_begin({}); every_block && id != opened.postlist_end({}); ++id)
      record_of(opened.get_document(*id), nullptr, *id);
    return false;
  } catch (const Xapian::Error& e) {
    if (is_damage(e)) return true;
    return tl::unexpected(from_xapian(e, live));
  }
}

bool names(const Manifest& manifest, const Damage& damage) {
  return std::any_of(manifest.sealed.begin(), manifest.sealed.end(), [&](const SegmentEntry& entry) {
    const auto files = entry.files({});
    return entry.id == damage.segment &&
           std::find(files.begin(), files.end(), damage.file.filename()) != files.end();
  });
}

}  // namespace

Result<void> Store::load_mended() {
  if (options_.mend == Mend::Nothing) return load();
  const bool every_checksum = options_.mend == Mend::All || ended_badly(folder_);
  marked_ = true;
  mark(folder_, "opening");
  auto ready = open_sound(every_checksum);
  if (ready) mark(folder_, "open");
  return ready;
}

Store::~Store() {
  std::error_code ignored;  // then every checksum is looked at once more
  if (marked_) fs::remove(mark_path(folder_), ignored);
}

Result<void> Store::open_sound(bool every_checksum) {
  auto ready = mend_all_that_is_unsound(every_checksum);
  if (ready) ready = load();
  const bool again =
      !ready && !every_checksum &&
      (ready.error().code == Error::Code::IndexCorrupt || ready.error().code == Error::Code::Io);
  if (!again) return ready;
  ready = mend_all_that_is_unsound(true);
  return ready ? load() : ready;
}

Result<void> Store::mend_all_that_is_unsound(bool every_checksum) {
  const auto manifest = on_disk();
  if (!manifest) return tl::unexpected(manifest.error());
  std::vector<Damage> damaged;
  for (const auto& entry : manifest->sealed) {
    const auto of_segment = every_checksum ? damage_of(entry, folder_) : cheap_damage_of(entry, folder_);
    if (!of_segment) return tl::unexpected(of_segment.error());
    damaged.insert(damaged.end(), of_segment->begin(), of_segment->end());
  }
  const auto live = live_is_damaged(manifest->live_path(folder_), every_checksum);
  if (!live) return tl::unexpected(live.error());
  return take_out(*manifest, damaged, *live, mended_);
}

Result<Store::Mended> Store::mend(const std::vector<Damage>& damaged, bool suspect_live) {
  Mended done;
  abandon_live();
  auto manifest = on_disk();
  if (!manifest && manifest.error().code == Error::Code::IndexCorrupt && manifest_.number > 0) {
    done.manifest = true;
    done.what.push_back(manifest.error().what);
    manifest_.number += 2;  // one may have been written that we do not know of
    if (auto written = manifest_.write(folder_); !written) return tl::unexpected(written.error());
    manifest = manifest_;
  }
  if (!manifest) return tl::unexpected(manifest.error());
  const auto live = suspect_live ? Result<bool>(true) : live_is_damaged(manifest->live_path(folder_), true);
  if (!live) return tl::unexpected(live.error());
  auto ready = take_out(*manifest, damaged, *live, done);
  if (ready) ready = load();
  if (!ready) return tl::unexpected(ready.error());
  quarantine_ = quarantine_of(folder_);
  return done;
}

/// The notes are on disk before the manifest, and the manifest before files are moved: whatever ends us between, the next start knows what
/// is to be read again.
Result<void> Store::take_out(const Manifest& manifest, const std::vector<Damage>& damaged, bool live_damaged,
                             Mended& done) {
  std::set<SegmentId> lost, wordless;
  for (const auto& damage : damaged) {
    if (!names(manifest, damage)) continue;  // it was replaced, or merged away, since it was looked at
    (damage.vocabulary ? wordless : lost).insert(damage.segment);
    done.what.push_back(damage.file.filename().string() + ": " + damage.what);
  }
  if (next_id_ < manifest.next) next_id_ = manifest.next;
  Manifest next = manifest;
  std::vector<fs::path> old_words, gone;
  Analyzer analyzer(options_.languages);
  for (auto& entry : next.sealed) {
    if (!wordless.contains(entry.id) || lost.contains(entry.id)) continue;
    const fs::path old = entry.words_path(folder_);
    ++entry.words;
    try {
      const Xapian::Database segment(entry.path(folder_).string());
      if (auto written = Vocabulary::write(entry.words_path(folder_), segment, analyzer); !written)
        return written;
      old_words.push_back(old);
    } catch (const Xapian::Error& e) {
      if (!is_damage(e)) return tl::unexpected(from_xapian(e, folder_));
      --entry.words;
      lost.insert(entry.id);
    }
  }
  std::erase_if(next.sealed, [&](const auto& entry) {
    if (!lost.contains(entry.id)) return false;
    const auto files = entry.files(folder_);
    gone.insert(gone.end(), files.begin(), files.end());
    taken_out_.insert(entry.id);
    ++done.segments;
    return true;
  });
  if (live_damaged) {
    gone.push_back(manifest.live_path(folder_));
    ++done.segments;
    done.live = true;
    done.what.push_back(manifest.live_path(folder_).filename().string() + ": it cannot be read");
  }
  done.vocabularies += old_words.size();
  if (gone.empty() && old_words.empty()) return {};
  if (!gone.empty())
    if (auto noted = note_repair(manifest, next, live_damaged); !noted) return noted;
  next.number = manifest.number + 1;
  next.next = next_id_;
  if (auto written = next.write(folder_); !written) return written;
  if (!gone.empty()) put_into_quarantine(folder_, gone);
  std::error_code ignored;  // swept at the next start
  for (const auto& path : old_words) fs::remove(path, ignored);
  return {};
}

/// Notes that documents are missing, and gives the next manifest its generation and live segment.
Result<void> Store::note_repair(const Manifest& manifest, Manifest& next, bool live_damaged) {
  try {
    next.committed_ms = now_ms();
    if (!live_damaged) {
      Xapian::WritableDatabase live(manifest.live_path(folder_).string(), Xapian::DB_OPEN);
      next.generation = read_facts(manifest, live).generation + 1;
      for (const auto& corpus : options_.corpora) {
        const std::string key = note_key(corpus.name, "crawled"), value = live.get_metadata(key);
        if (!value.empty() && !value.ends_with(kRepair.substr(1)))
          live.set_metadata(key, value + std::string(kRepair));
      }
      live.commit();
      sync_live(manifest);
      return {};
    }
    next.generation = std::max(manifest.generation, facts_.generation) + kLostGenerations;
    next.live = next_id_++;
    Xapian::WritableDatabase live(next.live_path(folder_).string(),
                                  Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_BACKEND_GLASS);
    write_options(live);
    live.set_metadata("tidings.manifest", std::to_string(manifest.number));
    for (const auto& corpus : options_.corpora)
      live.set_metadata(note_key(corpus.name, "crawled"), std::string(kRepair.substr(1)));
    live.commit();
    sync_live(next);
    return {};
  } catch (const Xapian::Error& e) {
    return tl::unexpected(from_xapian(e, folder_));
  }
}

}  // namespace tidings
