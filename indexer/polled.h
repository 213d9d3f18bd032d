// SPDX-License-Identifier: GPL-2.0-or-later
// polled.h — the subtrees of a corpus whose changes no event tells of, and why: they are crawled from time to time.
//
// Two reasons: the folder lies on a mount that others change beneath us (mounts.h), or the kernel had no watch left for it. A crawl says
// of each folder that it lists how it is with it now, so an entry goes when a crawl, mostly that of the poll itself, finds that the
// mount has gone or that the folder can be watched after all.
//
// Bound: past kMaxUnwatched folders without a watch the deepest of them widen to the folders above, at last to the whole corpus:
// more is polled than need be, and nothing is forgotten. Mounts are bounded by the kernel.
// Paths are relative to the corpus root; "" is the corpus. The index thread owns it. Never fails.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "indexer/mounts.h"

namespace tidings::indexer {

struct PolledSubtree {
  std::string folder;
  std::string mount,
      type;  ///< of the mount that does not tell; empty: the kernel had no watch for the folder
  bool operator==(const PolledSubtree&) const = default;
};

class Polled {
 public:
  static constexpr std::size_t kMaxUnwatched = 256;

  void untold(const std::string& folder, const Mount& mount) { untold_.insert_or_assign(folder, mount); }
  /// The folder is no top of such a mount (any more).
  void told(const std::string& folder) { untold_.erase(folder); }
  void unwatched(const std::string& folder);
  void watched(const std::string& folder) { unwatched_.erase(folder); }
  /// A folder that is gone, or ignored.
  void drop_below(const std::string& folder);

  bool empty() const { return untold_.empty() && unwatched_.empty(); }
  bool any_unwatched() const { return !unwatched_.empty(); }
  /// What to crawl: none of them lies below another.
  std::vector<std::string> roots() const;
  /// For people: the mounts, then the folders without a watch, at most `most` of them in all; `left_out`: how many more there are.
  std::vector<PolledSubtree> listed(std::size_t most, std::size_t& left_out) const;

 private:
  std::map<std::string, Mount> untold_;
  std::set<std::string> unwatched_;  ///< none of them below another
};

}  // namespace tidings::indexer
