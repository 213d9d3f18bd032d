// SPDX-License-Identifier: GPL-2.0-or-later
// synonyms.h — the words that a user takes for the same: a TOML file that the `synonyms` of [search] names.
//
//   [[synonyms]]                       [[synonyms]]
//   group = ["pay", "wages"]           from = "uk"                  # one way: uk finds united kingdom too
//   # each finds all of them           to = ["united kingdom"]      # and united kingdom does not find uk
// Words or phrases. What they are compared with and how they are asked for is searcher/query/synonyms.h's.
//
// Errors: ConfigError with every problem of the file, as for the configuration. Bounds: kFileBytesMax bytes, kRulesMax rules of
// kWordingsMax wordings of kWordingBytesMax bytes; more is an error.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace tidings::config {

inline constexpr std::size_t kRulesMax = 10'000, kWordingsMax = 64, kWordingBytesMax = 200;

struct SynonymRule {
  std::vector<std::string> from;  ///< each of these …
  std::vector<std::string> to;    ///< … finds all of these; the same list for a group
  bool operator==(const SynonymRule&) const = default;
};
using Synonyms = std::vector<SynonymRule>;

/// The rules in the text; `name` is the file's name, for messages.
Synonyms parse_synonyms(std::string_view toml, const std::filesystem::path& name);

/// The file in force: the one that is named, which may be missing; else synonyms.toml beside the configuration, if it is there.
std::optional<std::filesystem::path> synonyms_file(const Config& config);
/// The rules of that file; none without one.
Synonyms load_synonyms(const Config& config);

}  // namespace tidings::config
