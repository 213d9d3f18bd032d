// SPDX-License-Identifier: GPL-2.0-or-later
// target.h — the target of a request, taken apart: "/v1/search?q=a+b&n=3". After the WHATWG's URL standard,
// section application/x-www-form-urlencoded, which is what forms send.
//
// Path and parameters are decoded to bytes ('+' is a space in parameters alone); they need not be UTF-8, as
// file names need not be. Errors are BadRequest: a '%' without two hex digits, a NUL, more than
// kMaxParameters. No state.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "index/error.h"

namespace tidings::searcher {

struct Target {
  static constexpr std::size_t kMaxParameters = 32;

  std::string path;
  std::vector<std::pair<std::string, std::string>> parameters;  ///< in their order

  /// The first of that name.
  const std::string* find(std::string_view name) const;
};

Result<Target> parse_target(std::string_view target);

/// Bytes as they may stand in a query: "a b/é" is "a%20b%2F%C3%A9".
std::string percent_encode(std::string_view bytes);

}  // namespace tidings::searcher
