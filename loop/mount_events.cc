// SPDX-License-Identifier: GPL-2.0-or-later
#include "loop/mount_events.h"

#include <fcntl.h>

#include <cerrno>
#include <system_error>

namespace tidings::loop {
namespace {

Fd open_mountinfo() {
  Fd fd(::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC));
  if (!fd) throw std::system_error(errno, std::generic_category(), "/proc/self/mountinfo");
  return fd;
}

}  // namespace

MountEvents::MountEvents(Loop& loop, OnChange on_change)
    : loop_(loop),
      on_change_(std::make_shared<const OnChange>(std::move(on_change))),
      fd_(open_mountinfo()),
      poll_(make_uv<uv_poll_t>("poll /proc/self/mountinfo", this,
                               [&](uv_poll_t* h) { return uv_poll_init(loop.raw(), h, fd_.get()); })) {
  int rc = uv_poll_start(poll_.get(), UV_PRIORITIZED, [](uv_poll_t* h, int status, int) {
    auto* self = static_cast<MountEvents*>(h->data);
    if (!self) return;
    self->loop_.guard([&] {
      check_uv(status, "poll /proc/self/mountinfo");
      const auto call = self->on_change_;
      (*call)();
    });
  });
  check_uv(rc, "poll /proc/self/mountinfo");
}

}  // namespace tidings::loop
