// SPDX-License-Identifier: GPL-2.0-or-later
// follower.h — the thread that has alerts fire while `tidings serve` runs: it follows the index' generations, and looks (look.h) at each.
//
// The kernel tells the loop of each commit to the index and to the store, and the thread is woken; commits that come while it looks are one look
// more, however many. On its start it looks at what was published since the last look of the store, so what came while no server ran is told then. An index
// that is missing, or cannot be read, is looked for again each kRetryMs; the reason is logged once.
//
// The loop's thread is told after each look what fired, when that is on disk. And it may ask: a question is put to the thread's Look between two looks,
// in their order, and what it returns is done on the loop's thread, after what was told before. Questions are as many as the one who asks lets be;
// one a client, here (api/live.h).
//
// Loop thread, but for the thread itself, which owns the Look. The destructor waits for a look that is under way.
#pragma once
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "loop/inotify.h"
#include "loop/loop.h"
#include "loop/poster.h"
#include "searcher/alerts/look.h"

namespace tidings::searcher::alerts {

class Follower {
 public:
  static constexpr std::chrono::milliseconds kRetryMs{1000};
  using OnNews = std::function<void(const Look::News&)>;
  using Answer = std::function<void()>;
  using Question = std::function<Answer(Look&)>;

  Follower(loop::Loop& loop, std::filesystem::path index_folder, std::filesystem::path state_folder,
           std::unique_ptr<Look> look, OnNews on_news);
  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  void ask(Question question);

 private:
  void work();
  bool watch();
  bool look();
  void wake();
  void post(loop::Task task);

  const std::filesystem::path index_, state_;
  const std::unique_ptr<Look> look_;  // the thread's
  const OnNews on_news_;
  std::string said_;  // the thread's: why it could not look
  loop::Poster poster_;
  loop::Inotify inotify_;

  std::mutex mutex_;
  std::condition_variable woken_;
  bool wanted_ = true, stopping_ = false;  // guarded by mutex_
  std::deque<Question> questions_;         // guarded by mutex_
  std::thread thread_;
};

}  // namespace tidings::searcher::alerts
