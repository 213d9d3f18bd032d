// SPDX-License-Identifier: GPL-2.0-or-later
// unclosed.h — files that were written and not closed yet: each is looked at when it has been quiet for kQuiet, or kMost after
// the first write where it never is.
//
// A close is told by an event of its own, and a sync looks at all of them at once; so what is left are files that are kept open, as
// logs are. One that is looked at is forgotten; the next write begins anew. Looked for every kQuiet, so it may be as much later.
// Past kMaxFiles a file is not taken, and the caller looks at it before it is closed.
// Time is given by the caller, of a steady clock. The index thread owns it.
#pragma once
#include <chrono>
#include <map>
#include <utility>
#include <vector>

#include "indexer/pending.h"

namespace tidings::indexer {

class Unclosed {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kQuiet{1}, kMost{30};
  static constexpr std::size_t kMaxFiles = 65'536;

  struct File {
    Ticket ticket;  ///< of the first write
    Clock::time_point first, last;
  };
  using Files = std::map<Key, File>;

  /// False where there are too many.
  bool written(const Key& key, Ticket ticket, Clock::time_point now) {
    if (const auto it = files_.find(key); it != files_.end()) {
      it->second.last = now;
      return true;
    }
    if (files_.size() >= kMaxFiles) return false;
    files_.emplace(key, File{ticket, now, now});
    return true;
  }
  void closed(const Key& key) { files_.erase(key); }
  /// Those that are to be looked at now.
  Files take_due(Clock::time_point now) {
    Files due;
    if (files_.empty() || now < next_) return due;
    next_ = now + kQuiet;
    for (auto it = files_.begin(); it != files_.end();) {
      const auto file = it++;
      if (now >= file->second.last + kQuiet || now >= file->second.first + kMost)
        due.insert(files_.extract(file));
    }
    return due;
  }
  Files take_all() { return std::exchange(files_, {}); }
  bool empty() const { return files_.empty(); }
  std::size_t size() const { return files_.size(); }
  /// When take_due() is to be called next, where there are any.
  Clock::time_point next() const { return next_; }

 private:
  Files files_;
  Clock::time_point next_;
};

}  // namespace tidings::indexer
