// SPDX-License-Identifier: GPL-2.0-or-later
#include "loop/loop.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "loop/handle.h"

namespace tidings::loop {

Loop::Loop() {
  std::signal(SIGPIPE, SIG_IGN);
  check_uv(uv_loop_init(&loop_), "start an event loop");
}

Loop::~Loop() {
  bool leftover = false;
  uv_walk(
      &loop_,
      [](uv_handle_t* h, void* found) {
        if (uv_is_closing(h) && h->data == nullptr) return;
        std::fprintf(stderr, "tidings: the owner of a uv %s outlives its loop; declare the Loop before it\n",
                     uv_handle_type_name(h->type));
        *static_cast<bool*>(found) = true;
      },
      &leftover);
  if (leftover) std::abort();
  while (uv_loop_close(&loop_) == UV_EBUSY) uv_run(&loop_, UV_RUN_DEFAULT);
}

void Loop::run() {
  uv_run(&loop_, UV_RUN_DEFAULT);
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void Loop::fail(std::exception_ptr thrown) noexcept {
  stop();
  if (!failure_) {
    failure_ = std::move(thrown);
    return;
  }
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "tidings: and then: %s\n", e.what());
  } catch (...) {
    std::fprintf(stderr, "tidings: and then: an exception of unknown type\n");
  }
}

}  // namespace tidings::loop
