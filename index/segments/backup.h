// SPDX-License-Identifier: GPL-2.0-or-later
// backup.h — a copy of the index as of one generation, made while its writer goes on.
//
// Sealed segments and the files beside them never change, and are copied as they are; one that was merged away meanwhile is ENOENT, or shows by
// another manifest, and what that one names besides is copied too. The live segment is a Xapian database that is committed often. A commit
// writes to blocks that no revision before it uses, and then replaces the file `iamglass`, which names the revision; blocks that it
// gave up are written to by the commit after it. So what was read between two equal `iamglass` holds that revision whole, as
// after a crash in the next commit. It is read into memory first (some tens of MB at most, but for giant reports), under the reader's courtesy lock
// (courtesy.h): that takes some ms. Manifest, live segment, manifest: where both manifests are one, they belong together.
// At most kTries times, then Busy.
//
// A copy whose checksums are wrong is no backup: then the index is damaged, and the error names the file. Copies are made of bytes, never of
// links: what damages one does not damage the other. All is synced before the manifest is written, which makes it an index; without one,
// it is none. What was made is removed again after an error.
#pragma once
#include <cstdint>
#include <filesystem>

#include "index/error.h"

namespace tidings {

struct BackedUp {
  std::uint64_t generation = 0, documents = 0, bytes = 0;
  std::size_t segments = 0;  ///< sealed ones
};

inline constexpr int kBackupTries = 50;

/// Copies the index into the folder `to`, which is not there yet or empty, and becomes 0700. Reads the index folder alone; any
/// thread. Errors: BadRequest, NotFound, IndexVersion, IndexCorrupt, Busy, Io.
Result<BackedUp> back_up(const std::filesystem::path& index, const std::filesystem::path& to);

}  // namespace tidings
