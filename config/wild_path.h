// SPDX-License-Identifier: GPL-2.0-or-later
// wild_path.h — one pattern of an ignore file, as git reads it.
//
//   *  any run, ?  one byte, [a-z] [!a-z] [[:digit:]]  one of these, \ takes the next literally
//   **  a whole component of its own stands for any number of folders: "**/x", "a/**/x", "a/**"; elsewhere it is a '*'
// Of a whole path, '*', '?' and '[' stop at '/'. Bytes are compared; a leading dot is nothing special. A '[' that is left open,
// an unknown [:class:] and a '\' at the end make a pattern that matches nothing, and that is no error.
//
// As in git, a "**" that follows the pattern's literal beginning counts as if it began a component: "a/b**" covers "a/bc/d".
// Why a matcher of our own: fnmatch(3) knows no "**" and reads brackets differently. That the two agree is tested with git itself.
//
// Cost: literals and "*suffix" are compared at once; else time is bytes of the name times items of the pattern, without
// backtracking, so no pattern is a trap. Constant after construction: any thread may ask.
#pragma once
#include <bitset>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::config {

class WildPath {
 public:
  static constexpr std::size_t kBytesMax = 1024;  ///< of a pattern; the caller refuses longer ones

  /// whole_path: what is matched may hold '/'; else it is a name.
  WildPath(std::string_view pattern, bool whole_path);
  bool matches(std::string_view subject) const;

 private:
  using Set = std::bitset<256>;
  struct Item {
    enum class Kind { Byte, Any, OneOf, Run, Folders };
    Kind kind;
    char byte = 0;            ///< of Byte
    std::size_t set = 0;      ///< of OneOf: in sets_
    bool may_vanish = false;  ///< of Folders: "**/" may stand for nothing
  };
  void read(std::string_view rest);
  bool steps(std::string_view subject) const;

  bool whole_path_;
  bool never_ = false;   ///< malformed
  bool suffix_ = false;  ///< '*' and then prefix_, nothing else
  std::string prefix_;   ///< what stands before the first special byte
  std::vector<Item> items_;
  std::vector<Set> sets_;
};

}  // namespace tidings::config
