// SPDX-License-Identifier: GPL-2.0-or-later
#include "loop/timer.h"

namespace tidings::loop {

Timer::Timer(Loop& loop, std::function<void()> callback)
    : loop_(loop),
      callback_(std::make_shared<const std::function<void()>>(std::move(callback))),
      timer_(make_uv<uv_timer_t>("make a timer", this,
                                 [&](uv_timer_t* h) { return uv_timer_init(loop.raw(), h); })) {}

void Timer::start(std::uint64_t ms, std::uint64_t repeat_ms) {
  uv_update_time(loop_.raw());  // else the time this turn has already taken would be deducted
  int rc = uv_timer_start(
      timer_.get(),
      [](uv_timer_t* h) {
        auto* self = static_cast<Timer*>(h->data);
        if (!self) return;
        auto callback = self->callback_;
        self->loop_.guard(*callback);
      },
      ms, repeat_ms);
  check_uv(rc, "start a timer");
}

void Timer::stop() {
  uv_timer_stop(timer_.get());
}

}  // namespace tidings::loop
