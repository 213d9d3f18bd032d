// SPDX-License-Identifier: GPL-2.0-or-later
// timer.h — a call after some milliseconds, once or again and again.
//
// Milliseconds from the moment of start(), on the monotonic clock. A repeating timer that the loop was too
// busy for is called once, not once for each period missed. Its callback may start, stop or destroy it. Loop
// thread only. A started Timer keeps run() going, a stopped one does not.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>

#include "loop/handle.h"
#include "loop/loop.h"

namespace tidings::loop {

class Timer {
 public:
  Timer(Loop& loop, std::function<void()> callback);
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// Starting again replaces the time set before. repeat_ms 0: once.
  void start(std::uint64_t ms, std::uint64_t repeat_ms = 0);
  void stop();

 private:
  Loop& loop_;
  std::shared_ptr<const std::function<void()>> callback_;  // shared with a call under way that may destroy us
  UvHandle<uv_timer_t> timer_;
};

}  // namespace tidings::loop
