// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/polled.h"

#include "tests/unit/catch.h"

using namespace tidings::indexer;
using Paths = std::vector<std::string>;

namespace {

const Mount kNfs{30, "/r/nas", "nfs4"};

std::vector<PolledSubtree> listed(const Polled& polled, std::size_t most = 16) {
  std::size_t more = 0;
  return polled.listed(most, more);
}

}  // namespace

TEST_CASE("what is polled covers each such folder once, whatever the reasons", "[polled]") {
  Polled polled;
  CHECK(polled.empty());
  polled.untold("nas", kNfs);
  polled.unwatched("nas/deep");
  polled.unwatched("a");
  polled.unwatched("a/b");
  polled.unwatched("a-b");
  CHECK(polled.roots() == Paths{"a", "a-b", "nas"});
  CHECK(listed(polled) ==
        std::vector<PolledSubtree>{
            {"nas", "/r/nas", "nfs4"}, {"a", "", ""}, {"a-b", "", ""}, {"nas/deep", "", ""}});
  SECTION("each reason goes by itself") {
    polled.told("nas");
    CHECK(polled.roots() == Paths{"a", "a-b", "nas/deep"});
    polled.watched("nas/deep");
    polled.watched("a");
    CHECK(polled.roots() == Paths{"a-b"});
    polled.watched("a-b");
    CHECK(polled.empty());
  }
  SECTION("a folder that goes takes what is below along, and not its namesake") {
    polled.drop_below("a");
    polled.drop_below("nas");
    CHECK(polled.roots() == Paths{"a-b"});
  }
  SECTION("the corpus itself covers all") {
    polled.unwatched("");
    CHECK(polled.roots() == Paths{""});
    CHECK(listed(polled).size() == 2);
  }
  SECTION("a long list is cut, and says by how much") {
    std::size_t more = 0;
    CHECK(polled.listed(1, more).size() == 1);
    CHECK(more == 3);
  }
}

TEST_CASE("past their bound the deepest unwatched folders widen to those above, and none is forgotten",
          "[polled]") {
  Polled polled;
  polled.unwatched("other");
  for (std::size_t i = 0; i < Polled::kMaxUnwatched - 1; ++i)
    polled.unwatched("a/b" + std::to_string(i % 2) + "/" + std::to_string(i));
  CHECK(polled.roots().size() == Polled::kMaxUnwatched);
  polled.unwatched("a/b0/one more");
  CHECK(polled.roots() == Paths{"a/b0", "a/b1", "other"});
  SECTION("at last to the whole corpus") {
    for (std::size_t i = 0; i < Polled::kMaxUnwatched; ++i) polled.unwatched(std::to_string(i));
    CHECK(polled.roots() == Paths{""});
  }
}
