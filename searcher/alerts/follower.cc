// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/alerts/follower.h"

#include <spdlog/spdlog.h>
#include <sys/inotify.h>

#include <utility>

namespace tidings::searcher::alerts {

Follower::Follower(loop::Loop& loop, std::filesystem::path index_folder, std::filesystem::path state_folder,
                   std::unique_ptr<Look> look, OnNews on_news)
    : index_(std::move(index_folder)),
      state_(std::move(state_folder)),
      look_(std::move(look)),
      on_news_(std::move(on_news)),
      poster_(loop),
      inotify_(loop, [this](const std::vector<loop::FsEvent>&) { wake(); }),
      thread_([this] { work(); }) {}

Follower::~Follower() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_one();
  thread_.join();
}

void Follower::wake() {
  {
    std::lock_guard lock(mutex_);
    wanted_ = true;
  }
  woken_.notify_one();
}

void Follower::ask(Question question) {
  {
    std::lock_guard lock(mutex_);
    questions_.push_back(std::move(question));
  }
  woken_.notify_one();
}

/// A live segment that is sealed, or an index made anew, has another folder; one that is watched stays so.
bool Follower::watch() {
  bool all = inotify_.add(state_.c_str(), IN_ATTRIB | IN_ONLYDIR) >= 0;
  for (const auto& folder : telling_folders(index_))
    all = inotify_.add(folder.c_str(), IN_MOVED_TO | IN_ONLYDIR) >= 0 && all;
  return all;
}

/// Waits where the loop is that far behind: what fired must be told.
void Follower::post(loop::Task task) {
  constexpr std::chrono::milliseconds kAgain{1};
  while (!poster_.post(std::move(task))) {  // NOLINT(bugprone-use-after-move): what is refused is not touched
    std::unique_lock lock(mutex_);
    if (woken_.wait_for(lock, kAgain, [this] { return stopping_; })) return;
  }
}

bool Follower::look() {
  auto news = look_->look();
  if (!news) {
    if (said_ != news.error().what) spdlog::warn("alerts wait: {}", news.error().what);
    said_ = news.error().what;
    return false;
  }
  if (!said_.empty()) spdlog::info("alerts go on");
  said_.clear();
  post([this, news = std::move(*news)] { on_news_(news); });
  return true;
}

void Follower::work() {
  bool well = true;
  while (true) {
    std::deque<Question> questions;
    bool wanted = false;
    {
      std::unique_lock lock(mutex_);
      const auto ready = [this] { return wanted_ || stopping_ || !questions_.empty(); };
      if (well)
        woken_.wait(lock, ready);
      else if (!woken_.wait_for(lock, kRetryMs, ready))
        wanted_ = true;
      if (stopping_) return;
      wanted = std::exchange(wanted_, false);
      questions.swap(questions_);
    }
    if (wanted) {
      // Watch first, then look: a commit in between is seen by one of the two.
      const bool watched = watch();
      well = look() && watched;
    }
    for (auto& question : questions) post(question(*look_));
  }
}

}  // namespace tidings::searcher::alerts
