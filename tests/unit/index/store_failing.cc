// SPDX-License-Identifier: GPL-2.0-or-later
// What is left where a single write or sync of the store fails, and those after it do not.
#include <set>
#include <utility>

#include "tests/unit/index/failing_calls.h"
#include "tests/unit/index/store_cases.h"

using namespace tidings;
using namespace tidings::test;
namespace fs = std::filesystem;

namespace {

/// What of the index folder no manifest names.
std::vector<std::string> litter(const fs::path& index) {
  const auto manifest = Manifest::read(index);
  REQUIRE(manifest);
  std::set<fs::path> needed = {index / "lock",    index / "readers",  index / "running",
                               index / "scratch", index / "manifest", manifest->live_path(index)};
  for (const auto& entry : manifest->sealed)
    for (const auto& file : entry.files(index)) needed.insert(file);
  std::vector<std::string> others;
  for (const auto& entry : fs::directory_iterator(index))
    if (!needed.contains(entry.path())) others.push_back(entry.path().filename().string());
  return others;
}

}  // namespace

TEST_CASE("a merge by the languages of before leaves no file behind, whichever sync of its publication fails",
          "[store]") {
  int failures = 0;
  for (bool all_synced = false; !all_synced; ++failures) {
    FreshFolder folder;
    auto store = open(folder / "index");
    for (const char* name : {"a.txt", "b.txt"}) {
      publish(*store, one({"news", name}, "strikes at the port"));
      REQUIRE(store->seal());
    }
    const auto job = store->plan_merge(true);
    REQUIRE(job);
    const auto merged = merge(*job);
    REQUIRE(merged);
    Store::Options options;
    options.languages = {"en", "de"};
    REQUIRE(store->describe(options));
    syncs_until_failure = failures + 1;
    const bool published = store->publish(*merged).has_value();
    all_synced = std::exchange(syncs_until_failure, 0) > 0;
    CAPTURE(failures, published);
    CHECK(published == all_synced);
    if (!published) store->drop(*job);
    REQUIRE(store->ready());
    CHECK(litter(folder / "index").empty());
    CHECK(facts(folder / "index").documents == 2);
  }
  CHECK(failures > 3);
}

TEST_CASE(
    "of a publication in which one write failed nothing is on the disk, though later writes would succeed",
    "[store]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  int failures = 0;
  // Not many more: where it is a block of values that cannot be written, Xapian 1.4 ends the process (~ValueUpdater throws).
  for (std::uint64_t i = 1; i <= 16; ++i) {
    const Key key{"news", std::to_string(i) + ".txt"};
    std::string words;
    for (std::uint64_t word = 0; word < 40; ++word)
      words += "w" + std::to_string((i * 7919 + word * word * 31) % 9973) + ' ';
    const Batch batch = one(key, words);
    for (long failing = 1;; ++failing, ++failures) {
      CAPTURE(i, failing);
      writes_until_failure = failing;
      const auto published = [&] {
        [[maybe_unused]] const LeaksOfXapian leaks;
        return store->publish(batch);
      }();
      const bool all_written = std::exchange(writes_until_failure, 0) > 0;
      REQUIRE(published.has_value() == all_written);
      if (published) break;
      const auto seen = facts(folder / "index");
      REQUIRE(seen.generation == i - 1);
      REQUIRE(seen.documents == i - 1);
      REQUIRE_FALSE(read(folder / "index", key));
    }
  }
  CHECK(failures > 16 * 3);
}
