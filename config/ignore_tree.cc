// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/ignore_tree.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "config/glob.h"

namespace tidings::config {
namespace {

/// The file's beginning, a byte more than is used at most; else the errno. ENOTSUP: no regular file.
int read_beginning(const std::string& path, std::string& text) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return errno == ELOOP ? ENOTSUP : errno;
  struct stat seen {};
  int error = ::fstat(fd, &seen) != 0 ? errno : S_ISREG(seen.st_mode) ? 0 : ENOTSUP;
  text.resize(error ? 0 : IgnoreRules::kFileBytesMax + 1);
  std::size_t have = 0;
  while (!error && have < text.size()) {
    const ssize_t n = ::read(fd, text.data() + have, text.size() - have);
    if (n == 0) break;
    if (n > 0)
      have += static_cast<std::size_t>(n);
    else if (errno != EINTR)
      error = errno;
  }
  ::close(fd);
  text.resize(have);
  return error;
}

std::string below(const std::string& folder, std::string_view name) {
  return folder.empty() ? std::string(name) : folder + "/" + std::string(name);
}

}  // namespace

std::string IgnoreTree::read(const std::string& root, const std::string& folder) {
  const std::string path = (root == "/" ? "" : root) + "/" + below(folder, IgnoreRules::kFileName);
  std::string text;
  const int error = read_beginning(path, text);
  if (error == ENOENT || error == ENOTDIR) {
    files_.erase(folder);
    return {};
  }
  File& file = files_[folder];
  std::string tell;
  if (error == ENOTSUP) {
    file.rules = IgnoreRules("");
    tell = path + ": is no regular file, so it has no rules";
  } else if (error) {
    tell = path + ": " + std::strerror(error) +
           (file.rules.size() ? "; its rules stay as they were" : "; it has no rules until it can be read");
  } else {
    file.rules = IgnoreRules(text);
    if (!file.rules.unused().empty()) tell = path + ": " + file.rules.unused();
  }
  return std::exchange(file.told, tell) == tell ? std::string() : tell;
}

void IgnoreTree::drop_below(const std::string& folder) {
  if (folder.empty()) return files_.clear();
  files_.erase(folder);
  const std::string below = folder + "/";
  auto file = files_.lower_bound(below);
  while (file != files_.end() && file->first.starts_with(below)) file = files_.erase(file);
}

std::optional<Ignored> IgnoreTree::ignored_by(std::string_view path, bool is_folder) const {
  if (!is_folder && is_rule_file(path)) return Ignored{"holds rules, and is no report"};
  if (files_.empty() || path.empty()) return std::nullopt;
  std::vector<std::map<std::string, File, std::less<>>::const_iterator> above;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::string_view folder = path.substr(0, begin == 0 ? 0 : begin - 1);
    if (auto file = files_.find(folder); file != files_.end()) above.push_back(file);
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const bool last = end == path.size();
    for (auto file = above.rbegin(); file != above.rend(); ++file) {
      const auto& [in, of] = **file;
      const std::size_t cut = in.empty() ? 0 : in.size() + 1;
      const auto verdict = of.rules.verdict(path.substr(cut, end - cut), !last || is_folder);
      if (!verdict) continue;
      if (!verdict->ignored) break;
      std::string rule = below(in, IgnoreRules::kFileName) + ":" + std::to_string(verdict->line) + " \"" +
                         std::string(verdict->rule) + "\"";
      if (!last) rule += " at \"" + std::string(path.substr(0, end)) + "\"";
      return Ignored{std::move(rule)};
    }
    begin = end + 1;
  }
  return std::nullopt;
}

bool is_rule_file(std::string_view path) {
  return path.substr(path.rfind('/') + 1) == IgnoreRules::kFileName;
}

std::optional<Ignored> why_ignored(const Corpus& corpus, const std::string& root, std::string_view path,
                                   bool is_folder) {
  if (auto rule = PathFilter(corpus).ignored_by(path, is_folder)) return Ignored{std::move(*rule)};
  IgnoreTree tree;
  for (std::size_t begin = 0; begin <= path.size();) {
    tree.read(root, std::string(path.substr(0, begin == 0 ? 0 : begin - 1)));
    begin = std::min(path.find('/', begin), path.size()) + 1;
  }
  return tree.ignored_by(path, is_folder);
}

}  // namespace tidings::config
