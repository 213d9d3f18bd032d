// SPDX-License-Identifier: GPL-2.0-or-later
// signals.h — Unix signals, delivered as ordinary callbacks on the loop thread.
//
// Between construction and destruction the signals named do not do what they do by default: SIGTERM does not
// kill, the callback decides. Several of one kind that arrive together may be told once, as Unix has it.
// Loop thread only; the kernel may deliver to any thread. Signals keep run() going until they are destroyed.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "loop/handle.h"
#include "loop/loop.h"

namespace tidings::loop {

class Signals {
 public:
  /// Throws std::runtime_error naming the signal that cannot be caught.
  Signals(Loop& loop, const std::vector<int>& numbers, std::function<void(int)> callback);
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  Loop& loop_;
  std::shared_ptr<const std::function<void(int)>> callback_;
  std::vector<UvHandle<uv_signal_t>> handles_;
};

}  // namespace tidings::loop
