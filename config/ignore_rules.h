// SPDX-License-Identifier: GPL-2.0-or-later
// ignore_rules.h — one `.tidingsignore` file: what it says of a path below its folder. The syntax is gitignore's.
//
//   # a comment; blank lines are nothing     \# \!  a name that begins so
//   *.bak      without '/': any file or folder of that name, at any depth below
//   /a.txt     with '/' before or inside: from the folder of the file; '*' stops at '/', "**" does not (wild_path.h)
//   drafts/    with '/' at its end: folders only
//   !b.bak     takes back what a line above, or a file further up, has ignored
// The last line that matches decides. Spaces at the end of a line do not count unless escaped ("\ ").
// Unlike the patterns of the configuration (glob.h) these may be taken back; they are asked after those, and cannot take back those.
//
// Bounds: of a file the first kFileBytesMax bytes and kRulesMax rules are used, a rule longer than WildPath::kBytesMax is not;
// unused() says so. Never fails: no text is an error. Constant after construction: any thread may ask.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/wild_path.h"

namespace tidings::config {

class IgnoreRules {
 public:
  static constexpr std::string_view kFileName = ".tidingsignore";
  static constexpr std::size_t kFileBytesMax = std::size_t{256} << 10;
  static constexpr std::size_t kRulesMax = 1000;

  /// The whole file, or more than kFileBytesMax bytes of it.
  explicit IgnoreRules(std::string_view text);

  struct Verdict {
    bool ignored;           ///< false: taken back
    std::size_t line;       ///< from 1
    std::string_view rule;  ///< as written; lives as long as these rules
  };
  /// path: relative to the folder of the file. Nothing where no rule matches it.
  std::optional<Verdict> verdict(std::string_view path, bool is_folder) const;

  /// What of the file is not used and why, or empty.
  const std::string& unused() const { return unused_; }
  std::size_t size() const { return rules_.size(); }

 private:
  struct Rule {
    std::string written;
    std::size_t line;
    bool takes_back, folders_only, whole_path;
    WildPath pattern;
  };
  void add(std::string_view line, std::size_t number);

  std::vector<Rule> rules_;
  std::string unused_;
};

}  // namespace tidings::config
