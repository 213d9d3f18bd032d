// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/content_hash.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

namespace tidings {
namespace {

std::string canonical(XXH128_hash_t hash) {
  XXH128_canonical_t bytes;
  XXH128_canonicalFromHash(&bytes, hash);
  return {reinterpret_cast<const char*>(bytes.digest), sizeof bytes.digest};
}

}  // namespace

std::string content_hash(std::string_view bytes) {
  return canonical(XXH3_128bits(bytes.data(), bytes.size()));
}

Result<std::string> content_hash_of(const std::filesystem::path& path, std::uint64_t bytes_max) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  int error = fd < 0 ? errno : 0;
  XXH3_state_t state;
  XXH3_128bits_reset(&state);
  std::array<char, 65536> buffer;
  for (ssize_t got = 1; error == 0 && got != 0 && bytes_max > 0;) {
    got = ::read(fd, buffer.data(), std::min<std::uint64_t>(buffer.size(), bytes_max));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      error = errno;
      break;
    }
    XXH3_128bits_update(&state, buffer.data(), static_cast<std::size_t>(got));
    bytes_max -= static_cast<std::uint64_t>(got);
  }
  if (fd >= 0) ::close(fd);
  if (error == 0) return canonical(XXH3_128bits_digest(&state));
  return failure(error == ENOENT || error == ENOTDIR ? Error::Code::NotFound
                 : error == EACCES || error == EPERM ? Error::Code::Unreadable
                                                     : Error::Code::Io,
                 path.string() + ": " + std::strerror(error));
}

}  // namespace tidings
