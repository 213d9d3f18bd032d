// SPDX-License-Identifier: GPL-2.0-or-later
// backoff.h — how long to wait before what failed is tried again: twice as long after each failure, up to a bound.
// Of one thread.
#pragma once
#include <algorithm>
#include <chrono>

namespace tidings::indexer {

class Backoff {
 public:
  using Clock = std::chrono::steady_clock;

  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds most) : first_(first), most_(most) {}

  void failed() {
    wait_ = std::clamp(wait_ * 2, first_, most_);
    again_ = Clock::now() + wait_;
  }
  void succeeded() { wait_ = std::chrono::milliseconds(0); }
  /// Tried again at once; another failure waits longer still.
  void hurry() { again_ = {}; }
  bool waiting() const { return Clock::now() < again_; }
  Clock::time_point again() const { return again_; }

 private:
  const std::chrono::milliseconds first_, most_;
  std::chrono::milliseconds wait_{0};
  Clock::time_point again_;
};

}  // namespace tidings::indexer
