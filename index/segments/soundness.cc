// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/soundness.h"

#include <algorithm>

#include "index/segments/manifest.h"
#include "index/segments/texts.h"
#include "index/segments/tombstones.h"
#include "index/segments/vocabulary.h"
#include "index/segments/word_order.h"

namespace tidings {
namespace {

/// What is wrong with the segment's files.
std::vector<Damage> damage_of(const SegmentEntry& entry, const std::filesystem::path& index) {
  std::vector<Damage> damaged;
  const auto wrong_sum = [&](const std::filesystem::path& file) {
    damaged.push_back({file, "its checksum is not that with which it was written"});
  };
  if (!entry.folder) {
    const auto sum = checksum(entry.path(index));
    if (!sum)
      damaged.push_back({entry.path(index), sum.error().what});
    else if (*sum != entry.sum)
      wrong_sum(entry.path(index));
  }
  if (const auto words = Vocabulary::open(entry.words_path(index)); !words)
    damaged.push_back({entry.words_path(index), words.error().what});
  else if (!(*words)->sound())
    wrong_sum(entry.words_path(index));
  if (entry.texts) {
    if (const auto texts = Texts::open(entry.texts_path(index)); !texts)
      damaged.push_back({entry.texts_path(index), texts.error().what});
    else if (!(*texts)->sound())
      wrong_sum(entry.texts_path(index));
  }
  if (entry.order) {
    if (const auto order = WordOrder::open(entry.order_path(index)); !order)
      damaged.push_back({entry.order_path(index), order.error().what});
    else if (!(*order)->sound())
      wrong_sum(entry.order_path(index));
  }
  if (entry.dead)
    if (const auto dead = read_dead(entry.dead_path(index)); !dead)
      damaged.push_back({entry.dead_path(index), dead.error().what});
  return damaged;
}

}  // namespace

Result<Soundness> look_at_segments(const std::filesystem::path& index) {
  auto manifest = Manifest::read(index);
  if (!manifest) return tl::unexpected(manifest.error());
  Soundness soundness;
  for (const auto& entry : manifest->sealed) {
    auto damaged = damage_of(entry, index);
    if (!damaged.empty()) {
      auto now = Manifest::read(index);
      if (!now) return tl::unexpected(now.error());
      if (std::find(now->sealed.begin(), now->sealed.end(), entry) == now->sealed.end()) continue;
    }
    ++soundness.segments;
    soundness.damaged.insert(soundness.damaged.end(), damaged.begin(), damaged.end());
  }
  return soundness;
}

}  // namespace tidings
