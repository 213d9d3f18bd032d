// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/status.h"

#include <unistd.h>

#include "tests/unit/catch.h"

using namespace tidings::indexer;
using nlohmann::ordered_json;

TEST_CASE("the status is the document that status.h describes", "[status]") {
  IndexerStatus status;
  status.index = "/var/lib/tidings";
  status.identity = "id";
  status.generation = 7;
  status.documents = 40;
  status.pending = 3;
  status.files = 5;
  status.bytes = 6;
  status.watches = 8;
  status.overflows = 1;
  status.as_of_ms = 1'722'470'400'123;
  status.corpora = {{"news", "/r/news", "offline", "/r/news: No such file or directory"}};
  const ordered_json json = to_json(status);
  CHECK(json == ordered_json{{"version", 1},
                             {"pid", ::getpid()},
                             {"state", "crawling"},
                             {"index", "/var/lib/tidings"},
                             {"identity", "id"},
                             {"generation", 7},
                             {"as_of_ms", 1'722'470'400'123},
                             {"documents", 40},
                             {"pending", 3},
                             {"files", 5},
                             {"bytes", 6},
                             {"watches", 8},
                             {"overflows", 1},
                             {"error", nullptr},
                             {"corpora",
                              {{{"name", "news"},
                                {"path", "/r/news"},
                                {"state", "offline"},
                                {"reason", "/r/news: No such file or directory"}}}}});
  SECTION("with the reason why the index cannot be written") {
    status.error = "disk full";
    status.crawling = false;
    CHECK(to_json(status)["error"] == "disk full");
    CHECK(to_json(status)["state"] == "ready");
  }
  SECTION("without corpora the list is empty, not missing") {
    status.corpora.clear();
    CHECK(to_json(status)["corpora"] == ordered_json::array());
  }
}
