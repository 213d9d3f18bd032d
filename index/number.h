// SPDX-License-Identifier: GPL-2.0-or-later
// number.h — what a row of digit groups means: 30,000 or 30.000 or 10,50 or 1.2.3.
//
// Written                        read as
//   30,000  30 000  1,500,000    30000, 1500000: groups of three after one to three digits, one kind of separator
//   1.500.000                    1500000
//   1.500                        1.500, also 1500: German thousands or English decimals, not to be told apart
//   10.50  10,50                 10.50: one separator, and no thousands
//   1,500.50  1.500,50           1500.50: the last separator differs from those before it
//   1.2.3  192.168.0.1           dotted: no number
//   3,4,5  2020,2021             a list: no number
// A group that begins with 0 is never the first of thousands (0,500 is 0.500). Digits are ASCII here.
// Never fails.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace tidings {

enum class NumberForm {
  Number,
  Dotted,  ///< more than one '.' and nothing else: the groups are words, joined
  List,    ///< the groups are words
};

struct Number {
  NumberForm form = NumberForm::List;
  std::string text;   ///< with '.' before the decimals; empty unless a Number
  std::string other;  ///< what else it may mean, or empty
};

inline constexpr std::size_t kDigitGroupsMax = 16;  ///< a longer row is a list

/// separators[i] stands between groups[i] and groups[i + 1]: '.', ',' or ' ' (for any of the thin and
/// no-break spaces).
Number read_number(std::span<const std::string_view> groups, std::string_view separators);

}  // namespace tidings
