// SPDX-License-Identifier: GPL-2.0-or-later
// assets.h — what the pages load: the .css and .js files beside this one, embedded by embed.cmake.
//
// Served under their names, "/page.js"; the pages' Content-Security-Policy allows no other style or script. They tell nothing of reports, so
// whoever reaches the server may have them. Constant; any thread.
#pragma once
#include <span>
#include <string_view>

namespace tidings::searcher::web {

struct Asset {
  std::string_view path, type, bytes;
};

extern const std::span<const Asset> kAssets;

/// nullptr where there is none of that path.
inline const Asset* asset(std::string_view path) {
  for (const Asset& one : kAssets)
    if (one.path == path) return &one;
  return nullptr;
}

}  // namespace tidings::searcher::web
