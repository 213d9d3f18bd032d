// SPDX-License-Identifier: GPL-2.0-or-later
// run_all.h — standing queries the plain way: each is run on what is new. Its time grows with their number: 10,000 take a second.
//
// One thread. match() throws what Xapian throws.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "searcher/match/search.h"

namespace tidings::searcher::alerts {

class RunAll {
 public:
  using Id = std::int64_t;
  struct Match {
    Xapian::docid document = 0;  ///< of the snapshot
    Id id = 0;
  };

  RunAll(config::Limits limits, Searcher& searcher) : limits_(limits), searcher_(searcher) {}

  /// BadQuery where it cannot be read.
  Result<void> add(Id id, const std::string& text);
  void remove(Id id) { queries_.erase(id); }

  /// Which queries match which reports that are news after that generation.
  Result<std::vector<Match>> match(const Snapshot& snapshot, std::uint64_t after_generation);

 private:
  const config::Limits limits_;
  Searcher& searcher_;
  std::map<Id, std::string> queries_;
};

}  // namespace tidings::searcher::alerts
