// SPDX-License-Identifier: GPL-2.0-or-later
// error.h — what is wrong with a configuration, and the way out.
//
// A file is read to its end before anything is thrown, so that one look shows every mistake. Only a syntax
// error stands alone: nothing after it can be read. Lines and columns count from 1, columns in characters;
// line 0 means the file as a whole (it cannot be opened), an empty file name means the environment.
#pragma once
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace tidings::config {

struct Problem {
  std::filesystem::path file;
  std::uint32_t line = 0, column = 0;
  std::string text;  ///< "`workers` must be 0 to 1024, and is -1"
  std::string hint;  ///< "did you mean `workers`?", or empty

  /// "tidings.toml:3:1: unknown key `wokers` in [daemon] (did you mean `workers`?)"
  std::string message() const;
};

/// what() is the messages of all problems, one a line, in the order of the file.
class ConfigError : public std::runtime_error {
 public:
  explicit ConfigError(std::vector<Problem> problems);
  const std::vector<Problem>& problems() const noexcept { return problems_; }

 private:
  std::vector<Problem> problems_;
};

}  // namespace tidings::config
