// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/corpus_folder.h"

#include <sys/stat.h>

#include <filesystem>

namespace tidings::indexer {
namespace {

std::string resolved(const std::filesystem::path& path) {
  std::error_code error;
  auto canonical = std::filesystem::weakly_canonical(path, error);
  if (error) canonical = std::filesystem::absolute(path).lexically_normal();
  std::string text = canonical.string();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

}  // namespace

CorpusFolder::CorpusFolder(config::Corpus corpus)
    : settings(std::move(corpus)), root(resolved(settings.path)), filter(settings) {}

bool CorpusFolder::resolve_again() {
  std::string now = resolved(settings.path);
  if (now == root) return false;
  root = std::move(now);
  return true;
}

bool CorpusFolder::is_lost() const {
  return offline || !root_is_there() || resolved(settings.path) != root;
}

std::optional<config::Ignored> CorpusFolder::ignored_by(std::string_view path, bool is_folder) const {
  if (auto rule = filter.ignored_by(path, is_folder)) return config::Ignored{std::move(*rule)};
  return rules.ignored_by(path, is_folder);
}

std::optional<std::string> CorpusFolder::away(Identity before, bool empty,
                                              const std::optional<Mounts>& mounts) {
  struct stat seen {
  }, above{};
  if (::stat(root.c_str(), &seen) != 0 || ::stat((root + "/..").c_str(), &above) != 0 ||
      before != Identity(seen.st_dev, seen.st_ino))
    return root + ": gone, or replaced, while it was listed";
  // By the table, which knows bind mounts too; by the device, where /proc is not to be read.
  const bool is_mount_point = (mounts && mounts->at(root)) || seen.st_dev != above.st_dev;
  if (empty && was_mount_point.value_or(false) && !is_mount_point)
    return root + ": empty, and no mount point as it was: is a disk not mounted?";
  if (empty && identity.first != 0 && identity.first != seen.st_dev)
    return root + ": empty, and not the file system it was: is a disk not mounted?";
  identity = before;
  was_mount_point = is_mount_point;
  return std::nullopt;
}

bool CorpusFolder::root_is_there() const {
  struct stat seen {};
  if (::stat(root.c_str(), &seen) != 0 || !S_ISDIR(seen.st_mode)) return false;
  return identity.second == 0 || identity == Identity(seen.st_dev, seen.st_ino);
}

}  // namespace tidings::indexer
