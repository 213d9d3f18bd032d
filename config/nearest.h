// SPDX-License-Identifier: GPL-2.0-or-later
// nearest.h — the word that a misspelt one was probably meant to be.
//
// Optimal string alignment distance: one for each letter inserted, left out, replaced, or swapped with its
// neighbour. A word counts as near with at most one error in three letters of the longer one; of equally near
// ones the first wins. Inputs longer than kNearestBytesMax bytes are near to nothing, so the quadratic cost
// stays small.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace tidings::config {

inline constexpr std::size_t kNearestBytesMax = 64;

std::size_t edit_distance(std::string_view a, std::string_view b);
std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace tidings::config
