// SPDX-License-Identifier: GPL-2.0-or-later
// status.h — what the daemon says of itself on its control socket.
//
// JSON: {"version": 1, "pid", "state": "crawling" | "ready", "index", "identity", "generation", "as_of_ms", "documents",
//   "pending"    changes seen and not searchable yet, folders still to be crawled counted as one each
//   "files", "bytes"   read since the start
//   "watches", "overflows"
//   "error"      why the index cannot be written just now, or null
//   "corpora": [{"name", "path", "state": "watched" | "crawling" | "polled" | "offline", "reason"}]}
#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tidings::indexer {

struct CorpusStatus {
  std::string name, path, state, reason;
};

struct IndexerStatus {
  std::string index, identity;
  std::uint64_t generation = 0, documents = 0, pending = 0, files = 0, bytes = 0, watches = 0, overflows = 0;
  std::int64_t as_of_ms = 0;
  bool crawling = true;
  std::string error;
  std::vector<CorpusStatus> corpora;
};

nlohmann::ordered_json to_json(const IndexerStatus& status);

}  // namespace tidings::indexer
