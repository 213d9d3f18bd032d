// SPDX-License-Identifier: GPL-2.0-or-later
#include "loop/signals.h"

namespace tidings::loop {

Signals::Signals(Loop& loop, const std::vector<int>& numbers, std::function<void(int)> callback)
    : loop_(loop), callback_(std::make_shared<const std::function<void(int)>>(std::move(callback))) {
  for (int number : numbers) {
    const std::string what = "catch signal " + std::to_string(number);
    handles_.push_back(
        make_uv<uv_signal_t>(what, this, [&](uv_signal_t* h) { return uv_signal_init(loop.raw(), h); }));
    int rc = uv_signal_start(
        handles_.back().get(),
        [](uv_signal_t* h, int signum) {
          auto* self = static_cast<Signals*>(h->data);
          if (!self) return;
          auto call = self->callback_;
          self->loop_.guard([&] { (*call)(signum); });
        },
        number);
    check_uv(rc, what);
  }
}

}  // namespace tidings::loop
