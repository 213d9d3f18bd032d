// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/scratch.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tidings {
namespace fs = std::filesystem;
namespace {

bool is_roomy_memory(const fs::path& folder) {
  struct statfs seen {};
  if (::statfs(folder.c_str(), &seen) != 0 || ::access(folder.c_str(), W_OK | X_OK) != 0) return false;
  return seen.f_type == TMPFS_MAGIC &&
         static_cast<std::uint64_t>(seen.f_bavail) * static_cast<std::uint64_t>(seen.f_bsize) >=
             Scratch::kFreeBytes;
}

/// Made for us alone; whatever is there under that name and is not ours is left alone.
bool make_private(const fs::path& folder) {
  std::error_code error;
  struct stat seen {};
  if (::lstat(folder.c_str(), &seen) == 0) {
    if (!S_ISDIR(seen.st_mode) || seen.st_uid != ::geteuid()) return false;
    fs::remove_all(folder, error);
  }
  return !error && ::mkdir(folder.c_str(), 0700) == 0;
}

}  // namespace

Result<Scratch> Scratch::make(const fs::path& index) {
  std::vector<fs::path> places;
  if (const char* runtime = std::getenv("XDG_RUNTIME_DIR"); runtime && *runtime == '/')
    places.emplace_back(runtime);
  places.emplace_back("/dev/shm");
  const std::string text = fs::weakly_canonical(index).string();
  const std::string name = "tidings-scratch-" + std::to_string(::geteuid()) + "-" +
                           std::to_string(XXH3_64bits(text.data(), text.size()));
  for (const auto& place : places)
    if (is_roomy_memory(place) && make_private(place / name)) return Scratch(place / name);
  if (!make_private(index / "scratch"))
    return failure(Error::Code::Io,
                   (index / "scratch").string() + ": cannot be made: " + std::strerror(errno));
  return Scratch(index / "scratch");
}

Scratch::~Scratch() {
  std::error_code ignored;  // the next writer empties it
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

}  // namespace tidings
