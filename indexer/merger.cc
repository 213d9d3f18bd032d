// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/merger.h"

#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "indexer/heap.h"

namespace tidings::indexer {

Merger::Merger(std::function<void(MergeDone)> done, std::function<void(Result<Soundness>)> looked) {
  state_->done = std::move(done);
  state_->looked = std::move(looked);
  thread_ = std::thread([state = state_] { work(state); });
}

Merger::~Merger() {
  stop();
}

void Merger::start(MergeJob job) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->job = std::move(job);
  }
  state_->changed.notify_all();
}

void Merger::look_at_segments(std::filesystem::path index, bool beside) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->look_at.emplace(std::move(index), beside);
  }
  state_->changed.notify_all();
}

std::optional<MergeDone> Merger::stop() {
  if (!thread_.joinable()) return std::nullopt;
  std::unique_lock lock(state_->mutex);
  state_->stop = true;
  state_->done = nullptr;
  state_->looked = nullptr;
  state_->changed.notify_all();
  left_ = !state_->changed.wait_for(lock, kPatience, [&] { return state_->ended; });
  auto last = std::exchange(state_->last, std::nullopt);
  lock.unlock();
  if (left_)
    thread_.detach();
  else
    thread_.join();
  return last;
}

void Merger::work(const std::shared_ptr<State>& state) {
  // For this thread alone, as Linux has it.
  if (::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice) != 0)
    spdlog::debug("merges run at the priority of all: {}", std::strerror(errno));
  std::unique_lock lock(state->mutex);
  while (true) {
    state->changed.wait(lock, [&] { return state->stop || state->job || state->look_at; });
    if (state->stop) break;
    if (state->look_at) {
      const auto [index, beside] = *std::exchange(state->look_at, std::nullopt);
      lock.unlock();
      auto seen = tidings::look_at_segments(index, beside);
      lock.lock();
      if (state->looked) state->looked(std::move(seen));
      continue;
    }
    MergeJob job = std::move(*state->job);
    state->job.reset();
    lock.unlock();
    MergeDone result{job, merge(job)};
    trim_heap_of_this_thread();
    lock.lock();
    if (state->done)
      state->done(std::move(result));
    else
      state->last = std::move(result);
  }
  state->ended = true;
  state->changed.notify_all();
}

}  // namespace tidings::indexer
