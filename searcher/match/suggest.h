// SPDX-License-Identifier: GPL-2.0-or-later
// suggest.h — what may be meant while it is being typed: words of the index that begin so, and titles.
//
// The last word that was typed is completed, if nothing follows it; what stands before is kept as it is. Words by how many reports have them, stop
// words left out and, unless a digit was typed, numbers and compounds (strike-fund.txt); they are the index's terms, so folded (cafe for café). A word that only removed reports have is never among them (Snapshot::having).
// Titles that have all the words, the last one as the beginning of one of theirs; the newest first.
// Bounds: kLookedAt terms that begin so, over all segments (some 0.2 µs each), in the order of the alphabet: past it
// `complete` is false; titles by the kTitleWords most frequent words of a segment that begin so. The text is cut to kSuggestBytes.
#pragma once
#include "index/analyzer.h"
#include "index/snapshot.h"
#include "searcher/match/answer.h"

namespace tidings::searcher {

inline constexpr std::size_t kLookedAt = 50'000, kTitleWords = 50, kSuggestBytes = 512;
inline constexpr std::size_t kMostSuggestions = 100;  ///< of each sort, to ask for

/// Fills words, titles and complete. Throws what Xapian throws.
void suggest(const SuggestRequest& request, const Snapshot& snapshot, Analyzer& analyzer,
             SuggestAnswer& answer);

}  // namespace tidings::searcher
