// SPDX-License-Identifier: GPL-2.0-or-later
// merge.h — several sealed segments to one, on a thread of its own, so that their number stays small.
//
// POLICY. A segment's tier is how often kFanIn goes into its size, from kTierBytes on. kFanIn segments of one tier are merged
// into one; so there are at most (kFanIn - 1) × tiers of them (with 1 GB of index 14, with 64 GB 28), and a document is rewritten
// once a tier, at most log8(index / 16 MiB) + 1 times by size.
// When nothing else is to be done, more are merged, for a word is looked up in each segment: small ones (tier 0), and those that are at most
// kIdleGrowth times as large as the smaller ones of them together, up to kIdleBytes. Past tier 0 such a merge writes at most kIdleGrowth + 1
// times the bytes of the smaller ones, and makes what is at least twice as large as each of these: so a document is among the smaller ones at
// most log2(kIdleBytes / 16 MiB) + 1 = 7 times. A segment that is still a folder is compacted: one rewriting more for each that a seal made.
// A segment with more than kDeadShare of its documents dead is made anew from the stored texts of the living: compaction
// cannot leave documents out, and without term lists they cannot be deleted either.
//
// The checksums of what is merged are looked at first: it is read anyway, and damage would be given a right checksum.
//
// A merge only makes files that no manifest names; the store publishes it, carrying over what died meanwhile, or its files are swept.
#pragma once
#include <filesystem>
#include <optional>
#include <vector>

#include "index/error.h"
#include "index/segments/bulk.h"
#include "index/segments/catalogue.h"
#include "index/segments/tombstones.h"

namespace tidings {

struct MergeSource {
  SegmentEntry entry;
  Dead dead;  ///< when the merge was planned
};

struct MergeJob {
  BulkPlace place;
  std::vector<MergeSource> sources;
  bool drop_dead = false;  ///< make the living anew from their stored texts
};

struct Merged {
  MergeJob job;
  std::optional<SegmentEntry> entry;  ///< none: nothing was alive
  std::vector<KeyHash> keys;          ///< of the document with id i + 1 … by its new id
  std::vector<std::vector<Xapian::docid>>
      renumbered;  ///< for each source: new id by old id, 0 where it has none
};

/// Any thread. Errors: IndexCorrupt, Io.
Result<Merged> merge(MergeJob job);

struct MergeCandidate {
  SegmentEntry entry;
  std::uint64_t dead = 0;
};

struct MergePolicy {
  static constexpr std::uint64_t kTierBytes = std::uint64_t{16} << 20;
  static constexpr std::size_t kFanIn = 8;
  static constexpr double kDeadShare = 0.2;
  static constexpr std::uint64_t kIdleGrowth = 16;
  static constexpr std::uint64_t kIdleBytes = std::uint64_t{1} << 30;

  struct Choice {
    std::vector<SegmentId> segments;
    bool drop_dead = false;
  };
  /// What to merge next; `idle` where nothing else is to be done.
  static std::optional<Choice> choose(const std::vector<MergeCandidate>& segments, bool idle);
  static unsigned tier(std::uint64_t bytes);

 private:
  static std::vector<SegmentId> when_idle(std::vector<MergeCandidate> segments);
};

}  // namespace tidings
