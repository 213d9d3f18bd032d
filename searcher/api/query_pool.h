// SPDX-License-Identifier: GPL-2.0-or-later
// query_pool.h — the threads that answer requests, so that no query holds up the loop.
//
// Each thread makes its own Work, on its first request, and keeps it: a Searcher belongs to one thread.
// Requests are begun in the order in which they came. The answer goes back as a task on the loop's thread.
//
// Bound: max_in_flight requests waiting or being worked on; run() refuses one more, and the client is told
// `busy`. A Work that throws is answered by 500 `internal`, and logged: one bad request must not end the
// server.
//
// run() and stop() on the loop thread only. stop() drops what has not begun, and waits for what has; a query
// is bounded by limits.query_*. Answers that arrive after their Done's owner has gone are its owner's to
// drop.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "loop/poster.h"
#include "searcher/api/http_codec.h"

namespace tidings::searcher {

class QueryPool {
 public:
  using Work = std::function<Response(const Request&)>;
  using MakeWork = std::function<Work()>;
  using Done = std::function<void(Response)>;

  /// The Poster must outlive the pool.
  QueryPool(loop::Poster& poster, std::size_t threads, std::size_t max_in_flight, MakeWork make_work);
  ~QueryPool() { stop(); }
  QueryPool(const QueryPool&) = delete;
  QueryPool& operator=(const QueryPool&) = delete;

  /// False: too many are in flight, or it is stopped, and `done` will not be called.
  [[nodiscard]] bool run(Request request, Done done);
  void stop();

  std::size_t in_flight() const { return *in_flight_; }

 private:
  struct Job {
    Request request;
    Done done;
  };

  void work();

  loop::Poster& poster_;  // constant after construction, as are the next two
  const std::size_t max_in_flight_;
  const MakeWork make_work_;
  std::shared_ptr<std::size_t> in_flight_;  // loop thread only; shared with answers that outlive the pool

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> waiting_;  // guarded by mutex_
  bool stopping_ = false;    // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace tidings::searcher
