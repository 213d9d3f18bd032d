// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace tidings::indexer {
namespace {

/// "1,234,567"
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string left_text(std::uint64_t seconds) {
  constexpr std::uint64_t kMinute = 60, kHour = 3600;
  if (seconds < 90) return std::to_string(seconds) + " s left";
  if (seconds < 90 * kMinute) return std::to_string((seconds + kMinute / 2) / kMinute) + " min left";
  return std::to_string((seconds + kHour / 2) / kHour) + " h left";
}

/// Seconds for what is left at this rate; nothing where it stands still.
std::optional<double> time_for(std::uint64_t left, double per_s) {
  if (left == 0) return 0;
  if (per_s <= 0) return std::nullopt;
  return static_cast<double>(left) / per_s;
}

}  // namespace

std::string text_of(const ProgressStatus& progress) {
  std::string text = grouped(progress.files_done) + " of " + (progress.listed ? "" : "at least ") +
                     grouped(progress.files_total) + " files";
  if (progress.files_per_s)
    text.append(", ")
        .append(grouped(static_cast<std::uint64_t>(std::llround(*progress.files_per_s))))
        .append(" files/s");
  if (progress.bytes_per_s) {
    char rate[32];
    std::snprintf(rate, sizeof rate, ", %.1f MB/s", *progress.bytes_per_s / 1e6);
    text += rate;
  }
  if (progress.seconds_left) text.append(", ").append(left_text(*progress.seconds_left));
  return text;
}

void Progress::asked(std::uint64_t bytes) {
  ++counts_.files_total;
  counts_.bytes_total += bytes;
}

void Progress::done(std::uint64_t bytes) {
  ++counts_.files_done;
  counts_.bytes_done += bytes;
}

void Progress::update(Left left, Clock::time_point now) {
  running_ = left.listing || left.unpublished || counts_.files_done < counts_.files_total;
  if (!running_) {
    *this = Progress();
    return;
  }
  anew_ = anew_ || left.anew;
  counts_.listed = !left.listing;
  if (samples_.empty() || now >= samples_.back().at + kSampleEvery)
    samples_.push_back({now, counts_.files_done, counts_.bytes_done});
  while (samples_.size() > 1 && samples_[1].at + kWindow <= now) samples_.pop_front();
}

std::optional<ProgressStatus> Progress::status(Clock::time_point now) const {
  if (!running_ || (!anew_ && counts_.files_total < kLarge)) return std::nullopt;
  ProgressStatus status = counts_;
  const Sample& since = samples_.front();
  if (now < since.at + kLeastWindow) return status;
  const double seconds = std::chrono::duration<double>(now - since.at).count();
  status.files_per_s = static_cast<double>(counts_.files_done - since.files) / seconds;
  status.bytes_per_s = static_cast<double>(counts_.bytes_done - since.bytes) / seconds;
  const auto by_files = time_for(counts_.files_total - counts_.files_done, *status.files_per_s);
  const auto by_bytes = time_for(counts_.bytes_total - counts_.bytes_done, *status.bytes_per_s);
  if (status.listed && by_files && by_bytes)
    status.seconds_left = static_cast<std::uint64_t>(std::ceil(std::max(*by_files, *by_bytes)));
  return status;
}

}  // namespace tidings::indexer
