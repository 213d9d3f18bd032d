// SPDX-License-Identifier: GPL-2.0-or-later
#include "loop/inotify.h"

#include <sys/inotify.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <system_error>

namespace tidings::loop {
namespace {

Fd open_inotify() {
  Fd fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (fd) return fd;
  std::string what = "watch folders with inotify";
  if (errno == EMFILE) what += " (too many instances? raise fs.inotify.max_user_instances)";
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

Inotify::Inotify(Loop& loop, OnEvents on_events)
    : loop_(loop),
      on_events_(std::make_shared<const OnEvents>(std::move(on_events))),
      fd_(open_inotify()),
      buffer_(new char[kReadBuffer]),
      poll_(make_uv<uv_poll_t>("poll inotify", this,
                               [&](uv_poll_t* h) { return uv_poll_init(loop.raw(), h, fd_.get()); })) {
  int rc = uv_poll_start(poll_.get(), UV_READABLE, [](uv_poll_t* h, int status, int) {
    auto* self = static_cast<Inotify*>(h->data);
    if (!self) return;
    self->loop_.guard([&] {
      check_uv(status, "poll inotify");
      self->drain();
    });
  });
  check_uv(rc, "poll inotify");
}

int Inotify::add(const char* path, std::uint32_t mask) {
  int wd = ::inotify_add_watch(fd_.get(), path, mask);
  return wd >= 0 ? wd : -errno;
}

int Inotify::remove(int wd) {
  return ::inotify_rm_watch(fd_.get(), wd) == 0 ? 0 : -errno;
}

std::size_t Inotify::drain() {
  int queued = 0;
  if (::ioctl(fd_.get(), FIONREAD, &queued) != 0)
    throw std::system_error(errno, std::generic_category(), "ask inotify what is queued");

  const uv_poll_t* alive = poll_.get();  // its data is null once the callback has destroyed us
  auto on_events = on_events_;
  std::size_t events = 0;
  for (auto left = static_cast<std::size_t>(queued);;) {
    while (!read_.empty()) {
      auto end = read_.begin() + static_cast<std::ptrdiff_t>(std::min(read_.size(), kMaxBatch));
      std::vector<FsEvent> batch(std::make_move_iterator(read_.begin()), std::make_move_iterator(end));
      read_.erase(read_.begin(), end);
      (*on_events)(std::move(batch));
      if (!alive->data) return events;
    }
    if (left == 0) return events;
    std::size_t bytes = read_some(events);
    if (bytes == 0) return events;
    left -= std::min(left, bytes);
  }
}

/// One read(2) appended to read_; the bytes it took, 0 when nothing is queued.
std::size_t Inotify::read_some(std::size_t& events) {
  ssize_t n;
  do {
    n = ::read(fd_.get(), buffer_.get(), kReadBuffer);
  } while (n < 0 && errno == EINTR);
  if (n < 0 && errno == EAGAIN) return 0;
  if (n < 0) throw std::system_error(errno, std::generic_category(), "read inotify");

  for (const char *at = buffer_.get(), *end = at + n; at < end; ++events) {
    inotify_event header;
    std::memcpy(&header, at, sizeof header);
    const char* name = at + sizeof header;  // padded with NULs up to header.len
    read_.push_back({header.wd, header.mask, header.cookie, std::string(name, ::strnlen(name, header.len))});
    at = name + header.len;
  }
  return static_cast<std::size_t>(n);
}

}  // namespace tidings::loop
