// SPDX-License-Identifier: GPL-2.0-or-later
// feedback.h — what the best reports of a first search tell of the question: words to weigh beside those that were typed.
//
// Pseudo-relevance feedback after RM3 (Abdul-Jaleel and others, TREC 2004, on Lavrenko and Croft's relevance models, 2001). The kFeedbackReports best reports
// are taken for right, each by its score. A word's share is how much of their stories is that word, times log(N / n); the kFeedbackWords words with the
// largest share are asked for as well, and weigh kTold of the whole together where the reports agree. Here the agreement is the last one's score
// over the first one's: where one report stands out (a question for one fact), what the others say would only blur it.
// On the judged collections that is worth 4 % of MAP and 1 % of nDCG@10 (tests/relevance/README.md); kFeedbackWords of 30, titles counted twice and half of
// the logarithm changed either by less than half a percent.
//
// For bags of words by relevance alone: they hold a whole question, and any word will do, so reports that have none of the typed words may be
// found too. Costs a second search, and the reading of kFeedbackReports reports, of each its first kFeedbackBytes: on 42,505 news articles 1.4 ms of processor a
// query become 13 (1,000 short queries, ten hits each; most of it is the postings of some 20 words in all their forms).
#pragma once
#include <xapian.h>

#include <string>
#include <vector>

#include "index/analyzer.h"
#include "index/snapshot.h"
#include "searcher/match/order.h"
#include "searcher/query/forms.h"

namespace tidings::searcher {

inline constexpr std::size_t kFeedbackReports = 10, kFeedbackWords = 20, kFeedbackBytes = 20'000;
inline constexpr double kTold = 0.4;
inline constexpr std::size_t kLeastReports = 2;  ///< of the best that must have a word
inline constexpr double kMostReports = 0.25;     ///< of all that may have it: past that it tells nothing

struct Feedback {
  struct Word {
    std::string word;     ///< one of its forms
    Xapian::Query query;  ///< any of them
    double share = 0;     ///< of all words here; together 1
  };
  std::vector<Word> words;  ///< the largest share first; none where the best have no such word in common
  double agreement = 0;     ///< of the best reports, 0 to 1
};

/// `best`: by relevance. Throws what Xapian throws.
Feedback feedback_of(const std::vector<Ranked>& best, const Snapshot& snapshot, Analyzer& analyzer,
                     const FormsOf& forms);

/// Any of the query's words and of the feedback's. `weight`: of the query's own words together, one that was typed twice as 2.
Xapian::Query with_feedback(const Xapian::Query& query, double weight, const Feedback& feedback);

}  // namespace tidings::searcher
