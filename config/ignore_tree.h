// SPDX-License-Identifier: GPL-2.0-or-later
// ignore_tree.h — the `.tidingsignore` files below a corpus root, each ruling its own subtree: is a path ignored, and by which rule?
//
// As in git: of the files above a path the deepest that has a matching rule decides, by its last such rule; and what lies below an
// ignored folder is ignored, whatever the files there say.
//
// It knows the files that read() has been told to read, and asks the disk for nothing else: whoever lists a folder reads its
// file first. A file that cannot be read keeps the rules that were in force. Links are not followed; a link or a folder of that name
// is no rule file.
// Memory: one entry a rule file (bounds: ignore_rules.h). Not thread-safe.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "config/config.h"
#include "config/ignore_rules.h"

namespace tidings::config {

/// Why a path is left out of its corpus.
struct Ignored {
  /// `a/.tidingsignore:3 "drafts/"`, `ignore ".*"`, `no include pattern` or `holds rules, and is no report`; ` at "a/b"` follows where it is the folder a/b
  /// above the path that is ignored. Paths are relative to the corpus.
  std::string rule;
  bool operator==(const Ignored&) const = default;
};

class IgnoreTree {
 public:
  /// Reads the rule file of a folder ("" is the root), which may have come, changed or gone. Returns what is to be told about it and was
  /// not told at the last reading, as "/r/a/.tidingsignore: Permission denied", or an empty text.
  std::string read(const std::string& root, const std::string& folder);
  /// Forgets the files at and below a folder that has gone.
  void drop_below(const std::string& folder);

  /// Rule files themselves are ignored always.
  std::optional<Ignored> ignored_by(std::string_view path, bool is_folder) const;

 private:
  struct File {
    IgnoreRules rules{""};
    std::string told;
  };
  std::map<std::string, File, std::less<>> files_;  ///< by folder
};

/// Is this the path of a rule file?
bool is_rule_file(std::string_view path);

/// All that leaves a path out: the corpus' patterns, then the rule files above it, which are read for this. `root` is the
/// corpus' folder as an absolute path. Any thread.
std::optional<Ignored> why_ignored(const Corpus& corpus, const std::string& root, std::string_view path,
                                   bool is_folder);

}  // namespace tidings::config
