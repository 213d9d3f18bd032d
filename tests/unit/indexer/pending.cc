// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/pending.h"

#include "tests/unit/catch.h"

using namespace tidings;
using namespace tidings::indexer;

namespace {

Look arrival(const std::string& path, Ticket ticket = 1) {
  return {{"news", path}, Cause::Arrival, ticket, true};
}
Look backfill(const std::string& path, Ticket ticket = 1) {
  return {{"news", path}, Cause::FirstCrawl, ticket, false};
}

std::vector<std::string> drained(Pending& pending) {
  std::vector<std::string> paths;
  while (auto look = pending.take()) paths.push_back(look->key.path);
  return paths;
}
using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("looks are kept one a path, and never without bound", "[pending]") {
  Outstanding outstanding;
  Pending pending(/*max_paths=*/3, outstanding);
  SECTION("arrivals go before the backfill, each in the order they came") {
    pending.add(backfill("1"));
    pending.add(arrival("2"));
    pending.add(arrival("3"));
    CHECK(drained(pending) == Paths{"2", "3", "1"});
    CHECK(pending.empty());
  }
  SECTION("a path that comes again keeps its place and its ticket") {
    CHECK(pending.add(arrival("a", 1)) == Pending::Added::New);
    CHECK(pending.add(arrival("b", 2)) == Pending::Added::New);
    CHECK(pending.add(arrival("a", 3)) == Pending::Added::Merged);
    CHECK(pending.size() == 2);
    CHECK(pending.take()->ticket == 1);
  }
  SECTION("but an older ticket is taken, so that no sync is answered without it") {
    pending.add(arrival("a", 30));
    CHECK(outstanding.done_up_to(20));
    pending.add(backfill("a", 10));
    CHECK_FALSE(outstanding.done_up_to(20));
    const auto look = pending.take();
    CHECK(look->ticket == 10);
    CHECK(look->arrival);
    outstanding.release(look->ticket);
    CHECK(outstanding.done_up_to(100));
  }
  SECTION("news of what waits in the backfill moves it to the arrivals, with its cause") {
    pending.add(backfill("a", 1));
    pending.add(backfill("b", 1));
    pending.add(arrival("b", 2));
    const auto look = pending.take();
    CHECK(look->key.path == "b");
    CHECK(look->cause == Cause::Arrival);
    CHECK(look->ticket == 1);
    CHECK_FALSE(pending.has_arrivals());
  }
  SECTION("the backfill never turns an arrival into a first crawl") {
    pending.add(arrival("a"));
    pending.add(backfill("a"));
    CHECK(pending.take()->cause == Cause::Arrival);
  }
  SECTION("past its bound it refuses a new path, holds nothing for it, and still takes those it has") {
    for (const auto* path : {"a", "b", "c"}) pending.add(arrival(path, 5));
    CHECK(pending.add(arrival("d", 1)) == Pending::Added::Full);
    CHECK(outstanding.done_up_to(4));
    CHECK(pending.add(arrival("c")) == Pending::Added::Merged);
    CHECK(drained(pending) == Paths{"a", "b", "c"});
  }
  SECTION("the same path of two corpora is two") {
    pending.add({{"news", "a"}, Cause::Arrival, 1, true});
    CHECK(pending.add({{"mail", "a"}, Cause::Arrival, 1, true}) == Pending::Added::New);
  }
}

TEST_CASE("a sync waits for every ticket up to its own, and for none after it", "[pending]") {
  Outstanding outstanding;
  CHECK(outstanding.done_up_to(0));
  CHECK(outstanding.done_up_to(100));
  outstanding.hold(5);
  outstanding.hold(5);
  outstanding.hold(7);
  CHECK(outstanding.done_up_to(4));
  CHECK_FALSE(outstanding.done_up_to(5));
  outstanding.release(5);
  CHECK_FALSE(outstanding.done_up_to(5));
  outstanding.release(5);
  CHECK(outstanding.done_up_to(6));
  CHECK_FALSE(outstanding.done_up_to(7));
  SECTION("what is held by a later ticket can be held by an earlier one instead, never the other way round") {
    Ticket held = 7;
    outstanding.lower(held, 9);
    CHECK(held == 7);
    outstanding.lower(held, 3);
    CHECK(held == 3);
    CHECK(outstanding.done_up_to(2));
    CHECK_FALSE(outstanding.done_up_to(3));
    outstanding.release(held);
    CHECK(outstanding.done_up_to(100));
  }
}
