// SPDX-License-Identifier: GPL-2.0-or-later
// html_bounds.h — an HTML source without what libxml2 would take quadratic time for: see html.h.
//
// Attributes past `max` in one tag go; all else is copied as it stands, comments, scripts and broken tags
// included. Linear.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace tidings::indexer {

std::string bounded_attributes(std::string_view html, std::size_t max);

}  // namespace tidings::indexer
