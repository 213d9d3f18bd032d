// SPDX-License-Identifier: GPL-2.0-or-later
// data_field.h — one field of a document's data (record.h), without the rest being read: for what is asked of many documents.
#pragma once
#include <string_view>

namespace tidings {

/// Its value as it stands there; empty where there is none. Never looks into the text. Valid as long as the data.
std::string_view field_of(std::string_view data, std::string_view field);

}  // namespace tidings
