// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/api/target.h"

#include <algorithm>
#include <charconv>

namespace tidings::searcher {
namespace {

Result<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      bytes += ' ';
    } else if (text[i] != '%') {
      bytes += text[i];
    } else {
      unsigned char value = 0;
      const std::string_view hex = text.substr(i + 1, 2);
      const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), value, 16);
      if (hex.size() != 2 || error != std::errc() || end != hex.data() + 2)
        return failure(Error::Code::BadRequest, "the address has a '%' without two hex digits",
                       "write %25 for a '%'");
      if (value == 0) return failure(Error::Code::BadRequest, "the address holds a NUL");
      bytes += static_cast<char>(value);
      i += 2;
    }
  }
  return bytes;
}

}  // namespace

const std::string* Target::find(std::string_view name) const {
  const auto found =
      std::find_if(parameters.begin(), parameters.end(), [&](const auto& p) { return p.first == name; });
  return found == parameters.end() ? nullptr : &found->second;
}

Result<Target> parse_target(std::string_view text) {
  Target target;
  const auto question = text.find('?');
  auto path = percent_decode(text.substr(0, question), false);
  if (!path) return tl::unexpected(path.error());
  target.path = *std::move(path);
  if (question == text.npos) return target;

  std::string_view rest = text.substr(question + 1);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.empty()) continue;
    if (target.parameters.size() == Target::kMaxParameters)
      return failure(Error::Code::BadRequest,
                     "the address has over " + std::to_string(Target::kMaxParameters) + " parameters");
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = percent_decode(pair.substr(0, equals), true);
    if (!name) return tl::unexpected(name.error());
    auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!value) return tl::unexpected(value.error());
    target.parameters.emplace_back(*std::move(name), *std::move(value));
  }
  return target;
}

std::string percent_encode(std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string text;
  for (const char c : bytes) {
    const auto u = static_cast<unsigned char>(c);
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                            c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved)
      text += c;
    else
      (text += '%').append({kHex[u >> 4], kHex[u & 15]});
  }
  return text;
}

}  // namespace tidings::searcher
