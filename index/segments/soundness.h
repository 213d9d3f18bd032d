// SPDX-License-Identifier: GPL-2.0-or-later
// soundness.h — are the files of the sealed segments what they were when they were written?
//
// Xapian's queries notice damage in a posting or position list by chance at most (of random blocks overwritten in those tables, none), so
// each file has a checksum, and this reads them all: about as fast as the disk. The live segment has none: it is small, and its text is on
// disk as files.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "index/error.h"

namespace tidings {

struct Damage {
  std::filesystem::path file;
  std::string what;
};

struct Soundness {
  std::size_t segments = 0;  ///< looked at
  std::vector<Damage> damaged;
};

/// Any thread, also while a writer works: a segment that was merged away meanwhile is none. Errors: those of Manifest::read.
Result<Soundness> look_at_segments(const std::filesystem::path& index);

}  // namespace tidings
