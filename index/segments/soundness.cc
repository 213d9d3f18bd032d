// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/soundness.h"

#include <optional>

#include "index/segments/mapped.h"
#include "index/segments/sketches.h"
#include "index/segments/texts.h"
#include "index/segments/tombstones.h"
#include "index/segments/vocabulary.h"
#include "index/segments/word_order.h"

namespace tidings {
namespace fs = std::filesystem;
namespace {

constexpr int kLooks = 9;  ///< at files that a writer replaces while they are looked at

class Look {
 public:
  Look(const SegmentEntry& entry, const fs::path& index, bool whole)
      : entry_(entry), index_(index), whole_(whole) {}

  Look& documents() {
    segment();
    if (entry_.texts) beside<Texts>(entry_.texts_path(index_));
    if (entry_.order) beside<WordOrder>(entry_.order_path(index_));
    if (entry_.sketches) beside<Sketches>(entry_.sketches_path(index_));
    return *this;
  }
  Look& others() {
    beside<Vocabulary>(entry_.words_path(index_));
    if (!entry_.dead || error_) return *this;
    const fs::path file = entry_.dead_path(index_);
    if (const auto dead = read_dead(file); !dead) failed(file, dead.error());
    return *this;
  }
  Result<std::vector<Damage>> take() {
    if (error_) return tl::unexpected(std::move(*error_));
    return std::move(damaged_);
  }

 private:
  void damaged(const fs::path& file, std::string what) {
    damaged_.push_back({entry_.id, file, std::move(what), file == entry_.words_path(index_)});
  }
  void wrong_sum(const fs::path& file) {
    damaged(file, "its checksum is not that with which it was written");
  }
  /// What is no damage ends the look.
  void failed(const fs::path& file, const Error& error) {
    if (is_damage(error))
      damaged(file, error.what);
    else
      error_ = error;
  }

  void segment() {
    const fs::path file = entry_.path(index_);
    if (!whole_) {
      const fs::path told_by = entry_.folder ? file / "iamglass" : file;
      std::error_code error;
      const auto bytes = fs::file_size(told_by, error);
      if (error)
        failed(file, read_failure(told_by, error.value()).value());
      else if (!entry_.folder && bytes != entry_.bytes)
        damaged(file,
                "it has " + std::to_string(bytes) + " bytes in place of " + std::to_string(entry_.bytes));
      return;
    }
    const auto sum = checksum(file);
    if (!sum)
      failed(file, sum.error());
    else if (*sum != entry_.sum && (entry_.sum != 0 || !entry_.folder))
      wrong_sum(file);
  }

  /// The sum first: who maps a file with a bad sector dies of it.
  template <class File>
  void beside(const fs::path& path) {
    if (error_) return;
    if (whole_) {
      const auto sound = MappedFile::is_sound(path);
      if (!sound) return failed(path, sound.error());
      if (!*sound) return wrong_sum(path);
    }
    if (const auto file = File::open(path); !file) failed(path, file.error());
  }

  const SegmentEntry& entry_;
  const fs::path& index_;
  const bool whole_;
  std::vector<Damage> damaged_;
  std::optional<Error> error_;
};

/// The segment as the manifest names it now; nothing where it was merged away, or the index was made anew.
Result<std::optional<SegmentEntry>> named_now(SegmentId id, const Manifest& before, const fs::path& index,
                                              bool beside) {
  auto now = Manifest::read_for_writer(index, beside);
  if (!now) return tl::unexpected(now.error());
  if (now->identity != before.identity) return std::nullopt;
  for (const auto& entry : now->sealed)
    if (entry.id == id) return entry;
  return std::nullopt;
}

/// Its documents never change, and take long to look at: that is done once. Tombstones and vocabulary may be others by then, and
/// are looked at by the names that they have now.
Result<std::optional<std::vector<Damage>>> look_at(const SegmentEntry& named, const Manifest& manifest,
                                                   const fs::path& index, bool beside) {
  auto documents = damage_of_documents(named, index);
  if (!documents) return tl::unexpected(documents.error());
  std::optional<SegmentEntry> entry = named;
  for (int look = 0; look < kLooks; ++look) {
    auto damaged = Look(*entry, index, true).others().take();
    if (!damaged) return tl::unexpected(damaged.error());
    damaged->insert(damaged->begin(), documents->begin(), documents->end());
    if (damaged->empty()) return std::move(*damaged);
    auto now = named_now(named.id, manifest, index, beside);
    if (!now) return tl::unexpected(now.error());
    if (*now == entry) return std::move(*damaged);
    if (!*now) return std::nullopt;
    entry = *now;
  }
  return std::move(*documents);
}

}  // namespace

bool is_damage(const Error& error) {
  return error.code == Error::Code::IndexCorrupt || error.code == Error::Code::NotFound;
}

Result<std::vector<Damage>> damage_of(const SegmentEntry& entry, const fs::path& index) {
  return Look(entry, index, true).documents().others().take();
}

Result<std::vector<Damage>> damage_of_documents(const SegmentEntry& entry, const fs::path& index) {
  return Look(entry, index, true).documents().take();
}

Result<std::vector<Damage>> cheap_damage_of(const SegmentEntry& entry, const fs::path& index) {
  return Look(entry, index, false).documents().others().take();
}

Result<Soundness> look_at_segments(const fs::path& index, bool beside) {
  auto manifest = Manifest::read_for_writer(index, beside);
  if (!manifest) return tl::unexpected(manifest.error());
  Soundness soundness;
  for (const auto& entry : manifest->sealed) {
    auto damaged = look_at(entry, *manifest, index, beside);
    if (!damaged) return tl::unexpected(damaged.error());
    if (!*damaged) continue;
    ++soundness.segments;
    soundness.damaged.insert(soundness.damaged.end(), (*damaged)->begin(), (*damaged)->end());
  }
  return soundness;
}

}  // namespace tidings
