// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/moves.h"

#include "tests/unit/catch.h"

using namespace tidings;
using namespace tidings::indexer;

namespace {

Key key(const char* path) {
  return {"news", path};
}

}  // namespace

TEST_CASE("reports on the move are published when all are in segments that are handed over", "[moves]") {
  Moves moves;
  CHECK(moves.empty());
  CHECK(moves.all_handed_over());
  REQUIRE(moves.claim(key("new/1"), key("old/1")));
  REQUIRE(moves.claim(key("new/2"), key("old/2")));
  CHECK_FALSE(moves.all_made());
  moves.made(key("new/1"));
  CHECK(moves.is_made(key("new/1"), key("old/1")));
  CHECK_FALSE(moves.is_made(key("new/1"), key("other/1")));
  CHECK_FALSE(moves.is_made(key("new/2"), key("old/2")));
  moves.made(key("new/2"));
  CHECK(moves.all_made());
  CHECK_FALSE(moves.all_handed_over());
  moves.handed_over(key("new/1"));
  moves.handed_over(key("new/2"));
  CHECK(moves.all_handed_over());
  CHECK(moves.removals() == std::vector{key("old/1"), key("old/2")});
  moves.wait(7);
  CHECK(moves.published() == std::vector<Ticket>{7});
  CHECK(moves.empty());
  CHECK_FALSE(moves.leaving(key("old/1")));
}

TEST_CASE("a new name that is given up frees its old one, and nobody waits for it", "[moves]") {
  Moves moves;
  REQUIRE(moves.claim(key("new/1"), key("old/1")));
  CHECK(moves.leaving(key("old/1")));
  SECTION("before it was made") {}
  SECTION("after it was made") {
    moves.made(key("new/1"));
  }
  SECTION("after its segment was handed over") {
    moves.made(key("new/1"));
    moves.handed_over(key("new/1"));
  }
  CHECK(moves.give_up(key("new/1")) == key("old/1"));
  CHECK_FALSE(moves.leaving(key("old/1")));
  CHECK(moves.all_handed_over());
  CHECK_FALSE(moves.give_up(key("new/1")));
}

TEST_CASE("an old name that two new ones claim is left while one of them stands", "[moves]") {
  Moves moves;
  REQUIRE(moves.claim(key("b/1"), key("a/1")));
  REQUIRE(moves.claim(key("c/1"), key("a/1")));
  moves.give_up(key("b/1"));
  CHECK(moves.leaving(key("a/1")));
  CHECK(moves.removals() == std::vector{key("a/1")});
}

TEST_CASE("an old name where a file is again is not removed", "[moves]") {
  Moves moves;
  REQUIRE(moves.claim(key("new/1"), key("old/1")));
  moves.back(key("old/1"));
  CHECK(moves.removals().empty());
  CHECK_FALSE(moves.all_made());
}

TEST_CASE("a ticket that waits is released though the last claim was given up", "[moves]") {
  Moves moves;
  REQUIRE(moves.claim(key("new/1"), key("old/1")));
  moves.wait(3);
  moves.give_up(key("new/1"));
  CHECK_FALSE(moves.empty());
  CHECK(moves.published() == std::vector<Ticket>{3});
}

TEST_CASE("what is not claimed is not touched, and more than kMost is refused", "[moves]") {
  Moves moves;
  moves.made(key("x"));
  moves.handed_over(key("x"));
  moves.back(key("x"));
  CHECK(moves.empty());
  for (std::size_t i = 0; i < Moves::kMost; ++i)
    if (!moves.claim({"news", std::to_string(i)}, {"old", std::to_string(i)})) FAIL("claim " << i);
  CHECK_FALSE(moves.claim(key("one/more"), key("old")));
  CHECK_FALSE(moves.leaving(key("old")));
}
