// SPDX-License-Identifier: GPL-2.0-or-later
// keys.h — every key that a configuration may hold: one row each, and nothing about keys is written anywhere
// else.
//
// The reader (read.cc) takes from it what a key's value is, where it goes and what it may be; unknown keys
// and the nearest right ones are found in it; a test holds the shipped tidings.toml against it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.h"
#include "config/values.h"

namespace tidings::config {

/// Where a value goes; the alternative is its type: whole number, text, path, list of texts.
using Slot = std::variant<std::uint64_t*, std::string*, std::filesystem::path*, std::vector<std::string>*>;

struct Key {
  std::string_view table;  ///< "corpus" is [[corpus]], and may stand many times; the others are [table]
  std::string_view name;
  Slot (*slot)(Config&, Corpus&);  ///< in the one or the other, by its table
  std::int64_t min, max;           ///< of the number; of the bytes of a text or path; of the items of a list
  Check check = anything;          ///< of a text, a path as expanded, each item of a list
  bool required = false;
};

inline constexpr std::string_view kCorpusTable = "corpus";

/// Grouped by table, in the order of tidings.toml.
std::span<const Key> keys();

}  // namespace tidings::config
