// SPDX-License-Identifier: GPL-2.0-or-later
#include "loop/poster.h"

namespace tidings::loop {

Poster::Poster(Loop& loop) : loop_(loop) {
  wakeup_ = make_uv<uv_async_t>("post to the loop", this, [&](uv_async_t* h) {
    return uv_async_init(loop.raw(), h, [](uv_async_t* async) {
      auto* self = static_cast<Poster*>(async->data);
      if (self) self->loop_.guard([self] { self->run_waiting(); });
    });
  });
}

Poster::~Poster() {
  std::lock_guard lock(mutex_);
  wakeup_.reset();
}

bool Poster::post(Task&& task) {
  std::lock_guard lock(mutex_);
  if (!wakeup_ || waiting_.size() >= kMaxPosted) return false;
  waiting_.push_back(std::move(task));
  uv_async_send(wakeup_.get());
  return true;
}

void Poster::close() {
  {
    std::lock_guard lock(mutex_);
    wakeup_.reset();
  }
  run_waiting();
}

void Poster::run_waiting() {
  std::unique_lock lock(mutex_);
  for (std::size_t left = waiting_.size(); left > 0 && !waiting_.empty(); --left) {
    Task task = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    try {
      task();
    } catch (...) {
      lock.lock();
      if (wakeup_ && !waiting_.empty()) uv_async_send(wakeup_.get());  // for those behind it
      throw;
    }
    lock.lock();
  }
}

}  // namespace tidings::loop
