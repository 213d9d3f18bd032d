// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/status.h"

#include <unistd.h>

namespace tidings::indexer {

nlohmann::ordered_json to_json(const IndexerStatus& s) {
  nlohmann::ordered_json json{{"version", 1},
                              {"pid", ::getpid()},
                              {"state", s.crawling ? "crawling" : "ready"},
                              {"index", s.index},
                              {"identity", s.identity},
                              {"generation", s.generation},
                              {"as_of_ms", s.as_of_ms},
                              {"documents", s.documents},
                              {"pending", s.pending},
                              {"files", s.files},
                              {"bytes", s.bytes},
                              {"watches", s.watches},
                              {"overflows", s.overflows},
                              {"error", nullptr},
                              {"corpora", nlohmann::ordered_json::array()}};
  if (!s.error.empty()) json["error"] = s.error;
  for (const auto& corpus : s.corpora)
    json["corpora"].push_back(
        {{"name", corpus.name}, {"path", corpus.path}, {"state", corpus.state}, {"reason", corpus.reason}});
  return json;
}

}  // namespace tidings::indexer
