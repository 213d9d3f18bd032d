// SPDX-License-Identifier: GPL-2.0-or-later
// courtesy.h — a writer that waits a moment for a reader who lost the race with its commits several times.
//
// Such a reader holds a shared lock on <index>/readers while it tries again; the writer tries for the exclusive one before it commits, at
// most kWait, and commits anyway. A reader needs two commits to fail, so it has twice that time; and no reader can hold the writer up
// for longer. Nothing depends on the lock being there: without the file both go on.
#pragma once
#include <chrono>
#include <filesystem>
#include <utility>

namespace tidings {

std::filesystem::path courtesy_path(const std::filesystem::path& index);

/// Held while it lives.
class Courtesy {
 public:
  static constexpr std::chrono::milliseconds kWait{20};

  /// A reader's: at once.
  static Courtesy of_reader(const std::filesystem::path& index);
  /// The writer's: when no reader holds one, or after kWait.
  static Courtesy of_writer(const std::filesystem::path& index);
  ~Courtesy();
  Courtesy(Courtesy&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Courtesy& operator=(Courtesy&&) = delete;

 private:
  explicit Courtesy(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace tidings
