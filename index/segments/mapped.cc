// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/mapped.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "index/segments/little_endian.h"
#include "index/segments/manifest.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tidings {

Result<MappedFile> MappedFile::open(const std::filesystem::path& path, std::string_view magic,
                                    std::string_view kind) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return read_failure(path, errno);
  struct stat seen {};
  const int told = ::fstat(fd, &seen);
  const auto size = static_cast<std::size_t>(seen.st_size);
  void* mapped = told != 0 || size == 0 ? MAP_FAILED : ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  const int error = errno;
  ::close(fd);
  if (mapped == MAP_FAILED && (told != 0 || size != 0)) return read_failure(path, error);
  const auto damaged =
      failure(Error::Code::IndexCorrupt, path.string() + ": not a " + std::string(kind) + " of ours",
              "`tidings verify --repair` makes it anew from the corpus folders");
  if (mapped == MAP_FAILED) return damaged;
  MappedFile file({static_cast<const char*>(mapped), size});
  if (size < magic.size() + kSumBytes || !file.bytes_.starts_with(magic)) return damaged;
  return file;
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

Result<bool> MappedFile::is_sound(const std::filesystem::path& path) {
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  std::string last;  // what may be the sum is not hashed yet
  auto read = read_pieces(path, [&](std::string_view piece) {
    last.append(piece);
    if (last.size() <= kSumBytes) return true;
    const std::size_t before = last.size() - kSumBytes;
    XXH3_64bits_update(&state, last.data(), before);
    last.erase(0, before);
    return true;
  });
  if (!read) return tl::unexpected(read.error());
  return last.size() == kSumBytes && number_at(last.data(), kSumBytes) == XXH3_64bits_digest(&state);
}

FileWriter::FileWriter(std::filesystem::path path)
    : path_(std::move(path)),
      fd_(::open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)),
      error_(fd_ < 0 ? errno : 0) {}

FileWriter::~FileWriter() {
  if (fd_ < 0) return;
  ::close(fd_);
  if (!finished_) ::unlink(path_.c_str());
}

Result<void> FileWriter::write(std::string_view bytes) {
  if (fd_ < 0) return io_failure(path_, error_);
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_failure(path_, errno);
    written_ += static_cast<std::uint64_t>(n);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> FileWriter::finish() {
  void* mapped = ::mmap(nullptr, written_, PROT_READ, MAP_PRIVATE, fd_, 0);
  if (mapped == MAP_FAILED) return io_failure(path_, errno);
  std::string sum;
  append_number(sum, XXH3_64bits(mapped, written_), MappedFile::kSumBytes);
  ::munmap(mapped, written_);
  if (auto done = write(sum); !done) return done;
  if (::fsync(fd_) != 0) return io_failure(path_, errno);
  finished_ = true;
  return {};
}

}  // namespace tidings
