// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/feedback.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "searcher/match/likeness.h"

namespace tidings::searcher {
namespace {

/// A word in all its forms.
struct Occurring {
  std::string form;  ///< one of them
  double share = 0;  ///< of the report; of the best reports, each by its score
  std::size_t reports = 0;
};
using ByStem = std::unordered_map<std::string, Occurring>;

/// The words of a report's title and story, stop words aside, with what share of them each is.
ByStem words_of(const Report& report, Analyzer& analyzer) {
  std::unordered_map<std::string, double> counts;
  each_word_of_story(report, kFeedbackBytes, analyzer,
                     [&](const Token& word) { ++counts[std::string(word.term)]; });
  ByStem words;
  double all = 0;
  for (const auto& [term, count] : counts) {
    if (is_stop_word(term, analyzer.languages())) continue;
    all += count;
    const auto stems = analyzer.stems(term);
    // '~' is in no word: a stem is not taken for a word that has none.
    Occurring& word = words[stems.empty() ? term : "~" + stems[0]];
    if (word.form.empty() || term < word.form) word.form = term;
    word.share += count;
  }
  for (auto& [stem, word] : words) word.share /= all;
  return words;
}

}  // namespace

Feedback feedback_of(const std::vector<Ranked>& best, const Snapshot& snapshot, Analyzer& analyzer,
                     const FormsOf& forms) {
  Feedback feedback;
  double scores = 0;
  for (const Ranked& match : best) scores += match.relevance;
  if (scores <= 0) return feedback;
  feedback.agreement = best.back().relevance / best.front().relevance;

  ByStem words;
  for (const Ranked& match : best)
    for (auto& [stem, occurring] : words_of(snapshot.record(match.id).report, analyzer)) {
      Occurring& word = words[stem];
      if (word.form.empty()) word.form = std::move(occurring.form);
      word.share += match.relevance / scores * occurring.share;
      ++word.reports;
    }

  const double documents = snapshot.database().get_doccount();
  std::vector<Occurring> telling;
  for (auto& [stem, word] : words) {
    if (word.reports < kLeastReports) continue;
    const double having = snapshot.database().get_termfreq(word.form);
    if (having == 0 || having > documents * kMostReports) continue;
    word.share *= std::log(documents / having);
    telling.push_back(std::move(word));
  }
  std::sort(telling.begin(), telling.end(), [](const Occurring& a, const Occurring& b) {
    return a.share != b.share ? a.share > b.share : a.form < b.form;
  });
  if (telling.size() > kFeedbackWords) telling.resize(kFeedbackWords);
  double all = 0;
  for (const Occurring& word : telling) all += word.share;
  for (Occurring& word : telling) {
    const auto span = analyzer.stems(word.form);
    const std::vector<std::string> stems(span.begin(), span.end());
    feedback.words.push_back({word.form,
                              stems.empty() ? Xapian::Query(word.form) : any_form(word.form, stems, forms),
                              word.share / all});
  }
  return feedback;
}

Xapian::Query with_feedback(const Xapian::Query& query, double weight, const Feedback& feedback) {
  if (feedback.words.empty()) return query;
  const double told = kTold * feedback.agreement;
  std::vector<Xapian::Query> any = {query};
  for (const auto& word : feedback.words)
    any.emplace_back(Xapian::Query::OP_SCALE_WEIGHT, word.query, weight * told / (1 - told) * word.share);
  return Xapian::Query(Xapian::Query::OP_OR, any.begin(), any.end());
}

}  // namespace tidings::searcher
