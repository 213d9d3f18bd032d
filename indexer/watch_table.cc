// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/watch_table.h"

namespace tidings::indexer {

int WatchTable::add(const Key& folder, const std::string& absolute) {
  const int wd = calls_.add(absolute.c_str(), kMask);
  if (wd < 0) return -wd;
  if (auto it = folders_.find(wd); it != folders_.end()) {
    if (it->second == folder) return 0;
    watches_.erase(it->second);  // the folder was renamed
  }
  if (auto it = watches_.find(folder); it != watches_.end() && it->second != wd) folders_.erase(it->second);
  folders_.insert_or_assign(wd, folder);
  watches_.insert_or_assign(folder, wd);
  return 0;
}

void WatchTable::drop_below(const Key& folder) {
  const auto drop = [&](std::map<Key, int>::iterator it) {
    calls_.remove(it->second);
    folders_.erase(it->second);
    return watches_.erase(it);
  };
  if (auto it = watches_.find(folder); it != watches_.end()) drop(it);
  const std::string below = folder.path.empty() ? std::string() : folder.path + "/";
  auto it = watches_.lower_bound(Key{folder.corpus, below});
  while (it != watches_.end() && it->first.corpus == folder.corpus && it->first.path.starts_with(below))
    it = drop(it);
}

void WatchTable::forget(int wd) {
  auto it = folders_.find(wd);
  if (it == folders_.end()) return;
  watches_.erase(it->second);
  folders_.erase(it);
}

const Key* WatchTable::find(int wd) const {
  auto it = folders_.find(wd);
  return it == folders_.end() ? nullptr : &it->second;
}

}  // namespace tidings::indexer
