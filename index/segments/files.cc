// SPDX-License-Identifier: GPL-2.0-or-later
// Files of the index that are no Xapian database: written whole, synced, read whole.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
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

}  // namespace

tl::unexpected<Error> io_failure(const fs::path& path, int error) {
  const std::string what = path.string() + ": " + std::strerror(error);
  if (error == ENOENT) return failure(Error::Code::NotFound, what);
  if (error == EACCES || error == EPERM)
    return failure(Error::Code::Unreadable, what,
                   "the index folder and all in it are to belong to the user that tidingsd runs as");
  return failure(Error::Code::Io, what);
}

tl::unexpected<Error> read_failure(const fs::path& path, int error) {
  if (error != EIO) return io_failure(path, error);
  return failure(Error::Code::IndexCorrupt, path.string() + ": " + std::strerror(error),
                 "the disk may be failing; `tidings verify --repair` reads again what the file held");
}

Result<void> read_pieces(const fs::path& path, FunctionRef<bool(std::string_view)> sink) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd < 0) return read_failure(path, errno);
  std::array<char, 65536> buffer;
  while (true) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return read_failure(path, errno);
    if (got == 0 || !sink({buffer.data(), static_cast<std::size_t>(got)})) return {};
  }
}

Result<void> sync_to_disk(const fs::path& path) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd < 0 || ::fsync(fd) != 0) return io_failure(path, errno);
  return {};
}

Result<void> room_for(const fs::path& folder, std::uint64_t bytes) {
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  if (error) return io_failure(folder, error.value());
  if (space.available >= bytes) return {};
  const auto mib = [](std::uint64_t of) { return std::to_string(of >> 20) + " MiB"; };
  return failure(Error::Code::Io,
                 folder.string() + ": its disk has " + mib(space.available) + " free, and " + mib(bytes) +
                     " are needed to go on",
                 "make room on it, or name a folder on another disk under [index] folder");
}

Result<void> replace_file(const fs::path& path, std::string_view bytes) {
  const fs::path beside = path.string() + ".new";
  const auto gave_up = [&](const fs::path& on, int error) {
    ::unlink(beside.c_str());
    return io_failure(on, error);
  };
  {
    const Descriptor fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (fd < 0) return io_failure(beside, errno);
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
  std::string bytes;
  auto done = read_pieces(path, [&](std::string_view piece) {
    bytes.append(piece);
    return bytes.size() <= bytes_max;
  });
  if (!done) return tl::unexpected(done.error());
  if (bytes.size() > bytes_max)
    return failure(Error::Code::IndexCorrupt,
                   path.string() + ": more than " + std::to_string(bytes_max) + " bytes");
  return bytes;
}

Result<void> can_be_opened(const fs::path& folder) {
  std::error_code error;
  std::deque<Descriptor> open;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (open.emplace_back(::open(entry->path().c_str(), O_RDONLY | O_CLOEXEC)) < 0)
      return read_failure(entry->path(), errno);
  if (error) return read_failure(folder, error.value());
  return {};
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
    if (error) return read_failure(path, error.value());
    std::sort(files.begin(), files.end());
  }
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  for (const auto& file : files) {
    if (folder) {
      const std::string name = file.filename().string();
      XXH3_64bits_update(&state, name.c_str(), name.size() + 1);
    }
    auto read = read_pieces(file, [&](std::string_view piece) {
      XXH3_64bits_update(&state, piece.data(), piece.size());
      return true;
    });
    if (!read) return tl::unexpected(read.error());
  }
  return XXH3_64bits_digest(&state);
}

}  // namespace tidings
