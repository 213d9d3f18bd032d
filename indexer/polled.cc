// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/polled.h"

#include <algorithm>

namespace tidings::indexer {
namespace {

std::string above(const std::string& folder) {
  const auto slash = folder.rfind('/');
  return slash == std::string::npos ? std::string() : folder.substr(0, slash);
}

/// Whether a folder above this one (itself not counted) is among them.
bool covered(const std::set<std::string>& folders, std::string folder) {
  while (!folder.empty()) {
    folder = above(folder);
    if (folders.contains(folder)) return true;
  }
  return false;
}

bool is_below(const std::string& path, const std::string& folder) {
  return folder.empty() || path == folder || path.starts_with(folder + "/");
}

std::ptrdiff_t depth(const std::string& folder) {
  return folder.empty() ? 0 : 1 + std::ranges::count(folder, '/');
}

}  // namespace

void Polled::unwatched(const std::string& folder) {
  const auto add = [&](const std::string& one) {
    if (unwatched_.contains(one) || covered(unwatched_, one)) return;
    std::erase_if(unwatched_, [&](const std::string& other) { return is_below(other, one); });
    unwatched_.insert(one);
  };
  add(folder);
  while (unwatched_.size() > kMaxUnwatched) {
    std::ptrdiff_t deepest = 0;
    for (const auto& one : unwatched_) deepest = std::max(deepest, depth(one));
    std::vector<std::string> wider;
    for (const auto& one : unwatched_)
      if (depth(one) == deepest) wider.push_back(above(one));
    for (const auto& one : wider) add(one);
  }
}

void Polled::drop_below(const std::string& folder) {
  std::erase_if(untold_, [&](const auto& entry) { return is_below(entry.first, folder); });
  std::erase_if(unwatched_, [&](const std::string& one) { return is_below(one, folder); });
}

std::vector<std::string> Polled::roots() const {
  std::set<std::string> all = unwatched_;
  for (const auto& [folder, mount] : untold_) all.insert(folder);
  std::vector<std::string> tops;
  for (const auto& folder : all)
    if (!covered(all, folder)) tops.push_back(folder);
  return tops;
}

std::vector<PolledSubtree> Polled::listed(std::size_t most, std::size_t& left_out) const {
  std::vector<PolledSubtree> subtrees;
  left_out = 0;
  const auto list = [&](PolledSubtree subtree) {
    if (subtrees.size() < most)
      subtrees.push_back(std::move(subtree));
    else
      ++left_out;
  };
  for (const auto& [folder, mount] : untold_) list({folder, mount.point, mount.type});
  for (const auto& folder : unwatched_) list({folder, {}, {}});
  return subtrees;
}

}  // namespace tidings::indexer
