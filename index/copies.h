// SPDX-License-Identifier: GPL-2.0-or-later
// copies.h — near-copies: reports with all but the same text (sketch.h), as a story that two sources carry, or a later version of one.
//
// Being a near-copy is a matter of two texts alone. There are no groups on disk, so none has to be made anew when a report comes, changes
// or goes, and none grows by a chain of small differences: who shows reports shows one, and leaves out its near-copies.
//
// A CopyFinder looks at one snapshot, on one thread. Throws what Xapian throws.
#pragma once
#include <xapian.h>

#include <optional>
#include <vector>

#include "index/analyzer.h"
#include "index/segments/sketches.h"
#include "index/sketch.h"
#include "index/snapshot.h"

namespace tidings {

class CopyFinder {
 public:
  static constexpr std::size_t kMostCompared = 200;  ///< candidates, those first that share the most

  CopyFinder(const Snapshot& snapshot, Analyzer& analyzer) : snapshot_(snapshot), analyzer_(analyzer) {}

  struct Copy {
    Xapian::docid id = 0;
    double resemblance = 0;  ///< from kNearCopy to 1
  };
  /// The living near-copies of a document, itself left out; by ascending ids.
  std::vector<Copy> of(Xapian::docid id);
  /// All living documents that have one, ascending. Where more than kNeighbours share a hash, each is compared with as many only:
  /// a copy is missed where all that it shares is shared by so many. On 21,578 reports .2 s.
  std::vector<Xapian::docid> all();

 private:
  static constexpr std::size_t kNeighbours = 64;

  const std::vector<SketchEntry>& live();
  Shingles shingles(Xapian::docid id) const;

  const Snapshot& snapshot_;
  Analyzer& analyzer_;
  std::optional<std::vector<SketchEntry>> live_;  ///< of the live segment: it keeps them in its values alone
};

}  // namespace tidings
