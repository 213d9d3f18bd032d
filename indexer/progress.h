// SPDX-License-Identifier: GPL-2.0-or-later
// progress.h — how far a backfill is: a first crawl, a rebuild, or a large catch-up.
//
// Counted is what crawls that are no news ask for: a file is met, differs from the index (or is to be read anyway), and is asked for; it
// is done when it has been read, or is found to be gone. It can be found by a search when its segment is published, some seconds later.
// Folders are listed while files are read, at most Crawler::kBacklog files ahead of them: so until all folders have been listed the totals
// are lower bounds ("1,200 of at least 5,296 files"), and the time that is left cannot be known.
//
// Rates are of the last kWindow. The time left is the longer of what the files and what the bytes need at those rates. A catch-up is told of
// once it has kLarge files to read. A backfill ends when nothing of it is left; the next one counts anew.
// Time is given by the caller, of a steady clock: clocks that are set do not matter. The index thread owns it.
#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace tidings::indexer {

struct ProgressStatus {
  std::uint64_t files_done = 0, files_total = 0, bytes_done = 0, bytes_total = 0;
  bool listed = false;  ///< all folders have been: the totals are final
  std::optional<double> files_per_s, bytes_per_s;
  std::optional<std::uint64_t> seconds_left;
  bool operator==(const ProgressStatus&) const = default;
};

/// In one line of a terminal: "1,200 of 5,296 files, 420 files/s, 1.3 MB/s, 10 s left".
std::string text_of(const ProgressStatus& progress);

class Progress {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kWindow{10};
  static constexpr std::chrono::seconds kLeastWindow{1};  ///< no rates before
  static constexpr std::chrono::milliseconds kSampleEvery{250};
  static constexpr std::uint64_t kLarge = 1000;  ///< files

  /// What is left besides the files that were asked for.
  struct Left {
    bool listing = false;      ///< folders to be listed
    bool anew = false;         ///< some of them for the first time, or by a rebuild
    bool unpublished = false;  ///< files that have been read
  };

  void asked(std::uint64_t bytes);
  void done(std::uint64_t bytes);
  void update(Left left, Clock::time_point now);
  bool running() const { return running_; }
  /// Nothing while there is no backfill that is worth telling of.
  std::optional<ProgressStatus> status(Clock::time_point now) const;

 private:
  struct Sample {
    Clock::time_point at;
    std::uint64_t files = 0, bytes = 0;
  };

  ProgressStatus counts_;
  bool running_ = false, anew_ = false;
  std::deque<Sample>
      samples_;  ///< the oldest is kWindow old, where there is one; at most kWindow / kSampleEvery
};

}  // namespace tidings::indexer
