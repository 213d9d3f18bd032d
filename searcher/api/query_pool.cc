// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/api/query_pool.h"

#include <spdlog/spdlog.h>

#include <exception>

#include "searcher/api/error_response.h"

namespace tidings::searcher {

QueryPool::QueryPool(loop::Poster& poster, std::size_t threads, std::size_t max_in_flight, MakeWork make_work)
    : poster_(poster),
      max_in_flight_(max_in_flight),
      make_work_(std::move(make_work)),
      in_flight_(std::make_shared<std::size_t>(0)) {
  try {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
  } catch (...) {
    stop();  // a joinable thread must not be destroyed
    throw;
  }
}

bool QueryPool::run(Request request, Done done) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_ || *in_flight_ >= max_in_flight_) return false;
    waiting_.push_back({std::move(request), std::move(done)});
  }
  ++*in_flight_;
  wake_.notify_one();
  return true;
}

void QueryPool::stop() {
  std::deque<Job> dropped;  // destroyed on this thread, which their Dones belong to
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(waiting_);
  }
  *in_flight_ -= dropped.size();
  dropped.clear();  // at once: whoever waits for an answer learns that there will be none
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void QueryPool::work() {
  Work answer;
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      job = std::move(waiting_.front());
      waiting_.pop_front();
    }
    Response response;
    try {
      if (!answer) answer = make_work_();
      response = answer(job.request);
    } catch (const std::exception& e) {
      spdlog::error("a request failed: {}", e.what());
      response = error_response(500, "internal", "the request failed inside tidings",
                                "the log of `tidings serve` says why");
    }
    // Not more than max_in_flight_ can wait there, so only a closed Poster refuses: nobody is left to be
    // told.
    [[maybe_unused]] const bool posted = poster_.post(
        [done = std::move(job.done), response = std::move(response), in_flight = in_flight_]() mutable {
          --*in_flight;
          done(std::move(response));
        });
  }
}

}  // namespace tidings::searcher
