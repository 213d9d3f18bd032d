// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/web/escape.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>

namespace tidings::searcher::web {
namespace {

/// Bytes of the character at `text`, 0 if it is not one that a page may hold.
std::size_t printable(std::string_view text) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(std::min<std::size_t>(text.size(), U8_MAX_LENGTH));
  std::int32_t length = 0;
  UChar32 c = 0;
  U8_NEXT(bytes, length, size, c);
  const bool control = c < 0x20 || (c >= 0x7f && c < 0xa0);  // c is negative where it is not UTF-8
  return control && c != '\n' && c != '\t' ? 0 : static_cast<std::size_t>(length);
}

}  // namespace

void escape_into(std::string& html, std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    switch (bytes[i]) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        if (const std::size_t length = printable(bytes.substr(i))) {
          html += bytes.substr(i, length);
          i += length;
        } else {
          html += "\xEF\xBF\xBD";
          ++i;
        }
        continue;
    }
    ++i;
  }
}

std::string escape(std::string_view bytes) {
  std::string html;
  html.reserve(bytes.size() + bytes.size() / 8);
  escape_into(html, bytes);
  return html;
}

}  // namespace tidings::searcher::web
