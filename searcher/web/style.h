// SPDX-License-Identifier: GPL-2.0-or-later
// style.h — the pages' style sheet, embedded: served as /style.css, since the pages allow no style of their
// own.
#pragma once
#include <string_view>

namespace tidings::searcher::web {

extern const std::string_view kStyle;

}  // namespace tidings::searcher::web
