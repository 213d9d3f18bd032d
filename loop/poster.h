// SPDX-License-Identifier: GPL-2.0-or-later
// poster.h — the one way from another thread onto the loop's thread.
//
// post() hands over a task; the loop runs all tasks in the order in which they were accepted, so each
// thread's own order is kept. Values go along inside the task, moved and not shared. A turn of the loop runs
// what was waiting when it began; what is posted meanwhile waits for the next turn, so a busy poster cannot
// starve sockets and timers.
//
// Bound: kMaxPosted tasks waiting. Past it, and after close(), post() returns false and has not touched the
// task: the caller still has it and decides (try again, widen to a rescan, answer `busy`). Nothing is lost
// here. A task that throws ends run() as every callback does; the tasks behind it stay, for the next run().
//
// Threads: post() from any. The rest on the loop thread. Destroy a Poster only when no thread can still be
// inside post(): close() it, join the threads, then drop it. A task must not destroy its own Poster. An open
// Poster keeps run() going.
#pragma once
#include <cstddef>
#include <deque>
#include <mutex>

#include "loop/handle.h"
#include "loop/loop.h"
#include "loop/task.h"

namespace tidings::loop {

class Poster {
 public:
  static constexpr std::size_t kMaxPosted = 65536;  // tasks

  explicit Poster(Loop& loop);
  /// Tasks that are still waiting are destroyed without being run; close() first to have them run.
  ~Poster();
  Poster(const Poster&) = delete;
  Poster& operator=(const Poster&) = delete;

  [[nodiscard]] bool post(Task&& task);

  /// Refuses from now on, and runs here what was accepted before. Rethrows what a task throws; call again to
  /// run the rest.
  void close();

 private:
  void run_waiting();

  Loop& loop_;
  std::mutex mutex_;
  std::deque<Task> waiting_;  // guarded by mutex_
  UvHandle<uv_async_t>
      wakeup_;  // guarded by mutex_ (uv_async_send and uv_close exclude each other); null = closed
};

}  // namespace tidings::loop
