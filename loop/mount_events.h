// SPDX-License-Identifier: GPL-2.0-or-later
// mount_events.h — a call when something is mounted, unmounted or remounted in our mount namespace.
//
// The kernel marks /proc/self/mountinfo as exceptional (POLLPRI) at each change (proc(5)), which libuv calls UV_PRIORITIZED. Changes
// that come together are one call; what changed is for the callee to read there. Changes made before the constructor are not told.
//
// Loop thread only. Errors: std::system_error where /proc cannot be read, std::runtime_error where it cannot be polled. It keeps
// run() going.
#pragma once
#include <functional>
#include <memory>

#include "loop/fd.h"
#include "loop/handle.h"
#include "loop/loop.h"

namespace tidings::loop {

class MountEvents {
 public:
  /// May destroy the MountEvents.
  using OnChange = std::function<void()>;

  MountEvents(Loop& loop, OnChange on_change);
  MountEvents(const MountEvents&) = delete;
  MountEvents& operator=(const MountEvents&) = delete;

 private:
  Loop& loop_;
  std::shared_ptr<const OnChange> on_change_;
  Fd fd_;  // outlives poll_
  UvHandle<uv_poll_t> poll_;
};

}  // namespace tidings::loop
