// SPDX-License-Identifier: GPL-2.0-or-later
// status.h — what the daemon says of itself on its control socket.
//
// JSON: {"version": 1, "pid", "state": "crawling" | "ready", "index", "identity", "generation", "as_of_ms", "documents",
//   "pending"    changes seen and not searchable yet: files to be read, being read, read and not published, or written and not closed;
//                folders still to be crawled counted as one each
//   "files", "bytes"   read since the start
//   "watches", "overflows"
//   "progress"   of a first crawl, a rebuild or a large catch-up (progress.h); null while there is none. {
//     "files_done", "files_total", "bytes_done", "bytes_total"   read, of those that were found to be read
//     "listed"           all folders have been listed; else the totals are lower bounds
//     "files_per_s", "bytes_per_s"    over the last seconds; null until they are known
//     "seconds_left"     null while it cannot be known: folders are still to be listed, or nothing goes on
//     "text"             the same in one line}
//   "quarantined"        damaged segments that were taken out since the start; their reports are read again
//   "quarantine_bytes"   what is kept of damaged segments (index/segments/quarantine.h)
//   "error"      why the index cannot be written just now, or null
//   "corpora": [{"name", "path",
//     "state"    "watched" | "crawling" | "polled" (events do not tell of all of it) | "offline" (its root is away)
//     "reason"   of offline and polled, else empty
//     "polled": [{"path", "mount", "type", "reason"}]   subtrees that are crawled from time to time: on a mount that others change
//                beneath us, its point and type; or, both null, for want of inotify watches. At most kPolledShown
//     "polled_more"   how many others there are}]}
#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "indexer/corpus_folder.h"
#include "indexer/progress.h"

namespace tidings::indexer {

struct PolledStatus {
  std::string path, mount, type, reason;
};

struct CorpusStatus {
  std::string name, path, state, reason;
  std::vector<PolledStatus> polled = {};
  std::size_t polled_more = 0;
};

struct IndexerStatus {
  std::string index, identity;
  std::uint64_t generation = 0, documents = 0, pending = 0, files = 0, bytes = 0, watches = 0, overflows = 0;
  std::uint64_t quarantined = 0, quarantine_bytes = 0;
  std::int64_t as_of_ms = 0;
  bool crawling = true;
  std::optional<ProgressStatus> progress = {};
  std::string error;
  std::vector<CorpusStatus> corpora;
};

inline constexpr std::size_t kPolledShown = 16;  ///< of a corpus; more are counted

CorpusStatus corpus_status(const CorpusFolder& corpus, bool crawling);

nlohmann::ordered_json to_json(const IndexerStatus& status);

}  // namespace tidings::indexer
