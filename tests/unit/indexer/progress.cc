// SPDX-License-Identifier: GPL-2.0-or-later
// How far a backfill is, by a clock of the test's own.
#include "indexer/progress.h"

#include "tests/unit/catch.h"

using namespace tidings::indexer;
using namespace std::chrono_literals;

namespace {

struct Backfill {
  Progress progress;
  Progress::Clock::time_point now{1h};
  Progress::Left left{.listing = true, .anew = true, .unpublished = false};

  void ask(int files, std::uint64_t bytes_each) {
    for (int i = 0; i < files; ++i) progress.asked(bytes_each);
  }
  void read(int files, std::uint64_t bytes_each) {
    for (int i = 0; i < files; ++i) progress.done(bytes_each);
  }
  std::optional<ProgressStatus> status() {
    progress.update(left, now);
    return progress.status(now);
  }
};

}  // namespace

TEST_CASE("a backfill tells what is done of what has been found so far", "[progress]") {
  Backfill b;
  b.ask(300, 1000);
  b.read(100, 1000);
  CHECK(b.status() == ProgressStatus{.files_done = 100,
                                     .files_total = 300,
                                     .bytes_done = 100'000,
                                     .bytes_total = 300'000,
                                     .listed = false,
                                     .files_per_s = {},
                                     .bytes_per_s = {},
                                     .seconds_left = {}});
}

TEST_CASE("rates are of the last seconds, and not of the whole backfill", "[progress]") {
  Backfill b;
  b.ask(100'000, 2000);
  CHECK_FALSE(b.status()->files_per_s);
  b.now += 999ms;
  b.read(10, 2000);
  CHECK_FALSE(b.status()->files_per_s);  // too short a time to tell from
  b.now += 1ms;
  REQUIRE(b.status()->files_per_s);
  CHECK(*b.status()->files_per_s == 10);
  for (int i = 0; i < 100; ++i) {  // 25 s at 400 a second, of which the last 10 count
    b.now += 250ms;
    b.read(100, 2000);
    b.status();
  }
  CHECK(*b.status()->files_per_s == 400);
  CHECK(*b.status()->bytes_per_s == 800'000);
  SECTION("and fall when nothing is read any more") {
    for (int i = 0; i < 5; ++i) {
      b.now += 1s;
      b.status();
    }
    CHECK(*b.status()->files_per_s == 200);
    for (int i = 0; i < 6; ++i) {
      b.now += 1s;
      b.status();
    }
    CHECK(*b.status()->files_per_s == 0);
    b.left.listing = false;
    CHECK(b.status()->listed);
    CHECK_FALSE(b.status()->seconds_left);  // it stands still
  }
}

TEST_CASE("the time left is told once all folders have been listed", "[progress]") {
  Backfill b;
  b.ask(1000, 1000);
  b.status();
  b.now += 2s;
  b.read(200, 1000);
  CHECK_FALSE(b.status()->seconds_left);
  b.left.listing = false;
  CHECK(b.status()->seconds_left == 8U);  // 800 files at 100 a second
  SECTION("by the bytes, where large files are left") {
    b.ask(1, 10'000'000);
    CHECK(b.status()->seconds_left == 108U);  // 10.8 MB at 100 kB a second
  }
  SECTION("none, when all has been read, and is still to be published") {
    b.read(800, 1000);
    b.left.unpublished = true;
    CHECK(b.status()->seconds_left == 0U);
  }
}

TEST_CASE("a backfill ends when nothing of it is left, and the next one counts anew", "[progress]") {
  Backfill b;
  b.ask(10, 1);
  b.status();
  b.now += 5s;
  b.read(10, 1);
  b.left = {};
  CHECK_FALSE(b.status());
  CHECK_FALSE(b.progress.running());
  b.left = {.listing = true, .anew = true, .unpublished = false};
  b.ask(3, 1);
  CHECK(b.status()->files_total == 3);
  CHECK(b.status()->files_done == 0);
  CHECK_FALSE(b.status()->files_per_s);
}

TEST_CASE("a catch-up is told of when it is large", "[progress]") {
  Backfill b;
  b.left.anew = false;
  CHECK_FALSE(b.status());
  b.ask(int(Progress::kLarge) - 1, 1);
  CHECK_FALSE(b.status());
  CHECK(b.progress.running());
  b.ask(1, 1);
  CHECK(b.status()->files_total == Progress::kLarge);
  SECTION("and a first crawl that began meanwhile makes it one of any size") {
    Backfill small;
    small.left.anew = false;
    small.ask(1, 1);
    CHECK_FALSE(small.status());
    small.left.anew = true;
    small.status();
    small.left = {};  // its folders are listed, its file is still to be read
    CHECK(small.status()->files_total == 1);
  }
}

TEST_CASE("progress in words fits a line of a terminal", "[progress]") {
  ProgressStatus p{.files_done = 1200,
                   .files_total = 5296,
                   .bytes_done = 0,
                   .bytes_total = 0,
                   .listed = false,
                   .files_per_s = {},
                   .bytes_per_s = {},
                   .seconds_left = {}};
  CHECK(text_of(p) == "1,200 of at least 5,296 files");
  p.files_per_s = 419.6;
  p.bytes_per_s = 1'260'000;
  CHECK(text_of(p) == "1,200 of at least 5,296 files, 420 files/s, 1.3 MB/s");
  p.listed = true;
  p.seconds_left = 10;
  CHECK(text_of(p) == "1,200 of 5,296 files, 420 files/s, 1.3 MB/s, 10 s left");
  p.seconds_left = 89;
  CHECK(text_of(p).ends_with(", 89 s left"));
  p.seconds_left = 90;
  CHECK(text_of(p).ends_with(", 2 min left"));
  p.seconds_left = 2 * 3600;
  CHECK(text_of(p).ends_with(", 2 h left"));
  p.files_done = 12'345'678;
  p.files_total = 123'456'789;
  p.files_per_s = 12'345;
  p.bytes_per_s = 123'456'789;
  CHECK(text_of(p).size() < 80);
  p.files_done = 0;
  p.files_total = 999;
  CHECK(text_of(p).starts_with("0 of 999 files, "));
}
