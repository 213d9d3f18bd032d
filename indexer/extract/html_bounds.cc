// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/extract/html_bounds.h"

#include <algorithm>

#include "index/characters.h"

namespace tidings::indexer {
namespace {

bool names(std::string_view html, std::size_t at, std::string_view element) {
  if (html.size() < at + element.size() + 1) return false;
  for (std::size_t i = 0; i < element.size(); ++i)
    if (ascii_lower(html[at + i]) != element[i]) return false;
  const char next = html[at + element.size()];
  return is_ascii_space(next) || next == '>' || next == '/';
}

/// Where "</script" or the like begins, from `at`; the size if nowhere.
std::size_t raw_end(std::string_view html, std::size_t at, std::string_view element) {
  for (at = html.find("</", at); at != html.npos; at = html.find("</", at + 2))
    if (names(html, at + 2, element)) return at;
  return html.size();
}

}  // namespace

std::string bounded_attributes(std::string_view html, std::size_t max) {
  std::string out;
  out.reserve(html.size());
  const std::size_t last_double = html.rfind('"'), last_single = html.rfind('\''),
                    last_comment = html.rfind("-->");
  std::size_t copied = 0, at = 0;
  const auto copy_to = [&](std::size_t end) {
    out.append(html.substr(copied, end - copied));
    copied = end;
  };
  while ((at = html.find('<', at)) != html.npos) {
    if (html.substr(at, 4) == "<!--" && last_comment != html.npos && last_comment >= at + 2) {
      at = html.find("-->", at + 2) + 3;
      continue;
    }
    if (at + 1 >= html.size() || !is_ascii_letter(html[at + 1])) {
      ++at;
      continue;
    }
    const std::size_t name = at + 1;
    std::size_t attributes = 0, keep_to = 0;
    while (at < html.size() && !is_ascii_space(html[at]) && html[at] != '>' && html[at] != '/') ++at;
    while (at < html.size() && html[at] != '>') {
      const char c = html[at];
      if (is_ascii_space(c) || c == '/') {
        ++at;
        continue;
      }
      if (c == '<') break;  // a tag that never ended
      if (++attributes == max + 1) keep_to = at;
      while (at < html.size() && !is_ascii_space(html[at]) && html[at] != '>' && html[at] != '=') ++at;
      while (at < html.size() && is_ascii_space(html[at])) ++at;
      if (at >= html.size() || html[at] != '=') continue;
      ++at;
      while (at < html.size() && is_ascii_space(html[at])) ++at;
      if (at >= html.size()) break;
      const char quote = html[at];
      const std::size_t last = quote == '"' ? last_double : quote == '\'' ? last_single : html.npos;
      if (last != html.npos && last > at) {
        at = html.find(quote, at + 1) + 1;
      } else {
        while (at < html.size() && !is_ascii_space(html[at]) && html[at] != '>') ++at;
      }
    }
    if (keep_to != 0) {
      copy_to(keep_to);
      copied = at;
    }
    for (std::string_view raw : {"script", "style", "textarea", "xmp"})
      if (names(html, name, raw)) at = raw_end(html, at, raw);
  }
  copy_to(html.size());
  return out;
}

}  // namespace tidings::indexer
