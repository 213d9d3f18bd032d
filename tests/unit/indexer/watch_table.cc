// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/watch_table.h"

#include <cerrno>

#include "tests/unit/catch.h"

using namespace tidings;
using namespace tidings::indexer;

namespace {

/// The kernel's part: a watch belongs to an inode, whatever path it is added by, and numbers are never used again.
struct Kernel {
  std::map<std::string, int> inodes;  ///< by absolute path
  std::map<int, int> watches;         ///< inode to watch
  std::vector<int> removed;
  int next = 1;

  WatchTable::Calls calls() {
    return {.add =
                [this](const char* path, std::uint32_t) {
                  auto inode = inodes.find(path);
                  if (inode == inodes.end()) return -ENOENT;
                  if (inode->second < 0) return -ENOSPC;
                  auto [watch, made] = watches.try_emplace(inode->second, next);
                  next += made;
                  return watch->second;
                },
            .remove =
                [this](int wd) {
                  removed.push_back(wd);
                  std::erase_if(watches, [&](const auto& watch) { return watch.second == wd; });
                }};
  }
};

}  // namespace

TEST_CASE("a watch stands for the folder it was added for", "[watch_table]") {
  Kernel kernel{.inodes = {{"/r", 10}, {"/r/a", 11}, {"/r/a-b", 12}, {"/r/a/x", 13}, {"/full", -1}},
                .watches = {},
                .removed = {}};
  WatchTable table(kernel.calls());
  REQUIRE(table.add({"news", ""}, "/r") == 0);
  REQUIRE(table.add({"news", "a"}, "/r/a") == 0);
  REQUIRE(table.add({"news", "a-b"}, "/r/a-b") == 0);
  REQUIRE(table.add({"news", "a/x"}, "/r/a/x") == 0);
  REQUIRE(table.size() == 4);
  REQUIRE(*table.find(2) == Key{"news", "a"});
  CHECK(table.find(99) == nullptr);

  SECTION("adding it again changes nothing") {
    CHECK(table.add({"news", "a"}, "/r/a") == 0);
    CHECK(table.size() == 4);
    CHECK(*table.find(2) == Key{"news", "a"});
  }
  SECTION("what the kernel refuses is its errno, and no watch") {
    CHECK(table.add({"news", "full"}, "/full") == ENOSPC);
    CHECK(table.add({"news", "gone"}, "/gone") == ENOENT);
    CHECK(table.size() == 4);
  }
  SECTION("a folder that was renamed keeps its watch under the new name alone") {
    kernel.inodes["/r/b"] = 11;
    CHECK(table.add({"news", "b"}, "/r/b") == 0);
    CHECK(*table.find(2) == Key{"news", "b"});
    CHECK(table.size() == 4);
    table.drop_below({"news", "a"});  // its old name stands for nothing now, but for what is still below it
    CHECK(table.find(2) != nullptr);
  }
  SECTION("a new folder of an old name takes the name, and the renamed one may come back") {
    kernel.inodes["/r/b"] = 11;
    kernel.inodes["/r/a"] = 20;
    CHECK(table.add({"news", "a"}, "/r/a") == 0);
    CHECK(*table.find(5) == Key{"news", "a"});
    CHECK(table.find(2) == nullptr);
    CHECK(table.add({"news", "b"}, "/r/b") == 0);
    CHECK(*table.find(2) == Key{"news", "b"});
    CHECK(*table.find(5) == Key{"news", "a"});
    CHECK(table.size() == 5);
  }
  SECTION("a folder that goes takes those beneath with it, and not its namesake") {
    table.drop_below({"news", "a"});
    CHECK(kernel.removed == std::vector<int>{2, 4});
    CHECK(table.size() == 2);
    CHECK(*table.find(3) == Key{"news", "a-b"});
  }
  SECTION("a corpus that goes takes all of its own, and none of another") {
    kernel.inodes["/m"] = 30;
    REQUIRE(table.add({"mail", ""}, "/m") == 0);
    table.drop_below({"news", ""});
    CHECK(table.size() == 1);
    CHECK(*table.find(5) == Key{"mail", ""});
  }
  SECTION("what the kernel dropped by itself is forgotten, and not removed again") {
    table.forget(2);
    table.forget(2);
    table.forget(99);
    CHECK(table.find(2) == nullptr);
    CHECK(table.size() == 3);
    table.drop_below({"news", "a"});
    CHECK(kernel.removed == std::vector<int>{4});
  }
}

TEST_CASE("a watch follows no link, and tells of what changes a report", "[watch_table]") {
  for (const std::uint32_t bit : {IN_CLOSE_WRITE, IN_MOVED_FROM, IN_MOVED_TO, IN_CREATE, IN_DELETE, IN_ATTRIB,
                                  IN_DONT_FOLLOW, IN_ONLYDIR})
    CHECK((WatchTable::kMask & bit) == bit);
}
