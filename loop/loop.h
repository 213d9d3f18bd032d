// SPDX-License-Identifier: GPL-2.0-or-later
// loop.h — one libuv loop, and the way out of it for exceptions.
//
// Declare the Loop before whatever hangs on it, so that it is destroyed last: its destructor runs the closes
// that the others asked for. An owner that outlives its loop is a bug in the program; the destructor names
// the kind of handle on stderr and aborts, for going on would be a use after free.
//
// Callbacks come from C, through which no exception may pass. Each class of this room calls out inside
// guard(), which keeps the exception and stops the loop; run() then rethrows it. Callbacks of the same turn
// still run; should one of them throw as well, that one is written to stderr, since run() can throw only one.
// A Loop may be run again after that.
//
// Threads: all by the thread that calls run(), except where a class says otherwise (Poster::post).
// The constructor ignores SIGPIPE for the whole process: libuv writes with write(2), and a peer that has gone
// must be an error of that stream, not the end of the program. (uv_spawn gives children the default back.)
#pragma once
#include <uv.h>

#include <exception>
#include <utility>

namespace tidings::loop {

class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Until stop(), or until nothing is active any more. Rethrows what a callback threw.
  void run();

  /// run() returns after this turn; called before run(), that run() returns at once. Loop thread only.
  void stop() noexcept { uv_stop(&loop_); }

  uv_loop_t* raw() noexcept { return &loop_; }

  /// Calls f; what it throws is kept for run(). Touches only the Loop afterwards, so f may destroy its
  /// caller.
  template <class F>
  void guard(F&& f) noexcept {
    try {
      std::forward<F>(f)();
    } catch (...) {
      fail(std::current_exception());
    }
  }

 private:
  void fail(std::exception_ptr thrown) noexcept;

  uv_loop_t loop_{};
  std::exception_ptr failure_;
};

}  // namespace tidings::loop
