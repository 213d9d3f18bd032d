// SPDX-License-Identifier: GPL-2.0-or-later
// terminal.h — what a terminal would do with a text.
#pragma once
#include <algorithm>
#include <string>

#include "searcher/present/text.h"

namespace tidings::searcher {

inline constexpr TextStyle kPlain{.colour = false, .columns = 40};

/// Whether it holds what a terminal would act upon: escape sequences, C1 controls, turns of direction.
inline bool acts(const std::string& text) {
  const auto has = [&](const char* sign) { return text.find(sign) != text.npos; };
  return std::any_of(
             text.begin(), text.end(),
             [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F; }) ||
         has("\xC2\x9B") || has("\xC2\x85") || has("\xE2\x80\xAE") || has("\xE2\x80\xAA") ||
         has("\xE2\x81\xA6") || has("\xE2\x81\xA9") || has("\xE2\x80\xA8");
}

}  // namespace tidings::searcher
