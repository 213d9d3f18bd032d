// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/expand.h"

#include <algorithm>
#include <set>

#include "index/schema.h"
#include "searcher/query/fields.h"

namespace tidings::searcher {

void Expander::walk(const WordPattern& pattern, std::string_view prefix, WordSink sink) const {
  const auto& languages = context_.analyzer.languages();
  const bool stemmed =
      std::any_of(languages.begin(), languages.end(), [](const auto& l) { return l != "none"; });
  const bool by_vocabulary = prefix.empty() && pattern.start().empty() && !pattern.has_digit() && stemmed;
  if (by_vocabulary && context_.words.stemmed)
    context_.words.stemmed(sink);
  else if (context_.words.beginning)
    context_.words.beginning(prefix, pattern.start(), sink);
}

std::vector<std::string> Expander::words(const Pattern& pattern, std::size_t column) {
  const QueryLimits& limits = context_.limits;
  const WordPattern like(pattern.kind, pattern.text);
  const std::string_view prefix = pattern.field ? pattern.field->prefix : std::string_view();
  std::set<std::string, std::less<>> found;
  bool all = true;
  walk(like, prefix, [&](std::string_view word) {
    if (looked_at_ == limits.looked_at) return all = false;
    ++looked_at_;
    if (!like.matches(word) || found.contains(word)) return true;
    if (counted_ == limits.counted) return all = false;
    ++counted_;
    found.emplace(word);
    return true;
  });

  std::vector<std::pair<std::uint64_t, std::string>> ranked;
  ranked.reserve(found.size());
  for (const auto& word : found)
    ranked.emplace_back(context_.words.documents ? context_.words.documents(word_term(prefix, word)) : 0,
                        word);
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  const std::size_t room = std::min(limits.expansions, limits.expansions_all - taken_);
  std::vector<std::string> words;
  for (auto& [documents, word] : ranked)
    if (words.size() < room) words.push_back(std::move(word));
  taken_ += words.size();

  const std::string typed = pattern.kind == PatternKind::Fuzzy ? pattern.text + "~" : pattern.text;
  const std::size_t left_out = found.size() - words.size();
  if (left_out > 0)
    warnings_.add(column, typed + " stands for " + (all ? "" : "more than ") + std::to_string(found.size()) +
                              " words; the " + std::to_string(words.size()) +
                              " most frequent are taken, and " + std::to_string(left_out) +
                              (all ? "" : " and more") + " are left out");
  else if (!all)
    warnings_.add(column,
                  "the index has more words than are looked at for " + typed + "; some may be missing");
  else if (words.empty())
    warnings_.add(column, "no word of the index is like " + typed);
  return words;
}

}  // namespace tidings::searcher
