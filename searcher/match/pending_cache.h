// SPDX-License-Identifier: GPL-2.0-or-later
// pending_cache.h — how many changes the daemon has seen and not published, without a search waiting for it.
//
// An answer is good for kFresh; past it one thread asks, for at most kPatience, and the others take the old
// one meanwhile. Without a daemon, or with one too busy to say, there is none, which is kept for kFresh as
// well. So a search is held up by at most kPatience once in kFresh. Thread-safe.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace tidings::searcher {

class PendingCache {
 public:
  static constexpr std::chrono::milliseconds kFresh{100}, kPatience{20};

  /// The index whose daemon is asked; empty: whoever answers.
  explicit PendingCache(std::filesystem::path index = {}) : index_(std::move(index)) {}

  std::optional<std::uint64_t> get(const std::string& control_socket);

 private:
  const std::filesystem::path index_;
  std::mutex asking_;  // held by the thread that asks
  std::mutex mutex_;
  std::chrono::steady_clock::time_point asked_{};  // guarded by mutex_, as is the next
  std::optional<std::uint64_t> pending_;
};

}  // namespace tidings::searcher
