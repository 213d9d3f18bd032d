// SPDX-License-Identifier: GPL-2.0-or-later
// courtesy.h — a writer that waits a moment for a reader who lost the race with its commits several times.
//
// Such a reader holds a shared lock on <index>/readers while it tries again; the writer tries for the exclusive one before it commits, at
// most kWait, and commits anyway. A reader needs two commits to fail, so it has twice that time; and no reader can hold the writer up
// for longer. A reader too waits for its turn, at most kWait: beside a writer that commits without a pause half its attempts went without
// the lock. With 20 ms, answers of thirty passages from long reports were "busy" on a loaded machine; the price is paid only beside a
// reader that has lost already. Nothing depends on the lock being there: without the file both go on.
#pragma once
#include <chrono>
#include <filesystem>
#include <utility>

namespace tidings {

std::filesystem::path courtesy_path(const std::filesystem::path& index);

/// Held while it lives.
class Courtesy {
 public:
  static constexpr std::chrono::milliseconds kWait{200};

  /// A reader's: when the writer is not committing, or after kWait.
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
