// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/number.h"

#include <algorithm>

namespace tidings {
namespace {

bool are_thousands(std::span<const std::string_view> groups) {
  return groups.size() > 1 && groups[0].size() <= 3 && groups[0][0] != '0' &&
         std::all_of(groups.begin() + 1, groups.end(),
                     [](std::string_view group) { return group.size() == 3; });
}

bool all_are(std::string_view separators, char separator) {
  return separators.find_first_not_of(separator) == std::string_view::npos;
}

std::string joined(std::span<const std::string_view> groups) {
  std::string out;
  for (const auto group : groups) out.append(group);
  return out;
}

std::string decimal(std::span<const std::string_view> groups) {
  return joined(groups.first(groups.size() - 1)).append(".").append(groups.back());
}

}  // namespace

Number read_number(std::span<const std::string_view> groups, std::string_view separators) {
  if (groups.empty() || groups.size() > kDigitGroupsMax) return {};
  if (groups.size() == 1) return {NumberForm::Number, std::string(groups[0]), {}};

  const char last = separators.back();
  if (groups.size() == 2) {
    const bool thousands = are_thousands(groups);
    if (last == '.') return {NumberForm::Number, decimal(groups), thousands ? joined(groups) : std::string()};
    if (thousands) return {NumberForm::Number, joined(groups), {}};
    const bool years = groups[0].size() > 3 && groups[1].size() > 3;
    if (last == ',' && !years) return {NumberForm::Number, decimal(groups), {}};
    return {};
  }
  if (all_are(separators, last)) {
    if (are_thousands(groups)) return {NumberForm::Number, joined(groups), {}};
    return {last == '.' ? NumberForm::Dotted : NumberForm::List, {}, {}};
  }
  const std::string_view before = separators.substr(0, separators.size() - 1);
  if (last != ' ' && last != before[0] && all_are(before, before[0]) &&
      are_thousands(groups.first(groups.size() - 1)))
    return {NumberForm::Number, decimal(groups), {}};
  return {};
}

}  // namespace tidings
