// SPDX-License-Identifier: GPL-2.0-or-later
// escape.h — any bytes as the text of an HTML page or of an attribute in double quotes, which they can
// neither end nor widen.
//
// & < > " ' become entities. What is not UTF-8, and control characters but tab and line feed, become U+FFFD,
// so the page is valid whatever a report holds. Never fails; no state.
#pragma once
#include <string>
#include <string_view>

namespace tidings::searcher::web {

std::string escape(std::string_view bytes);
void escape_into(std::string& html, std::string_view bytes);

}  // namespace tidings::searcher::web
