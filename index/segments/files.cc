// SPDX-License-Identifier: GPL-2.0-or-later
// Files of the index that are no Xapian database: written whole, synced, read whole.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

#include "index/segments/manifest.h"

namespace tidings {
namespace fs = std::filesystem;
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  operator int() const { return fd_; }  // NOLINT(google-explicit-constructor)

 private:
  int fd_;
};

tl::unexpected<Error> failed(const fs::path& path, int error) {
  const auto code = error == ENOENT   ? Error::Code::NotFound
                    : error == EACCES ? Error::Code::Unreadable
                                      : Error::Code::Io;
  return failure(code, path.string() + ": " + std::strerror(error));
}

/// The next bytes of the file; -1 with errno.
template <std::size_t N>
ssize_t next(int fd, std::array<char, N>& buffer) {
  ssize_t got = 0;
  do got = ::read(fd, buffer.data(), buffer.size());
  while (got < 0 && errno == EINTR);
  return got;
}

Result<void> add_to(XXH3_state_t& state, const fs::path& path) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd < 0) return failed(path, errno);
  std::array<char, 65536> buffer;
  while (true) {
    const ssize_t got = next(fd, buffer);
    if (got < 0) return failed(path, errno);
    if (got == 0) return {};
    XXH3_64bits_update(&state, buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

Result<void> sync_to_disk(const fs::path& path) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd < 0 || ::fsync(fd) != 0) return failed(path, errno);
  return {};
}

Result<void> replace_file(const fs::path& path, std::string_view bytes) {
  const fs::path beside = path.string() + ".new";
  const auto gave_up = [&](const fs::path& on, int error) {
    ::unlink(beside.c_str());
    return failed(on, error);
  };
  {
    const Descriptor fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (fd < 0) return failed(beside, errno);
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return gave_up(beside, errno);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(fd) != 0) return gave_up(beside, errno);
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return gave_up(path, errno);
  return sync_to_disk(path.parent_path());
}

Result<std::string> read_whole(const fs::path& path, std::size_t bytes_max) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd < 0) return failed(path, errno);
  std::string bytes;
  std::array<char, 16384> buffer;
  while (true) {
    const ssize_t got = next(fd, buffer);
    if (got < 0) return failed(path, errno);
    if (got == 0) return bytes;
    bytes.append(buffer.data(), static_cast<std::size_t>(got));
    if (bytes.size() > bytes_max)
      return failure(Error::Code::IndexCorrupt,
                     path.string() + ": more than " + std::to_string(bytes_max) + " bytes");
  }
}

std::uint64_t bytes_below(const fs::path& folder) {
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::directory_iterator(folder)) bytes += entry.file_size();
  return bytes;
}

Result<std::uint64_t> checksum(const fs::path& path) {
  std::vector<fs::path> files = {path};
  std::error_code error;
  const bool folder = fs::is_directory(path, error);
  if (folder) {
    files.clear();
    for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error))
      files.push_back(entry->path());
    if (error) return failed(path, error.value());
    std::sort(files.begin(), files.end());
  }
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  for (const auto& file : files) {
    if (folder) {
      const std::string name = file.filename().string();
      XXH3_64bits_update(&state, name.c_str(), name.size() + 1);
    }
    if (auto added = add_to(state, file); !added) return tl::unexpected(added.error());
  }
  return XXH3_64bits_digest(&state);
}

}  // namespace tidings
