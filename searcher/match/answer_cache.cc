// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/answer_cache.h"

namespace tidings::searcher {
namespace {

/// About what an answer takes.
std::size_t bytes_of(const Answer& answer) {
  constexpr std::size_t kNode = 64;  // of a list, a map, a string that is not in place
  std::size_t bytes = sizeof(Answer) + answer.understood.size() + kNode;
  for (const auto& warning : answer.warnings) bytes += sizeof(warning) + warning.text.size() + kNode;
  for (const Hit& hit : answer.hits) {
    bytes += sizeof(hit) + hit.key.path.size() + hit.path.size() + hit.title.size() + hit.source.size() +
             6 * kNode;
    for (const auto& passage : hit.passages)
      bytes +=
          sizeof(passage) + passage.text.size() + passage.marks.size() * sizeof(passage.marks[0]) + kNode;
    for (const auto& part : hit.explanation) bytes += sizeof(part) + part.what.size() + kNode;
  }
  for (const auto& facet : answer.facets)
    for (const auto& value : facet.values) bytes += sizeof(value) + value.value.size() + kNode;
  if (answer.timeline) bytes += answer.timeline->buckets.size() * (sizeof(TimelineBucket) + kNode);
  return bytes;
}

}  // namespace

void AnswerCache::at(std::uint64_t snapshot, std::chrono::sys_days day) {
  if (snapshot == snapshot_ && day == day_) return;
  by_request_.clear();
  kept_.clear();
  bytes_ = 0;
  snapshot_ = snapshot;
  day_ = day;
}

const Answer* AnswerCache::find(const SearchRequest& request) {
  const auto found = by_request_.find(request);
  if (found == by_request_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, found->second);
  return &found->second->answer;
}

void AnswerCache::keep(const SearchRequest& request, const Answer& answer) {
  if (bytes_most_ == 0) return;
  const std::size_t bytes = bytes_of(answer) + 2 * (sizeof(request) + request.text.size());
  if (bytes > bytes_most_ / 8 || by_request_.contains(request)) return;
  kept_.push_front({request, answer, bytes});
  by_request_.emplace(request, kept_.begin());
  bytes_ += bytes;
  while (kept_.size() > kAnswers || bytes_ > bytes_most_) {
    bytes_ -= kept_.back().bytes;
    by_request_.erase(kept_.back().request);
    kept_.pop_back();
  }
}

}  // namespace tidings::searcher
