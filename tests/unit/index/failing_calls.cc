// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/index/failing_calls.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace tidings::test {
thread_local std::vector<std::filesystem::path>* synced = nullptr;
thread_local long syncs_until_failure = 0, writes_until_failure = 0;
}  // namespace tidings::test

extern "C" int fsync(int fd) {
  using namespace tidings::test;
  if (synced) {
    std::error_code none;
    synced->push_back(std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), none));
  }
  if (syncs_until_failure > 0 && --syncs_until_failure == 0) return errno = EIO, -1;
  return static_cast<int>(::syscall(SYS_fsync, fd));
}

extern "C" ssize_t pwrite(int fd, const void* bytes, size_t count, off_t offset) {
  using tidings::test::writes_until_failure;
  if (writes_until_failure > 0 && --writes_until_failure == 0) return errno = EIO, -1;
  return ::syscall(SYS_pwrite64, fd, bytes, count, offset);
}
extern "C" ssize_t pwrite64(int fd, const void* bytes, size_t count, off_t offset) {
  return pwrite(fd, bytes, count, offset);
}
