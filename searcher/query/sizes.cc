// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/sizes.h"

#include <algorithm>
#include <array>

#include "index/characters.h"

namespace tidings::searcher {
namespace {

constexpr std::int64_t kUnit = 1024;
constexpr std::int64_t kMost = std::int64_t{1} << 52;  // beyond any file; a double holds it exactly

/// How many bytes a unit has; 0 where it is none.
std::int64_t bytes_in(std::string_view typed) {
  std::string unit;
  for (const char c : typed.substr(0, 4))
    unit.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  if (unit.empty() || unit == "b") return 1;
  constexpr std::string_view kLetters = "kmgt";
  const std::size_t power = kLetters.find(unit[0]);
  const std::string_view rest = std::string_view(unit).substr(1);
  if (power == kLetters.npos || typed.size() > 3 || !(rest.empty() || rest == "b" || rest == "ib")) return 0;
  std::int64_t bytes = kUnit;
  for (std::size_t i = 0; i < power; ++i) bytes *= kUnit;
  return bytes;
}

struct Amount {
  std::int64_t bytes = 0;
  std::int64_t next = 0;  ///< the least that would be written otherwise
};

std::optional<Amount> parse_amount(std::string_view text) {
  std::size_t at = 0;
  std::int64_t whole = 0, part = 0, parts = 1;
  for (; at < text.size() && is_ascii_digit(text[at]); ++at) {
    whole = whole * 10 + (text[at] - '0');
    if (whole > kMost) return {};
  }
  if (at == 0) return {};
  if (at < text.size() && text[at] == '.') {
    constexpr std::int64_t kParts = 1000;
    for (++at; at < text.size() && is_ascii_digit(text[at]); ++at)
      if (parts < kParts) part = part * 10 + (text[at] - '0'), parts *= 10;
    if (parts == 1) return {};
  }
  const std::int64_t unit = bytes_in(text.substr(at));
  if (unit == 0 || whole > kMost / unit) return {};
  const auto bytes = [&](std::int64_t fraction) {
    return whole * unit + (fraction * unit + parts - 1) / parts;
  };
  return Amount{bytes(part), std::max(bytes(part + 1), bytes(part) + 1)};
}

/// "10 KiB", "1 byte": in the largest unit that goes into it.
std::string amount_text(std::int64_t bytes) {
  constexpr std::array kNames = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes == 0 || bytes % kUnit != 0) return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
  std::size_t name = 0;
  for (bytes /= kUnit; name + 1 < kNames.size() && bytes % kUnit == 0; bytes /= kUnit) ++name;
  return std::to_string(bytes) + " " + kNames[name];
}

bool is_round(std::int64_t bytes) {
  return bytes > 0 && bytes % kUnit == 0;
}

}  // namespace

Result<SizeInterval> parse_size(std::string_view text) {
  const auto bad = [&](std::string_view what) {
    return failure(
        Error::Code::BadQuery, "\"" + std::string(what) + "\" is no size",
        "write >10k, <1M, 10k..1M, 1M.. or ..200; units are k, m, g and t, without one it is bytes");
  };
  if (const std::size_t dots = text.find(".."); dots != text.npos && text.size() > 2) {
    const std::string_view from = text.substr(0, dots), to = text.substr(dots + 2);
    SizeInterval interval;
    if (!from.empty()) {
      const auto amount = parse_amount(from);
      if (!amount) return bad(from);
      interval.begin = amount->bytes;
    }
    if (!to.empty()) {
      const auto amount = parse_amount(to);
      if (!amount) return bad(to);
      interval.end = amount->bytes + 1;
    }
    return interval;
  }
  const bool more = text.starts_with('>'), less = text.starts_with('<');
  std::string_view number = text.substr(more || less ? 1 : 0);
  const bool or_equal = (more || less) && number.starts_with('=');
  if (or_equal) number.remove_prefix(1);
  const auto amount = parse_amount(number);
  if (!amount) return bad(text);
  if (more) return SizeInterval{amount->bytes + (or_equal ? 0 : 1), {}};
  if (less) return SizeInterval{{}, amount->bytes + (or_equal ? 1 : 0)};
  return SizeInterval{amount->bytes, amount->next};
}

std::string size_text(const std::optional<std::int64_t>& begin, const std::optional<std::int64_t>& end) {
  if (begin && end && *end == *begin + 1) return "of exactly " + amount_text(*begin);
  std::string least, most;
  if (begin)
    least = is_round(*begin - 1) ? "larger than " + amount_text(*begin - 1)
                                 : "of at least " + amount_text(*begin);
  if (end)
    most = is_round(*end) ? "smaller than " + amount_text(*end) : "of at most " + amount_text(*end - 1);
  if (least.empty() || most.empty()) return least + most;
  return least + " and " + most;
}

}  // namespace tidings::searcher
