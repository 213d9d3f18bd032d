// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/cli/last_search.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>

#include "config/error.h"
#include "config/places.h"

namespace tidings::searcher {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHead = "tidings last-search 1\n";

tl::unexpected<Error> errno_failure(const fs::path& path) {
  return failure(Error::Code::Io, path.string() + ": " + std::strerror(errno));
}

}  // namespace

Result<LastSearch> LastSearch::of_user() {
  try {
    return LastSearch(config::state_home() / "tidings");
  } catch (const config::ConfigError& e) {
    return failure(Error::Code::NotFound, e.what(), "set XDG_STATE_HOME");
  }
}

Result<void> LastSearch::write(const std::string& bytes) const {
  std::error_code error;
  if (fs::create_directories(folder_, error); error)
    return failure(Error::Code::Io, folder_.string() + ": " + error.message());
  if (::chmod(folder_.c_str(), S_IRWXU) != 0) return errno_failure(folder_);
  std::string beside = file().string() + ".XXXXXX";
  const int fd = ::mkostemp(beside.data(), O_CLOEXEC);  // made 0600
  if (fd < 0) return errno_failure(beside);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  const bool whole = done == bytes.size();
  const bool put = (::close(fd) == 0) && whole && std::rename(beside.c_str(), file().c_str()) == 0;
  if (put) return {};
  auto failed = errno_failure(file());
  ::unlink(beside.c_str());
  return failed;
}

Result<void> LastSearch::keep(const std::vector<Hit>& hits, std::size_t offset) const {
  std::string bytes(kHead);
  bytes += std::to_string(offset + 1) + "\n";
  for (const Hit& hit : hits) bytes.append(hit.path).push_back('\0');
  auto written = write(bytes);
  if (!written) ::unlink(file().c_str());
  return written;
}

Result<std::string> LastSearch::path_of(std::size_t number) const {
  std::error_code error;
  const auto size = fs::file_size(file(), error);
  if (error)
    return failure(Error::Code::NotFound,
                   "there is no last search: " + file().string() + ": " + error.message(),
                   "`tidings search` first; its hits are numbered");
  std::ifstream in(file(), std::ios::binary);
  std::string bytes;
  if (in && size <= kBytesMax) bytes.assign(std::istreambuf_iterator<char>(in), {});
  std::size_t first = 0;
  const std::size_t line = bytes.find('\n', kHead.size());
  if (!bytes.starts_with(kHead) || line == std::string::npos ||
      std::from_chars(bytes.data() + kHead.size(), bytes.data() + line, first).ptr != bytes.data() + line)
    return failure(Error::Code::Unreadable, file().string() + ": not a list of hits", "search again");
  std::size_t at = line + 1, current = first;
  for (std::size_t end = 0; (end = bytes.find('\0', at)) != std::string::npos; at = end + 1, ++current)
    if (current == number) return bytes.substr(at, end - at);
  return failure(Error::Code::BadRequest,
                 current == first
                     ? "the last search found nothing"
                     : "the last search has no hit " + std::to_string(number) + ": its hits are " +
                           std::to_string(first) + " to " + std::to_string(current - 1),
                 "search again, with -n or --offset for other hits");
}

}  // namespace tidings::searcher
