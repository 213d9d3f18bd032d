// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/values.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "config/address.h"
#include "config/glob.h"
#include "config/nearest.h"
#include "config/places.h"

namespace tidings::config {

namespace {

constexpr auto kLevels = std::to_array<std::string_view>({"trace", "debug", "info", "warn", "error"});

constexpr auto kLanguages = std::to_array<std::string_view>(
    {"ar", "ca", "da", "de", "en", "es", "eu", "fi", "fr", "ga", "hu", "hy", "id",  "it",
     "lt", "nb", "ne", "nl", "nn", "no", "pt", "ro", "ru", "sv", "ta", "tr", "none"});

std::string list(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view w : words) out.append(out.empty() ? "" : " ").append(w);
  return out;
}

std::optional<Flaw> pattern(const std::string& value) {
  if (auto flaw = glob_flaw(value)) return Flaw{*flaw, ""};
  return std::nullopt;
}

}  // namespace

std::optional<Flaw> anything(const std::string&) {
  return std::nullopt;
}

std::optional<Flaw> corpus_name(const std::string& value) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (!value.empty() && value.size() <= 64 && plain(value[0]) &&
      std::ranges::all_of(value, [&](char c) { return plain(c) || c == '_' || c == '-'; })) {
    return std::nullopt;
  }
  return Flaw{"is no corpus name", "up to 64 of a-z 0-9 _ -, the first a letter or digit"};
}

std::optional<Flaw> language(const std::string& value) {
  if (std::ranges::find(kLanguages, value) != kLanguages.end()) return std::nullopt;
  return Flaw{"is no language that we have a stemmer for", "one of " + list(kLanguages)};
}

std::optional<Flaw> log_level(const std::string& value) {
  if (std::ranges::find(kLevels, value) != kLevels.end()) return std::nullopt;
  if (auto near = nearest(value, kLevels))
    return Flaw{"is no log level", "did you mean \"" + std::string(*near) + "\"?"};
  return Flaw{"is no log level", "one of " + list(kLevels)};
}

std::optional<Flaw> ignore_pattern(const std::string& value) {
  return pattern(value);
}

std::optional<Flaw> include_pattern(const std::string& value) {
  if (value.ends_with('/'))
    return Flaw{"names folders, and include is for files", "write \"" + value + "*\""};
  return pattern(value);
}

std::optional<Flaw> tcp_address(const std::string& value) {
  if (value.empty() || loopback_address(value)) return std::nullopt;
  return Flaw{"is no loopback address with a port",
              "write \"127.0.0.1:0\" or \"[::1]:0\"; port 0 takes a free one"};
}

std::optional<Flaw> socket_path(const std::string& value) {
  if (value.size() <= kSocketPathMax) return std::nullopt;
  return Flaw{"has " + std::to_string(value.size()) + " bytes, and a socket's path ends at " +
                  std::to_string(kSocketPathMax),
              "place it in a shorter folder"};
}

}  // namespace tidings::config
