// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/schema.h"

#include <xxhash.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace tidings {
namespace {

constexpr std::size_t kContentMax = 200;  // bytes; Xapian takes 245, and a NUL counts double there

std::string hex_of_hash(std::string_view content) {
  const XXH128_hash_t hash = XXH3_128bits(content.data(), content.size());
  char hex[33];
  std::snprintf(hex, sizeof hex, "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return hex;
}

}  // namespace

std::string boolean_term(std::string_view prefix, std::string_view content) {
  std::string term(prefix);
  const bool capital = !content.empty() && ((content[0] >= 'A' && content[0] <= 'Z') || content[0] == ':');
  if (prefix.size() > 1 && capital) term += ':';
  // A content that is itself '#' and a hash would be taken for the hashed form: it is hashed too.
  // In the database a NUL takes two bytes.
  const auto nuls = static_cast<std::size_t>(std::count(content.begin(), content.end(), '\0'));
  if (content.size() + nuls > kContentMax || content.starts_with('#'))
    return term.append("#").append(hex_of_hash(content));
  return term.append(content);
}

Key Key::parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos)
    throw std::invalid_argument("no corpus in the key '" + std::string(text) + "'");
  return {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

std::string encode_u64(std::uint64_t value) {
  std::string bytes(8, '\0');
  for (std::size_t i = 8; i-- > 0; value >>= 8) bytes[i] = static_cast<char>(value & 0xff);
  return bytes;
}

std::uint64_t decode_u64(std::string_view bytes) {
  if (bytes.size() != 8)
    throw std::invalid_argument("a stored number has " + std::to_string(bytes.size()) +
                                " bytes in place of 8");
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

}  // namespace tidings
