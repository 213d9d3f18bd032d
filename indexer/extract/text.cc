// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/extract/text.h"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "index/characters.h"

namespace tidings::indexer {
namespace {

/// Bytes of the white space beyond ASCII that s begins with at `at`, 0 for none.
std::size_t wide_space_at(std::string_view s, std::size_t at) {
  const auto c = static_cast<unsigned char>(s[at]);
  if (c != 0xC2 && c != 0xE2 && c != 0xE3 && c != 0xEF) return 0;
  const std::string_view rest = s.substr(at);
  if (rest.starts_with("\xC2\xA0")) return 2;
  for (std::string_view wide :
       {"\xE2\x80\x8B", "\xEF\xBB\xBF", "\xE2\x80\x89", "\xE2\x80\xAF", "\xE3\x80\x80"})
    if (rest.starts_with(wide)) return 3;
  return 0;
}

/// Bytes of the white space that s begins with at `at`, 0 for none.
inline std::size_t space_at(std::string_view s, std::size_t at) {
  const auto c = static_cast<unsigned char>(s[at]);
  return c < 0x80 ? is_ascii_space(s[at]) : wide_space_at(s, at);
}

}  // namespace

std::string clean(std::string text) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c < 0x7F) {  // most
      text[out++] = text[i];
      continue;
    }
    if (c == '\r') {
      text[out++] = '\n';
      if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
    } else if (c == '\v' || c == '\f') {
      text[out++] = '\n';
    } else if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F) {
      continue;
    } else if (c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) {
      if (static_cast<unsigned char>(text[++i]) == 0x85) text[out++] = '\n';
    } else if (c == 0xE2 && i + 2 < text.size() && text[i + 1] == '\x80' &&
               (text[i + 2] == '\xA8' || text[i + 2] == '\xA9')) {
      text[out++] = '\n';
      i += 2;
    } else {
      text[out++] = text[i];
    }
  }
  text.resize(out);
  return text;
}

std::string_view trim(std::string_view s) {
  while (!s.empty()) {
    const std::size_t n = space_at(s, 0);
    if (n == 0) break;
    s.remove_prefix(n);
  }
  while (!s.empty()) {
    if (is_ascii_space(s.back())) {
      s.remove_suffix(1);
    } else if (s.size() >= 2 && space_at(s, s.size() - 2) == 2) {
      s.remove_suffix(2);
    } else if (s.size() >= 3 && space_at(s, s.size() - 3) == 3) {
      s.remove_suffix(3);
    } else {
      break;
    }
  }
  return s;
}

std::string one_line(std::string_view s) {
  s = trim(s);
  std::string out;
  out.reserve(s.size());
  for (std::size_t i = 0; i < s.size();) {
    const std::size_t word = i;
    std::size_t n = 0;
    while (i < s.size() && (n = space_at(s, i)) == 0) ++i;
    out.append(s, word, i - word);
    if (n != 0 && out.back() != ' ') out += ' ';
    i += n;
  }
  return out;
}

std::string lowered(std::string_view s) {
  std::string line = one_line(s);
  bool ascii = true;
  for (char& c : line) {
    if (static_cast<unsigned char>(c) >= 0x80) ascii = false;
    c = ascii_lower(c);
  }
  if (ascii) return line;
  icu::UnicodeString wide = icu::UnicodeString::fromUTF8(line);
  wide.toLower(icu::Locale::getRoot());
  wide.findAndReplace(icu::UnicodeString(char16_t{0x2019}), icu::UnicodeString(u'\''));
  line.clear();
  return wide.toUTF8String(line);
}

bool listed(std::string_view list, std::string_view word) {
  if (word.empty() || word.find(' ') != word.npos) return false;
  for (std::size_t at = list.find(word, 1); at != list.npos; at = list.find(word, at + 1))
    if (list[at - 1] == ' ' && list[at + word.size()] == ' ') return true;
  return false;
}

std::size_t word_count(std::string_view s) {
  std::size_t words = 0;
  bool inside = false;
  for (std::size_t i = 0; i < s.size();) {
    const std::size_t n = space_at(s, i);
    if (n == 0 && !inside) ++words;
    inside = n == 0;
    i += n == 0 ? 1 : n;
  }
  return words;
}

std::string_view utf8_prefix(std::string_view s, std::size_t max) {
  if (s.size() <= max) return s;
  while (max > 0 && continues_character(s[max])) --max;
  return s.substr(0, max);
}

std::string shortened(std::string_view s, std::size_t chars) {
  std::size_t seen = 0, at = 0, word_end = 0;
  for (; at < s.size(); ++at) {
    if (continues_character(s[at])) continue;
    if (seen++ == chars) break;
    if (s[at] == ' ') word_end = at;
  }
  if (at >= s.size()) return std::string(s);
  if (s[at] == ' ') word_end = at;
  std::string out(s.substr(0, word_end > at / 2 ? word_end : at));
  while (!out.empty() && (out.back() == ',' || out.back() == ';' || out.back() == ' ')) out.pop_back();
  return out + "…";
}

bool next_line(std::string_view text, std::size_t& at, std::string_view& line) {
  if (at >= text.size()) return false;
  const std::size_t end = std::min(text.find('\n', at), text.size());
  line = text.substr(at, end - at);
  at = end + 1;
  return true;
}

Range range_of(std::string_view whole, std::string_view part) {
  const auto begin = static_cast<std::uint32_t>(part.data() - whole.data());
  return {begin, begin + static_cast<std::uint32_t>(part.size())};
}

std::vector<Line> head_lines(std::string_view text, std::size_t max) {
  std::vector<Line> lines;
  std::size_t at = 0;
  bool blank = true;
  std::string_view raw;
  while (next_line(text, at, raw)) {
    const std::string_view line = trim(raw);
    if (line.empty()) {
      if (!lines.empty()) lines.back().blank_after = true;
      blank = true;
      continue;
    }
    if (lines.size() == max) break;
    lines.push_back({range_of(text, line), blank, at >= text.size()});
    blank = false;
  }
  return lines;
}

bool ends_like_sentence(std::string_view s) {
  for (;;) {
    bool closing = false;
    for (std::string_view close : {"\"", "'", ")", "]", "”", "’", "»", "*", "“"})
      if (s.ends_with(close)) s.remove_suffix(close.size()), closing = true;
    if (!closing) break;
  }
  for (std::string_view end : {".", "!", "?", "…", ":", ";", "。", "！", "？"})
    if (s.ends_with(end)) return true;
  return false;
}

bool begins_lower(std::string_view s) {
  std::int32_t at = 0;
  const auto size = static_cast<std::int32_t>(std::min<std::size_t>(s.size(), 64));
  while (at < size) {
    UChar32 c = 0;
    U8_NEXT(reinterpret_cast<const std::uint8_t*>(s.data()), at, size, c);
    if (c < 0) return false;
    if (u_isalpha(c)) return u_islower(c) != 0;
    if (u_isdigit(c)) return false;
  }
  return false;
}

}  // namespace tidings::indexer
