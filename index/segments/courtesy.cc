// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/courtesy.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <thread>

namespace tidings {

std::filesystem::path courtesy_path(const std::filesystem::path& index) {
  return index / "readers";
}

namespace {

/// Tries for the lock, at most kWait.
void lock(int fd, int how) {
  const auto end = std::chrono::steady_clock::now() + Courtesy::kWait;
  while (::flock(fd, how | LOCK_NB) != 0 && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

}  // namespace

Courtesy Courtesy::of_reader(const std::filesystem::path& index) {
  const int fd = ::open(courtesy_path(index).c_str(), O_RDONLY | O_CLOEXEC);
  if (fd >= 0) lock(fd, LOCK_SH);
  return Courtesy(fd);
}

Courtesy Courtesy::of_writer(const std::filesystem::path& index) {
  const int fd = ::open(courtesy_path(index).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return Courtesy(fd);
  lock(fd, LOCK_EX);
  return Courtesy(fd);
}

Courtesy::~Courtesy() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace tidings
