// SPDX-License-Identifier: GPL-2.0-or-later
// failing_writes: a library for LD_PRELOAD that makes writes fail, to see what a program does then.
//
//   TIDINGS_FAULT_PREFIX  calls that change what has a path that begins with it are counted, from 1
//   TIDINGS_FAULT_PATH    the same of this path alone, instead of a prefix
//   TIDINGS_FAULT_COUNT   a file of 16 zero bytes: holds how many were counted, and how many failed (8 bytes each, as the machine has them)
//   TIDINGS_FAULT_AT      the number of the call that fails; 0: none
//   TIDINGS_FAULT_WHILE   a file: while it is there, all calls from that one on fail; without, just the one
//   TIDINGS_FAULT_ERROR   ENOSPC, EIO, or KILL: no error, but SIGKILL for the program before the call (a write has written its first half)
//
// The calls: to open for writing, write, sync, truncate, allocate, rename, link, make a folder, remove. ENOSPC lets happen what a full disk
// does: to remove, and to open what is there. Each failure is told on stderr. Any thread; never throws.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

struct Plan {
  const char* prefix = std::getenv("TIDINGS_FAULT_PREFIX");
  std::size_t prefix_size = prefix ? std::strlen(prefix) : 0;
  const char* exact = std::getenv("TIDINGS_FAULT_PATH");
  const char* during = std::getenv("TIDINGS_FAULT_WHILE");
  std::uint64_t at = 0;
  int error = EIO;
  bool kill = false;
  std::uint64_t* counts = nullptr;

  Plan() {
    if (const char* text = std::getenv("TIDINGS_FAULT_AT")) at = std::strtoull(text, nullptr, 10);
    if (const char* text = std::getenv("TIDINGS_FAULT_ERROR")) {
      kill = std::strcmp(text, "KILL") == 0;
      if (std::strcmp(text, "ENOSPC") == 0) error = ENOSPC;
    }
    const char* file = std::getenv("TIDINGS_FAULT_COUNT");
    if (!file) return;
    const long fd = ::syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CLOEXEC);
    if (fd < 0) return;
    void* mapped =
        ::mmap(nullptr, 2 * sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED, static_cast<int>(fd), 0);
    ::syscall(SYS_close, fd);
    if (mapped != MAP_FAILED) counts = static_cast<std::uint64_t*>(mapped);
  }

  bool concerns(const char* path) const {
    if (!counts || !path) return false;
    if (exact) return std::strcmp(path, exact) == 0;
    return prefix && std::strncmp(path, prefix, prefix_size) == 0;
  }
};

const Plan& plan() {
  static const Plan read;
  return read;
}

enum class Fate { Happens, Fails, Killed };

/// What is to become of a call on this path. Where it fails, errno is set.
Fate fate_of(const char* call, const char* path) {
  const int before = errno;
  const Plan& p = plan();
  if (!p.concerns(path)) return Fate::Happens;
  const std::uint64_t number = std::atomic_ref(p.counts[0]).fetch_add(1) + 1;
  const bool hit =
      p.at > 0 && (p.during ? number >= p.at && ::syscall(SYS_access, p.during, F_OK) == 0 : number == p.at);
  if (!hit) {
    errno = before;
    return Fate::Happens;
  }
  std::atomic_ref(p.counts[1]).fetch_add(1);
  char told[4500];
  const int size = std::snprintf(told, sizeof told, "failing_writes: call %llu, %s %s: %s\n",
                                 static_cast<unsigned long long>(number), call, path,
                                 p.kill ? "killed" : std::strerror(p.error));
  ::syscall(SYS_write, STDERR_FILENO, told, size);
  errno = p.error;
  return p.kill ? Fate::Killed : Fate::Fails;
}

[[noreturn]] void die() {
  ::kill(::getpid(), SIGKILL);
  while (true) ::pause();
}

/// True where the call fails; does not come back where the program is killed.
bool fails(const char* call, const char* path) {
  const Fate fate = fate_of(call, path);
  if (fate == Fate::Killed) die();
  return fate == Fate::Fails;
}

bool opening_fails(const char* path) {
  if (!fails("open", path)) return false;
  if (plan().error == ENOSPC && ::syscall(SYS_access, path, F_OK) == 0) return false;
  errno = plan().error;
  return true;
}

bool removal_fails(const char* call, const char* path) {
  return fails(call, path) && plan().error != ENOSPC;
}

/// The path of an open file; empty for what has none.
struct PathOf {
  char path[4096] = "";
  explicit PathOf(int fd) {
    if (!plan().counts) return;
    const int before = errno;
    char link[64];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t size = ::readlink(link, path, sizeof path - 1);
    path[size > 0 ? size : 0] = '\0';
    errno = before;
  }
};

/// A path as it is below a folder that is open.
struct PathAt {
  char path[8300] = "";
  PathAt(int folder, const char* name) {
    if (name[0] == '/' || folder == AT_FDCWD)
      std::snprintf(path, sizeof path, "%s", name);
    else
      std::snprintf(path, sizeof path, "%s/%s", PathOf(folder).path, name);
  }
};

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

constexpr int kWriting = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
constexpr bool has_mode(int flags) {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
}

/// A write to an open file: `part` writes its first bytes, as many as it is given.
template <class Part>
ssize_t write_part(const char* call, int fd, std::size_t size, Part&& part) {
  switch (fate_of(call, PathOf(fd).path)) {
    case Fate::Killed:
      part(size / 2);
      die();
    case Fate::Fails:
      return -1;
    case Fate::Happens:
      break;
  }
  return part(size);
}

}  // namespace

#define NEXT(name) static const auto real = next<decltype(::name)>(#name)

extern "C" {

int open(const char* path, int flags, ...) {
  NEXT(open);
  va_list more;
  va_start(more, flags);
  const mode_t mode = has_mode(flags) ? va_arg(more, mode_t) : 0;
  va_end(more);
  return (flags & kWriting) && opening_fails(path) ? -1 : real(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  NEXT(open64);
  va_list more;
  va_start(more, flags);
  const mode_t mode = has_mode(flags) ? va_arg(more, mode_t) : 0;
  va_end(more);
  return (flags & kWriting) && opening_fails(path) ? -1 : real(path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
  NEXT(openat);
  va_list more;
  va_start(more, flags);
  const mode_t mode = has_mode(flags) ? va_arg(more, mode_t) : 0;
  va_end(more);
  return (flags & kWriting) && opening_fails(PathAt(folder, path).path) ? -1
                                                                        : real(folder, path, flags, mode);
}
ssize_t write(int fd, const void* bytes, std::size_t size) {
  NEXT(write);
  return write_part("write", fd, size, [&](std::size_t n) { return real(fd, bytes, n); });
}
ssize_t pwrite(int fd, const void* bytes, std::size_t size, off_t at) {
  NEXT(pwrite);
  return write_part("pwrite", fd, size, [&](std::size_t n) { return real(fd, bytes, n, at); });
}
ssize_t pwrite64(int fd, const void* bytes, std::size_t size, off64_t at) {
  NEXT(pwrite64);
  return write_part("pwrite", fd, size, [&](std::size_t n) { return real(fd, bytes, n, at); });
}
ssize_t writev(int fd, const iovec* parts, int count) {
  NEXT(writev);
  return fails("writev", PathOf(fd).path) ? -1 : real(fd, parts, count);
}
int fsync(int fd) {
  NEXT(fsync);
  return fails("fsync", PathOf(fd).path) ? -1 : real(fd);
}
int fdatasync(int fd) {
  NEXT(fdatasync);
  return fails("fdatasync", PathOf(fd).path) ? -1 : real(fd);
}
int ftruncate(int fd, off_t size) noexcept {
  NEXT(ftruncate);
  return fails("ftruncate", PathOf(fd).path) ? -1 : real(fd, size);
}
int ftruncate64(int fd, off64_t size) noexcept {
  NEXT(ftruncate64);
  return fails("ftruncate", PathOf(fd).path) ? -1 : real(fd, size);
}
int fallocate(int fd, int mode, off_t at, off_t size) {
  NEXT(fallocate);
  return fails("fallocate", PathOf(fd).path) ? -1 : real(fd, mode, at, size);
}
int rename(const char* from, const char* to) noexcept {
  NEXT(rename);
  return fails("rename", to) ? -1 : real(from, to);
}
int link(const char* from, const char* to) noexcept {
  NEXT(link);
  return fails("link", to) ? -1 : real(from, to);
}
int unlink(const char* path) noexcept {
  NEXT(unlink);
  return removal_fails("unlink", path) ? -1 : real(path);
}
int unlinkat(int folder, const char* path, int flags) noexcept {
  NEXT(unlinkat);
  return removal_fails("unlink", PathAt(folder, path).path) ? -1 : real(folder, path, flags);
}
int remove(const char* path) noexcept {
  NEXT(remove);
  return removal_fails("remove", path) ? -1 : real(path);
}
int rmdir(const char* path) noexcept {
  NEXT(rmdir);
  return removal_fails("rmdir", path) ? -1 : real(path);
}
int mkdir(const char* path, mode_t mode) noexcept {
  NEXT(mkdir);
  return fails("mkdir", path) ? -1 : real(path, mode);
}
int mkdirat(int folder, const char* path, mode_t mode) noexcept {
  NEXT(mkdirat);
  return fails("mkdir", PathAt(folder, path).path) ? -1 : real(folder, path, mode);
}

}  // extern "C"
