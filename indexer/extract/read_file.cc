// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/extract/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "index/content_hash.h"

namespace tidings::indexer {
namespace {

struct Descriptor {
  int fd = -1;
  explicit Descriptor(int opened) : fd(opened) {}
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
};

tl::unexpected<Error> from_errno(const std::filesystem::path& path, int number) {
  const std::string what = path.string() + ": " + std::generic_category().message(number);
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return failure(Error::Code::NotFound, what);
    case EACCES:
    case EPERM:
      return failure(
          Error::Code::Unreadable, what,
          "give the user that tidingsd runs as the right to read it (chmod, setfacl, or a common group)");
    case ELOOP:
      return failure(Error::Code::Unreadable, path.string() + ": a symbolic link", "links are not followed");
    case ENXIO:
      return failure(Error::Code::Unreadable, path.string() + ": not a regular file");
    default:
      return failure(Error::Code::Io, what);
  }
}

/// O_NOATIME is for the file's owner and root alone.
int open_quietly(const std::filesystem::path& path) {
  constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  const int fd = ::open(path.c_str(), kFlags | O_NOATIME);
  return fd < 0 && errno == EPERM ? ::open(path.c_str(), kFlags) : fd;
}

}  // namespace

Result<FileContents> read_file(const std::filesystem::path& path, const Limits& limits) {
  const Descriptor file(open_quietly(path));
  if (file.fd < 0) return from_errno(path, errno);
  struct stat before {};
  if (::fstat(file.fd, &before) != 0) return from_errno(path, errno);
  if (!S_ISREG(before.st_mode))
    return failure(Error::Code::Unreadable, path.string() + ": not a regular file",
                   S_ISDIR(before.st_mode) ? "it is a folder" : "sockets, devices and pipes are not read");

  FileContents out;
  // One byte more than is expected or allowed tells a grown or a cut file from a whole one.
  const std::uint64_t expected =
      std::min<std::uint64_t>(static_cast<std::uint64_t>(before.st_size), limits.file_bytes);
  out.bytes.resize(expected + 1);
  std::size_t have = 0;
  while (have <= limits.file_bytes) {
    if (have == out.bytes.size())
      out.bytes.resize(std::min<std::uint64_t>(have * 2 + 4096, limits.file_bytes + 1));
    const ssize_t n = ::read(file.fd, out.bytes.data() + have, out.bytes.size() - have);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return from_errno(path, errno);
    if (n == 0) break;
    have += static_cast<std::size_t>(n);
  }
  out.cut = have > limits.file_bytes;
  out.bytes.resize(std::min<std::uint64_t>(have, limits.file_bytes));

  struct stat after {};
  if (::fstat(file.fd, &after) != 0) return from_errno(path, errno);
  const FileState first = state_of(before);
  out.state = state_of(after);
  out.changed_while_reading = !first.same_stamp(out.state) || first.mtime_ns != out.state.mtime_ns ||
                              (!out.cut && out.bytes.size() != out.state.size);
  out.hash = content_hash(out.bytes);
  return out;
}

FileFacts facts_of(std::string_view relative, const FileContents& contents) {
  FileFacts facts;
  facts.path = relative;
  facts.name = relative.substr(relative.rfind('/') + 1);
  facts.size = contents.state.size;
  facts.mtime_ns = contents.state.mtime_ns;
  facts.cut = contents.cut;
  return facts;
}

}  // namespace tidings::indexer
