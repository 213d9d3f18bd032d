// SPDX-License-Identifier: GPL-2.0-or-later
// ranking.h — how reports are scored: one setting for all collections, decided by tests/relevance.
#pragma once
#include <xapian.h>

namespace tidings::searcher {

/// BM25 as Xapian has it. k1 and b are Xapian's defaults; see tests/relevance/README.md for the table.
inline Xapian::BM25Weight ranking() {
  return Xapian::BM25Weight(1.0, 0.0, 1.0, 0.5, 0.5);
}

}  // namespace tidings::searcher
