// SPDX-License-Identifier: GPL-2.0-or-later
#include "loop/poster.h"

#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/unit/catch.h"
#include "tests/unit/loop/fresh.h"

using namespace tidings::loop;

TEST_CASE("tasks posted from many threads all run, each thread's in its order", "[poster]") {
  constexpr int kThreads = 4, kTasks = 5000;
  Loop loop;
  Poster poster(loop);
  std::vector<std::vector<int>> ran(kThreads);  // the loop thread's alone, so without a lock
  int left = kThreads * kTasks;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < kTasks; ++i)
        while (!poster.post([&, t, i] {
          ran[static_cast<std::size_t>(t)].push_back(i);
          if (--left == 0) loop.stop();
        }))
          std::this_thread::yield();
    });
  run_until_stopped(loop);
  for (auto& thread : threads) thread.join();
  std::vector<int> in_order;
  for (int i = 0; i < kTasks; ++i) in_order.push_back(i);
  for (const auto& one : ran) CHECK(one == in_order);
}

TEST_CASE("a full poster refuses, and the task refused is still the caller's", "[poster]") {
  Loop loop;
  Poster poster(loop);
  std::size_t ran = 0;
  for (std::size_t i = 0; i < Poster::kMaxPosted; ++i) REQUIRE(poster.post([&] { ++ran; }));
  Task one_more([&, value = std::make_unique<int>(1000)] { ran += static_cast<std::size_t>(*value); });
  CHECK_FALSE(poster.post(std::move(one_more)));
  REQUIRE(one_more);

  poster.close();
  CHECK(ran == Poster::kMaxPosted);
  one_more();
  CHECK(ran == Poster::kMaxPosted + 1000);
}

TEST_CASE("a closed poster refuses, after having run what it had accepted", "[poster]") {
  Loop loop;
  Poster poster(loop);
  int ran = 0;
  REQUIRE(poster.post([&] { ++ran; }));
  poster.close();
  CHECK(ran == 1);
  CHECK_FALSE(poster.post([&] { ++ran; }));
  loop.run();
  CHECK(ran == 1);
}

TEST_CASE("a task that throws leaves run(), and those behind it run in the next", "[poster]") {
  Loop loop;
  Poster poster(loop);
  std::vector<int> ran;
  REQUIRE(poster.post([&] { ran.push_back(1); }));
  REQUIRE(poster.post([] { throw std::runtime_error("no disk"); }));
  REQUIRE(poster.post([&] {
    ran.push_back(3);
    loop.stop();
  }));
  CHECK_THROWS_WITH(loop.run(), "no disk");
  CHECK(ran == std::vector<int>{1});
  run_until_stopped(loop);
  CHECK(ran == std::vector<int>{1, 3});
}

TEST_CASE("a task that posts itself again does not keep timers waiting", "[poster]") {
  Loop loop;
  Poster poster(loop);
  std::function<void()> again = [&] { REQUIRE(poster.post(again)); };
  again();
  Timer timer(loop, [&] { loop.stop(); });
  timer.start(5);
  run_until_stopped(loop);
  SUCCEED();
}
