// SPDX-License-Identifier: GPL-2.0-or-later
// What a power cut must not take back. No test can cut the power: these look at which files and folders the store has synced, and when.
#include <algorithm>

#include "tests/unit/index/failing_calls.h"
#include "tests/unit/index/segments_cases.h"

using namespace tidings;
using namespace tidings::test;
namespace fs = std::filesystem;

namespace {

/// What is synced while it lives.
struct Watched {
  std::vector<fs::path> paths;
  Watched() { synced = &paths; }
  ~Watched() { synced = nullptr; }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;
  bool any(const fs::path& path) const { return first(path) != paths.end(); }
  /// The first one was synced before the other was for the last time.
  bool before(const fs::path& one, const fs::path& other) const {
    return std::find(first(one), paths.end(), other) != paths.end();
  }

 private:
  std::vector<fs::path>::const_iterator first(const fs::path& path) const {
    return std::find(paths.begin(), paths.end(), path);
  }
};

}  // namespace

TEST_CASE("a batch is published when the folder of the live segment is on disk too", "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  const fs::path live = live_folder(folder / "index");
  Watched watched;
  publish(*store, one(news("a"), "strike"));
  CHECK(watched.any(live));
}

TEST_CASE("how a corpus was read is on disk when that is said", "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  Watched watched;
  REQUIRE(store->set_crawled("news", "whole"));
  CHECK(watched.any(live_folder(folder / "index")));
}

TEST_CASE("a new live segment is on disk before a manifest names it", "[store]") {
  FreshFolder folder;
  Watched watched;
  auto store = open(folder / "index");
  CHECK(watched.before(live_folder(folder / "index"), folder / "index"));
  SECTION("nor does a seal name one that is not") {
    publish(*store, one(news("a"), "strike"));
    watched.paths.clear();
    REQUIRE(store->seal());
    CHECK(watched.before(live_folder(folder / "index"), folder / "index"));
  }
}
