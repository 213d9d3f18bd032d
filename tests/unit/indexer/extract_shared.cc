// SPDX-License-Identifier: GPL-2.0-or-later
// The real reports that the text handling was designed on. They are not part of the project: $TIDINGS_DATA
// names the folder that holds reports/, else ../shared/data beside the tree is tried.
#include <cstdlib>
#include <filesystem>
#include <map>

#include "indexer/extract/read_file.h"
#include "tests/unit/catch.h"
#include "tests/unit/indexer/extract_cases.h"

using namespace tidings;
using namespace tidings::indexer;
namespace fs = std::filesystem;

TEST_CASE("the real reports have their headlines as titles and no boilerplate in the story",
          "[extract][shared]") {
  const char* named = std::getenv("TIDINGS_DATA");
  const fs::path folder =
      (named != nullptr ? fs::path(named) : fs::path(TIDINGS_SOURCE_DIR) / "../shared/data") / "reports";
  if (!fs::is_directory(folder)) {
    WARN("skipped: no real reports at " << folder.string() << "; set TIDINGS_DATA");
    return;
  }
  struct Want {
    std::string title, date;
    std::size_t boilerplate;
  };
  const std::map<std::string, Want> wanted = {
      {"000", {"Defiant Coventry rally marks one year of struggle against Amazon", "", 3}},
      {"001", {"One year of inspiring Amazon strikes: Escalate and spread to win!", "", 3}},
      {"002",
       {"With days until voting ends in Bessemer, international solidarity with #BAmazonUnion grows", "", 0}},
      {"003",
       {"The leader of Amazon’s first trade union has travelled to the UK to help striking workers in "
        "Coventry organise.",
        "2023-02-27", 0}},
      {"004", {"Amazon workers in Coventry take second day of strike action", "", 1}}};
  std::size_t seen = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto want = wanted.find(entry.path().filename().string().substr(0, 3));
    if (want == wanted.end()) continue;
    ++seen;
    const auto read = read_file(entry.path(), Limits{});
    REQUIRE(read);
    const Report r =
        extract(read->bytes, facts_of("reports/" + entry.path().filename().string(), *read), Limits{});
    CHECK(r.title == want->second.title);
    if (!want->second.date.empty()) {
      CHECK(r.date.iso == want->second.date);
      CHECK(r.date.from == Origin::Leading);
    }
    CHECK(r.boilerplate.size() == want->second.boilerplate);
    CHECK(r.status == Status::Indexed);
  }
  CHECK(seen == wanted.size());
}
