// SPDX-License-Identifier: GPL-2.0-or-later
// facets.h — what the reports that match are, counted: by source, folder, type, language and month.
//
//   source    as its reports write it; counted by its folded form, as `source:` looks for it
//   folder    the folder that a report lies in, "corpus:a/b" ("corpus:" for the corpus folder itself), as `folder:` takes it, which also
//             looks below it
//   type      text, markdown, html, pdf, office, mail, binary
//   language  ISO 639-1; reports of which it is not known are counted as `without`
//   month     "2023-02" of the report's date, UTC (a report whose date is known to the year counts as of January); newest first
// Counted over all full matches, so exact; listed are the kFacetValues most frequent values, equals by value, the rest in `others`.
//
// Source, type and language are counted by the posting lists of their terms, which cost some 10 ns a document of the segment whatever the number of
// matches; folder and month by the value streams, some 100 ns a match.
#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "index/error.h"
#include "index/snapshot.h"
#include "searcher/match/answer.h"
#include "searcher/match/matched.h"

namespace tidings::searcher {

inline constexpr std::size_t kFacetValues = 20;

/// "source,type" as people type it; BadRequest names what is none.
Result<std::vector<Facet>> facets_named(std::string_view list);

/// Throws what Xapian throws.
std::vector<FacetCounts> facets_of(const Snapshot& snapshot, const Matched& matched,
                                   std::span<const Facet> facets);

}  // namespace tidings::searcher
