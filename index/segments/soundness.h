// SPDX-License-Identifier: GPL-2.0-or-later
// soundness.h — are the files of the sealed segments what they were when they were written?
//
// Xapian's queries notice damage in a posting or position list by chance at most (of random blocks overwritten in those tables, none), and
// may crash of it, so each file has a checksum, and this reads them all: about as fast as the disk. The live segment has none: it is
// small, and its text is on disk as files.
//
// A damaged vocabulary can be made anew of its segment. With any other file the segment is lost: without its tombstones, too, for
// it would bring back what was removed. Its reports are read again (store.h).
//
// DAMAGE is a file that is not there, is not of our form, has another size or sum, or cannot be read by the disk (EIO). That it cannot be
// opened or read for another reason (rights, too many open files, no memory) tells nothing of what it holds: the look ends with that error.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "index/error.h"
#include "index/segments/manifest.h"

namespace tidings {

struct Damage {
  SegmentId segment = 0;
  std::filesystem::path file;
  std::string what;
  bool vocabulary = false;  ///< of its words alone
};

struct Soundness {
  std::size_t segments = 0;  ///< looked at
  std::vector<Damage> damaged;
};

/// The error of a file says that it is damaged.
bool is_damage(const Error& error);

/// What is wrong with the segment's files; reads them whole.
Result<std::vector<Damage>> damage_of(const SegmentEntry& entry, const std::filesystem::path& index);
/// Of its documents and texts alone: the files that keep their names as long as the segment is there.
Result<std::vector<Damage>> damage_of_documents(const SegmentEntry& entry,
                                                const std::filesystem::path& index);
/// What can be told without reading them: files that are missing, cut short, or not of our form at their ends.
Result<std::vector<Damage>> cheap_damage_of(const SegmentEntry& entry, const std::filesystem::path& index);

/// All of the index; of one that is made beside another, `beside`. Any thread, also while a writer works: a segment that was merged away
/// meanwhile is none, and tombstones or vocabularies that were replaced again and again while they were looked at are not told of. Errors:
/// those of Manifest::read, and see above.
Result<Soundness> look_at_segments(const std::filesystem::path& index, bool beside = false);

}  // namespace tidings
