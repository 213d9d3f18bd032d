// SPDX-License-Identifier: GPL-2.0-or-later
// ranking.h — how reports are scored: one setting for all collections, decided by tests/relevance.
#pragma once
#include <xapian.h>

namespace tidings::searcher {

/// BM25. k3 is large, so that a word typed twice counts twice, as in pasted text; with Xapian's own 1 it
/// saturates (nDCG@10 of cisi .348 instead of .406). b .75 costs the news collection 2 %. See
/// tests/relevance/README.md.
inline Xapian::BM25Weight ranking() {
  constexpr double kTermFrequency = 1.2, kNoLengthBias = 0.0, kQueryFrequency = 1000.0, kLength = 0.5,
                   kShortest = 0.5;
  return Xapian::BM25Weight(kTermFrequency, kNoLengthBias, kQueryFrequency, kLength, kShortest);
}

}  // namespace tidings::searcher
