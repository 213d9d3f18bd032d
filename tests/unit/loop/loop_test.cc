// SPDX-License-Identifier: GPL-2.0-or-later
#include "loop/loop.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <stdexcept>
#include <vector>

#include "loop/signals.h"
#include "loop/timer.h"
#include "tests/unit/catch.h"
#include "tests/unit/loop/fresh.h"

using namespace tidings::loop;

TEST_CASE("an exception in a callback leaves run(), and the loop can be run again", "[loop]") {
  Loop loop;
  int calls = 0;
  Timer timer(loop, [&] {
    if (++calls == 2) throw std::runtime_error("the second call");
    if (calls == 3) loop.stop();
  });
  timer.start(0, 1);
  CHECK_THROWS_WITH(loop.run(), "the second call");
  CHECK(calls == 2);
  run_until_stopped(loop);
  CHECK(calls == 3);
}

TEST_CASE("of two exceptions in one turn the first leaves run(), and the second is not kept for later",
          "[loop]") {
  Loop loop;
  Timer first(loop, [] { throw std::runtime_error("first"); });
  Timer second(loop, [] { throw std::runtime_error("second"); });
  first.start(0);
  second.start(0);
  CHECK_THROWS_WITH(loop.run(), "first");
  CHECK_NOTHROW(loop.run());
}

TEST_CASE("run() ends by itself when nothing is active", "[loop]") {
  Loop loop;
  Timer never_started(loop, [] { FAIL("called"); });
  loop.run();
  SUCCEED();
}

TEST_CASE("a timer may destroy itself in its callback, and is called no more", "[timer]") {
  Loop loop;
  int calls = 0;
  auto timer = std::make_unique<Timer>(loop, std::function<void()>());
  const std::vector<int> big(1000, 7);
  timer = std::make_unique<Timer>(loop, [&, big] {
    timer.reset();
    calls += big[999];  // the callback's own values live until it returns
  });
  timer->start(0, 1);
  loop.run();
  CHECK(calls == 7);
}

TEST_CASE("a stopped timer is not called", "[timer]") {
  Loop loop;
  Timer stopped(loop, [] { FAIL("called"); });
  Timer last(loop, [] {});
  stopped.start(1);
  last.start(3);
  stopped.stop();
  loop.run();
  SUCCEED();
}

TEST_CASE("each signal named calls back with its number, instead of killing", "[signals]") {
  Loop loop;
  std::vector<int> seen;
  Signals signals(loop, {SIGTERM, SIGHUP}, [&](int number) {
    seen.push_back(number);
    number == SIGHUP ? static_cast<void>(::kill(::getpid(), SIGTERM)) : loop.stop();
  });
  ::kill(::getpid(), SIGHUP);
  run_until_stopped(loop);
  CHECK(seen == std::vector<int>{SIGHUP, SIGTERM});
}

TEST_CASE("a signal that cannot be caught is refused by number", "[signals]") {
  Loop loop;
  CHECK_THROWS_WITH(Signals(loop, {SIGKILL}, [](int) {}), Catch::Contains("catch signal 9"));
}

TEST_CASE("a handle that outlives its loop ends the program rather than corrupt it", "[loop]") {
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(STDERR_FILENO);
    ::signal(SIGABRT, SIG_DFL);  // not the test program's report
    auto loop = std::make_unique<Loop>();
    Timer timer(*loop, [] {});
    loop.reset();
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT));
}
