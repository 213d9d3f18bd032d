// SPDX-License-Identifier: GPL-2.0-or-later
// corpus_folder.h — a configured corpus as the index thread works on it: its root, its rules, its state.
#pragma once
#include <memory>
#include <string>

#include "config/config.h"
#include "config/glob.h"
#include "index/snapshot.h"

namespace tidings::indexer {

struct CorpusFolder {
  /// Resolves links in the path, so that the watches and the index speak of one name. Never fails: a folder that is
  /// missing keeps its name as configured.
  explicit CorpusFolder(config::Corpus corpus);

  std::string absolute(std::string_view below) const {
    return below.empty() ? root : (root == "/" ? root : root + "/") + std::string(below);
  }
  CorpusRoot described() const { return {settings.name, root}; }

  config::Corpus settings;
  std::string root;  ///< absolute, without links
  config::PathFilter filter;
  bool offline = false;  ///< the root is not there or cannot be listed: its reports stay as they are
  std::string offline_reason;
  std::uint64_t device = 0;  ///< of the root when it was last listed; 0: not since the start
  bool unwatched = false;  ///< some folder of it could not be watched: it is crawled again every kPollSeconds
  std::size_t crawls = 0;  ///< crawls under way
};

}  // namespace tidings::indexer
