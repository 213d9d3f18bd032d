// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/ignore_rules.h"

#include <algorithm>

namespace tidings::config {
namespace {

/// Without the spaces at its end; an escaped one stays, with what stands before it.
std::string_view without_trailing_spaces(std::string_view line) {
  std::size_t keep = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      if (++i == line.size()) return line;
    } else if (line[i] == ' ') {
      continue;
    }
    keep = i + 1;
  }
  return line.substr(0, keep);
}

}  // namespace

IgnoreRules::IgnoreRules(std::string_view text) {
  if (text.size() > kFileBytesMax) {
    text = text.substr(0, text.substr(0, kFileBytesMax).rfind('\n') + 1);  // no half of a rule; none: nothing
    unused_ = "only the rules in its first " + std::to_string(kFileBytesMax >> 10) + " KiB are used";
  }
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    line = line.substr(0, line.find('\0'));
    if (line.starts_with('#')) continue;
    line = without_trailing_spaces(line);
    if (line.empty() || line == "!" || line == "/" || line == "!/") continue;
    if (rules_.size() == kRulesMax) {
      unused_ = "only its first " + std::to_string(kRulesMax) + " rules are used";
      return;
    }
    add(line, number);
  }
}

void IgnoreRules::add(std::string_view line, std::size_t number) {
  std::string_view body = line;
  const bool takes_back = body.starts_with('!');
  if (takes_back) body.remove_prefix(1);
  const bool folders_only = body.ends_with('/');
  if (folders_only) body.remove_suffix(1);
  if (body.size() > WildPath::kBytesMax) {
    unused_ = "line " + std::to_string(number) + " is longer than " + std::to_string(WildPath::kBytesMax) +
              " bytes and not used";
    return;
  }
  const bool whole_path = body.find('/') != std::string_view::npos;
  if (body.starts_with('/')) body.remove_prefix(1);
  rules_.push_back({.written = std::string(line),
                    .line = number,
                    .takes_back = takes_back,
                    .folders_only = folders_only,
                    .whole_path = whole_path,
                    .pattern = WildPath(body, whole_path)});
}

std::optional<IgnoreRules::Verdict> IgnoreRules::verdict(std::string_view path, bool is_folder) const {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
    if (rule->folders_only && !is_folder) continue;
    if (rule->pattern.matches(rule->whole_path ? path : name))
      return Verdict{!rule->takes_back, rule->line, rule->written};
  }
  return std::nullopt;
}

}  // namespace tidings::config
