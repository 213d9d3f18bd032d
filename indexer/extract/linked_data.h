// SPDX-License-Identifier: GPL-2.0-or-later
// linked_data.h — what a page's JSON-LD script (schema.org) says of the article: headline, date, publisher.
#pragma once
#include <string>
#include <string_view>

namespace tidings::indexer {

struct LinkedData {
  std::string headline, date, publisher;  ///< empty where not said
};

/// The first object that has them, at most four levels down. Malformed JSON says nothing.
LinkedData read_linked_data(std::string_view json);

}  // namespace tidings::indexer
