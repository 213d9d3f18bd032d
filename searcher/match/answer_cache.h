// SPDX-License-Identifier: GPL-2.0-or-later
// answer_cache.h — answers that were given on this snapshot, for who asks the same again: a page that is reloaded, a word taken back while typing.
//
// An answer depends on the request, the snapshot and, by relative dates, the day (dates.h): where one of the latter two is another, all are
// forgotten. Those asked for longest ago go first where kAnswers, or the bytes given, are passed; an answer larger than an eighth of them is not
// kept. One thread.
#pragma once
#include <chrono>
#include <cstdint>
#include <list>
#include <map>

#include "searcher/match/answer.h"

namespace tidings::searcher {

class AnswerCache {
 public:
  static constexpr std::size_t kAnswers = 256;

  /// 0 bytes: none is kept.
  explicit AnswerCache(std::size_t bytes) : bytes_most_(bytes) {}

  /// From here on answers of this snapshot and day are asked for.
  void at(std::uint64_t snapshot, std::chrono::sys_days day);
  /// Null: not kept. Valid until the next call.
  const Answer* find(const SearchRequest& request);
  void keep(const SearchRequest& request, const Answer& answer);

 private:
  struct Kept {
    SearchRequest request;
    Answer answer;
    std::size_t bytes = 0;
  };

  const std::size_t bytes_most_;
  std::uint64_t snapshot_ = 0;
  std::chrono::sys_days day_{};
  std::size_t bytes_ = 0;
  std::list<Kept> kept_;  ///< what was asked for last first
  std::map<SearchRequest, std::list<Kept>::iterator> by_request_;
};

}  // namespace tidings::searcher
