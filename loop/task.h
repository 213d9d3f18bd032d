// SPDX-License-Identifier: GPL-2.0-or-later
// task.h — a call to be made once, later, elsewhere: std::function<void()> for values that can only be moved.
// (C++23 has std::move_only_function; Debian 12's compiler has it not in C++20.) Not thread-safe by itself.
#pragma once
#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace tidings::loop {

class Task {
 public:
  Task() = default;
  template <class F>
  requires(!std::same_as<std::decay_t<F>, Task> && std::invocable<std::decay_t<F>&>) Task(F&& f)
      : call_(std::make_unique<Of<std::decay_t<F>>>(std::forward<F>(f))) {}  // implicit, as a function

  explicit operator bool() const { return call_ != nullptr; }
  void operator()() { call_->run(); }

 private:
  struct Call {
    virtual ~Call() = default;
    virtual void run() = 0;
  };
  template <class F>
  struct Of final : Call {
    explicit Of(F&& f) : f_(std::move(f)) {}
    explicit Of(const F& f) : f_(f) {}
    void run() override { f_(); }
    F f_;
  };
  std::unique_ptr<Call> call_;
};

}  // namespace tidings::loop
