// SPDX-License-Identifier: GPL-2.0-or-later
// corpus_folder.h — a configured corpus as the index thread works on it: its root, its rules, its state.
//
// When is the root away, and its reports stay as they are? When it cannot be listed; and when it is empty and not what it was:
// a disk that is not mounted leaves its mount point behind, empty and part of the file system above. What it was is known from
// the last listing, and over restarts from the store's note kMountPointNote.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "config/config.h"
#include "config/glob.h"
#include "config/ignore_tree.h"
#include "index/snapshot.h"
#include "indexer/mounts.h"
#include "indexer/polled.h"

namespace tidings::indexer {

struct CorpusFolder {
  /// Resolves links in the path, so that the watches and the index speak of one name. Never fails: a folder that is
  /// missing keeps its name as configured.
  explicit CorpusFolder(config::Corpus corpus);

  using Identity = std::pair<std::uint64_t, std::uint64_t>;      ///< device, inode
  static constexpr const char* kMountPointNote = "mount_point";  ///< "yes", or empty

  /// Resolves the configured path again, which may lead elsewhere through a link that has come, or leads there now; true where it does.
  bool resolve_again();
  /// Whether the corpus is to be looked for: it is offline, or its folder was replaced from above, of which no event tells.
  bool is_lost() const;

  /// The path is left out, and why. The rule files are those that were last read, as each folder is listed.
  std::optional<config::Ignored> ignored_by(std::string_view path, bool is_folder) const;
  bool wants_folder(std::string_view path) const { return !ignored_by(path, true); }
  bool wants_file(std::string_view path) const { return !ignored_by(path, false); }

  /// The root has been listed, and had names in it or none: the reason why that was no listing of the corpus, or nothing; then the
  /// root is remembered as it is now. `before`: what it was when the listing began; `mounts`: as they were after it.
  std::optional<std::string> away(Identity before, bool empty, const std::optional<Mounts>& mounts);
  /// Whether the root is the folder that was last listed: otherwise a report that is not found may be there still.
  bool root_is_there() const;

  std::string absolute(std::string_view below) const {
    return below.empty() ? root : (root == "/" ? root : root + "/") + std::string(below);
  }
  CorpusRoot described() const { return {settings.name, root}; }

  config::Corpus settings;
  std::string root;  ///< absolute, without links
  config::PathFilter filter;
  bool offline = false;  ///< the root is not there or cannot be listed: its reports stay as they are
  std::string offline_reason;
  Identity identity;  ///< of the root when it was last listed, or zeros
  std::optional<bool>
      was_mount_point;  ///< when it was last listed; nothing: the store's note is not read yet
  config::IgnoreTree rules;
  Polled polled;                    ///< while the daemon watches
  std::int64_t first_crawl_ns = 0;  ///< when it was begun to be read, in this run (ns since 1970)
  /// Reports of it were lost with a damaged segment, at this time (ns since 1970), and no whole crawl has ended since: a file that is
  /// older, and not in the index, is no news.
  std::optional<std::int64_t> repairing_since;
};

}  // namespace tidings::indexer
