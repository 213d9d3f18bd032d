// SPDX-License-Identifier: GPL-2.0-or-later
// What the index thread makes of errors: real files, a real store, and what is in the way of its writing.
#include "tests/unit/indexer/running.h"

using namespace tidings;
using namespace tidings::indexer;
using tidings::indexer::test::kLong;
using tidings::indexer::test::Running;
namespace fs = std::filesystem;

TEST_CASE("a seal that fails is told of until it succeeds, whatever else succeeds meanwhile", "[recovery]") {
  Running r({"mail", "news"});
  r.start(/*watching=*/true);
  r.sync();
  const SegmentId live = Manifest::read(r.folder / "index")->live;
  // Where the vocabulary is written before it gets its name: what is named, a seal that fails removes itself.
  const fs::path in_the_way =
      SegmentEntry{.id = live, .folder = true, .words = 1}.words_path(r.folder / "index").string() + ".new";
  fs::create_directories(in_the_way / "not a vocabulary");
  for (std::uint64_t i = 0; i < Store::kLiveDocuments; ++i)
    r.folder.write("news/" + std::to_string(i) + ".txt", std::to_string(i));
  r.indexer->mailbox().put_events({{-1, IN_Q_OVERFLOW, 0, ""}});
  const auto until = std::chrono::steady_clock::now() + kLong;
  while (r.indexer->status().error.empty()) {
    r.sync();
    REQUIRE(std::chrono::steady_clock::now() < until);
  }
  for (int crawled = 0; crawled < 3;) {
    r.tell("mail", IN_ATTRIB, "");
    if (r.sync().error.empty()) ++crawled;  // after a pause
    CHECK_FALSE(r.indexer->status().error.empty());
    REQUIRE(std::chrono::steady_clock::now() < until);
  }
  fs::remove_all(in_the_way);
  while (!r.indexer->status().error.empty()) {
    r.sync();
    REQUIRE(std::chrono::steady_clock::now() < until);
  }
  CHECK(Manifest::read(r.folder / "index")->live != live);
  CHECK(r.documents() == Store::kLiveDocuments);
}
