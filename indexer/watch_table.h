// SPDX-License-Identifier: GPL-2.0-or-later
// watch_table.h — which inotify watch stands for which folder.
//
// A watch belongs to an inode: a folder that was renamed keeps its watch, and adding it under the new name gives the
// same number, so the crawl of the new place puts the table right. Watches at and below a folder that moved or vanished
// are dropped first, since it may have gone where it is none of ours.
// The index thread owns it; inotify_add_watch itself may be called from any thread.
#pragma once
#include <sys/inotify.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>

#include "index/record.h"

namespace tidings::indexer {

class WatchTable {
 public:
  /// What changes a report, and what tells of folders. A file that was written is news when it is closed; IN_MODIFY tells of
  /// what is kept open, IN_CREATE of folders, and of files that are linked into place and so never closed.
  static constexpr std::uint32_t kMask = IN_CLOSE_WRITE | IN_MODIFY | IN_MOVED_FROM | IN_MOVED_TO |
                                         IN_CREATE | IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF |
                                         IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK;

  struct Calls {
    std::function<int(const char* path, std::uint32_t mask)> add;  ///< the watch's number, or -errno
    std::function<void(int wd)> remove;
  };

  explicit WatchTable(Calls calls) : calls_(std::move(calls)) {}

  /// Watches a folder; 0, or the errno: ENOSPC past the kernel's limit, ENOENT where it has gone.
  int add(const Key& folder, const std::string& absolute);
  void drop_below(const Key& folder);
  /// The kernel has dropped this watch by itself (IN_IGNORED).
  void forget(int wd);
  const Key* find(int wd) const;
  std::size_t size() const { return folders_.size(); }

 private:
  Calls calls_;
  std::unordered_map<int, Key> folders_;
  std::map<Key, int> watches_;
};

}  // namespace tidings::indexer
