// SPDX-License-Identifier: GPL-2.0-or-later
// merger.h — the thread that merges segments (index/segments/merge.h), or looks at their checksums (index/segments/soundness.h): one such job at
// a time, at the lowest priority.
//
// stop() waits kPatience for a merge under way and then leaves it: its files are named by no manifest, and are swept at the next start. The
// thread is then still running, and left_running() says so: the process is to end by _exit.
#pragma once
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "index/segments/merge.h"
#include "index/segments/soundness.h"

namespace tidings::indexer {

struct MergeDone {
  MergeJob job;
  Result<Merged> merged;
};

class Merger {
 public:
  static constexpr std::chrono::seconds kPatience{2};
  static constexpr int kNice = 10;

  /// Both are called on the thread.
  explicit Merger(std::function<void(MergeDone)> done, std::function<void(Result<Soundness>)> looked = {});
  ~Merger();
  Merger(const Merger&) = delete;
  Merger& operator=(const Merger&) = delete;

  /// Only when the one before is done.
  void start(MergeJob job);
  void look_at_segments(std::filesystem::path index, bool beside);
  /// Nothing is handed over any more; a merge that ended in time is returned.
  std::optional<MergeDone> stop();
  bool left_running() const { return left_; }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<MergeJob> job;
    std::optional<std::pair<std::filesystem::path, bool>> look_at;  ///< an index; made beside another
    std::function<void(MergeDone)> done;                            ///< null once nobody listens
    std::function<void(Result<Soundness>)> looked;                  ///< the same
    std::optional<MergeDone> last;                                  ///< what nobody listened to
    bool stop = false, ended = false;
  };
  static void work(const std::shared_ptr<State>& state);

  std::shared_ptr<State> state_ = std::make_shared<State>();
  std::thread thread_;
  bool left_ = false;
};

}  // namespace tidings::indexer
