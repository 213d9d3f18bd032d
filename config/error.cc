// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/error.h"

#include <utility>

namespace tidings::config {

std::string Problem::message() const {
  std::string out = file.native();
  if (line != 0) out += ":" + std::to_string(line) + ":" + std::to_string(column);
  if (!out.empty()) out += ": ";
  out += text;
  if (!hint.empty()) out += " (" + hint + ")";
  return out;
}

namespace {
std::string lines(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& p : problems) out += (out.empty() ? "" : "\n") + p.message();
  return out;
}
}  // namespace

ConfigError::ConfigError(std::vector<Problem> problems)
    : std::runtime_error(lines(problems)), problems_(std::move(problems)) {}

}  // namespace tidings::config
