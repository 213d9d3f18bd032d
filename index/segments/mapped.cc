// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/mapped.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "index/segments/little_endian.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tidings {
namespace {

tl::unexpected<Error> failed(const std::filesystem::path& path, int error) {
  return failure(error == ENOENT ? Error::Code::NotFound : Error::Code::Io,
                 path.string() + ": " + std::strerror(error));
}

}  // namespace

Result<MappedFile> MappedFile::open(const std::filesystem::path& path, std::string_view magic,
                                    std::string_view kind) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failed(path, errno);
  struct stat seen {};
  const int told = ::fstat(fd, &seen);
  const auto size = static_cast<std::size_t>(seen.st_size);
  void* mapped = told != 0 || size == 0 ? MAP_FAILED : ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  const int error = errno;
  ::close(fd);
  if (mapped == MAP_FAILED && (told != 0 || size != 0)) return failed(path, error);
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

bool MappedFile::sound() const {
  return number_at(bytes().data() + bytes().size(), kSumBytes) == XXH3_64bits(bytes().data(), bytes().size());
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
  if (fd_ < 0) return failed(path_, error_);
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed(path_, errno);
    written_ += static_cast<std::uint64_t>(n);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> FileWriter::finish() {
  void* mapped = ::mmap(nullptr, written_, PROT_READ, MAP_PRIVATE, fd_, 0);
  if (mapped == MAP_FAILED) return failed(path_, errno);
  std::string sum;
  append_number(sum, XXH3_64bits(mapped, written_), MappedFile::kSumBytes);
  ::munmap(mapped, written_);
  if (auto done = write(sum); !done) return done;
  if (::fsync(fd_) != 0) return failed(path_, errno);
  finished_ = true;
  return {};
}

}  // namespace tidings
