// SPDX-License-Identifier: GPL-2.0-or-later
// completion.h — what a document gets from the store: its generation, cause and first-seen time.
#pragma once
#include <xapian.h>

#include <cstdint>
#include <optional>
#include <string>

#include "index/schema.h"
#include "index/segments/word_order.h"

namespace tidings {

/// A document made by a builder, with what the store needs to know of it.
struct PutDocument {
  Xapian::Document document;
  Cause cause = Cause::Arrival;
  std::string hash;
  WordsInOrder words = {};  ///< for a document that is made in bulk
};

/// What the index has of a file's earlier version.
struct Previous {
  std::uint64_t generation = 0;
  std::uint64_t first_seen_ms = 0;
  Cause cause = Cause::Arrival;
  Status status = Status::Indexed;
  std::string hash;
};
Previous previous_of(const Xapian::Document& document);

/// True for causes that standing queries hear of. Only these have terms of generation and cause.
bool is_news(Cause cause);

/// Adds generation, cause and first-seen to the document. A put whose contents (hash) and status are those already indexed is
/// only a new stamp (a touch, a chmod): it keeps generation and cause, so that it never fires a standing query. Arrival and
/// Change are told apart by whether there is an earlier version.
void complete(PutDocument& put, const std::optional<Previous>& previous, std::uint64_t generation);
/// Adds them as they were: for a document that is made anew of its stored text.
void complete_as(Xapian::Document& document, const Previous& was);

std::int64_t now_ms();

}  // namespace tidings
