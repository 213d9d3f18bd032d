// SPDX-License-Identifier: GPL-2.0-or-later
// inotify.h — the kernel's file events, unabridged, on the loop.
//
// Why not uv_fs_event (libuv 1.44, src/unix/linux-inotify.c): it does not ask for IN_CLOSE_WRITE, so it
// cannot tell a finished file from one being written; it reduces events to "change" and "rename", losing the
// cookie that joins the halves of a move; and it drops IN_Q_OVERFLOW without a word (20,000 files made in a
// burst: 16,384 callbacks, no error). Like inotify itself this is not recursive: the caller adds a watch a
// folder.
//
// Every event the kernel queued is handed on, in order, in batches of at most kMaxBatch. An overflow of the
// kernel's queue (fs.inotify.max_queued_events) arrives as an FsEvent with wd -1 and IN_Q_OVERFLOW in its
// mask, and means that others are missing: rescan. IN_IGNORED tells that a watch has gone; its wd is not used
// again.
//
// drain() is the barrier for `sync`: when it returns, everything that was queued when it was called has been
// handed to the callback. It reads no further than that, so a busy writer cannot hold the loop: memory and
// time of one call are bounded by the kernel's queue.
//
// Threads: add() and remove() from any thread (one system call each); the callback and all else on the loop
// thread. Events of a new watch may reach the callback before add() has returned in another thread. Errors:
// std::system_error from constructor and drain(); add() and remove() return -errno. ENOSPC from add() means
// that fs.inotify.max_user_watches is used up. An Inotify keeps run() going.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "loop/fd.h"
#include "loop/handle.h"
#include "loop/loop.h"

namespace tidings::loop {

struct FsEvent {
  int wd;                // of the watch, as add() returned it; -1: overflow
  std::uint32_t mask;    // IN_*
  std::uint32_t cookie;  // joins IN_MOVED_FROM and IN_MOVED_TO of one rename; else 0
  std::string name;      // of the entry in the watched folder; empty: the watched file or folder itself
};

class Inotify {
 public:
  static constexpr std::size_t kReadBuffer = 256 * 1024;  // bytes a read(2), whole events
  static constexpr std::size_t kMaxBatch = 4096;          // events a callback

  /// May destroy the Inotify, and may call drain(). If it throws, what is behind its batch stays for the next
  /// drain().
  using OnEvents = std::function<void(std::vector<FsEvent>)>;

  Inotify(Loop& loop, OnEvents on_events);
  Inotify(const Inotify&) = delete;
  Inotify& operator=(const Inotify&) = delete;

  /// Watches path for `mask` (IN_*, may hold IN_ONLYDIR and the like); the wd, or -errno. A path whose inode
  /// is watched already gives the same wd again.
  int add(const char* path, std::uint32_t mask);
  /// 0, or -errno. Events already queued for wd still arrive, then IN_IGNORED.
  int remove(int wd);

  /// Hands on all that is queued now; returns the number of events read by this call.
  std::size_t drain();

 private:
  std::size_t read_some(std::size_t& events);

  Loop& loop_;
  std::shared_ptr<const OnEvents> on_events_;
  Fd fd_;  // outlives poll_
  std::unique_ptr<char[]> buffer_;
  std::deque<FsEvent> read_;  // read from the kernel, not yet handed on; bounded by one buffer
  UvHandle<uv_poll_t> poll_;
};

}  // namespace tidings::loop
