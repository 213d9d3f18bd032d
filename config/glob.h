// SPDX-License-Identifier: GPL-2.0-or-later
// glob.h — which files and folders below a corpus are wanted, and which rule says no.
//
// A pattern is that of fnmatch(3): '*' any run, '?' one, '[a-z]' '[!a-z]' one of these, '\' takes the next
// literally.
// '*' and '?' match a leading dot too. Bytes are compared, in the C locale that our programs run in. As in
// gitignore:
//   *.tmp        without '/': the name of any file or folder, at any depth
//   news/*.txt   with a '/' inside or before: the path below the corpus; '*' and '?' stop at '/'
//   drafts/      with '/' at its end: folders only
// There is no "**"; glob_flaw() says so, and that a '[' is open, before a pattern is ever used.
//
// A folder that is ignored hides all beneath it. Include patterns apply to files only, after the ignore
// patterns. Paths are relative to the corpus, '/'-separated bytes as on disk; "" is the corpus folder, which
// is always wanted.
//
// Cost: literals, "*suffix" and "prefix*", which most patterns are, are compared without fnmatch. A pattern
// has at most kGlobBytesMax bytes (longer is a flaw), and glibc's fnmatch does not branch at each '*', so a
// hostile name costs microseconds. Never throws on a path. A PathFilter is constant after construction: any
// thread may ask it.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace tidings::config {

inline constexpr std::size_t kGlobBytesMax = 1024;

/// fnmatch(3) of the whole name; FNM_PATHNAME where the pattern holds a '/'.
bool glob_match(const std::string& pattern, const std::string& name);

/// What is wrong with the pattern, as "leaves a '[' open"; nothing if it is well formed.
std::optional<std::string> glob_flaw(std::string_view pattern);

inline constexpr std::string_view kGlobCharacters = "*?[\\";  ///< what makes a pattern of a name

class PathFilter {
 public:
  explicit PathFilter(const Corpus& corpus);

  bool wants_folder(std::string_view path) const { return !ignored_by(path, true); }
  bool wants_file(std::string_view path) const { return !ignored_by(path, false); }

  /// The rule that leaves the path out: `ignore ".*"`, `ignore ".*" at "a/.git"` where a folder above it is
  /// ignored, or `no include pattern`. Nothing if the path is wanted.
  std::optional<std::string> ignored_by(std::string_view path, bool is_folder) const;

 private:
  struct Pattern {
    enum class Kind { Literal, Suffix, Prefix, Glob };
    explicit Pattern(const std::string& text);
    bool matches(std::string_view path, std::string_view name, bool is_folder) const;

    std::string written;  ///< as in the configuration
    std::string body;  ///< what is compared: without the '/' at its ends, and the '*' of a Suffix or Prefix
    Kind kind = Kind::Glob;
    bool whole_path = false;
    bool folders_only = false;
  };

  std::vector<Pattern> ignore_;
  std::vector<Pattern> include_;
};

}  // namespace tidings::config
