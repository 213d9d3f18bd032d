// SPDX-License-Identifier: GPL-2.0-or-later
// failing_calls.h — calls of the C library that this program's tests watch, or have fail: also those of the libraries that it is linked with.
#pragma once
#include <filesystem>
#include <vector>
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

namespace tidings::test {

/// What fsync(2) was called on by this thread, in order, where it is not null.
extern thread_local std::vector<std::filesystem::path>* synced;
/// Counted down by each fsync(2) of this thread: the one that makes it 0 fails with EIO, and is not done.
extern thread_local long syncs_until_failure;
/// The same of pwrite(2), which is how Xapian writes its blocks.
extern thread_local long writes_until_failure;

/// While one lives, nothing that is allocated is told of as a leak: Xapian 1.4.22 loses its tables, some 30 kB, where compact() fails, and the
/// cursor of a posting list, 112 bytes, where a commit does.
struct LeaksOfXapian {
#if defined(__SANITIZE_ADDRESS__)
  __lsan::ScopedDisabler disabler;
#endif
};

}  // namespace tidings::test
