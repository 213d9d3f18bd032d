// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/rarity.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace tidings::searcher {
namespace {

/// The part of BM25's weight that depends on how many documents have the word, as Xapian computes it.
double inverse_frequency(double documents, double having) {
  const double odds = (documents - having + 0.5) / (having + 0.5);
  return std::log(odds < 2 ? odds * 0.5 + 1 : odds);
}

}  // namespace

double form_correction(const Xapian::Database& database, std::span<const std::string> terms) {
  if (terms.size() < 2) return 1;
  const double documents = database.get_doccount();
  double none = 1;  // the share of documents with none of them, were they independent
  Xapian::doccount together = 0;
  for (const auto& term : terms) {
    const Xapian::doccount having = database.get_termfreq(term);
    none *= 1 - having / documents;
    together += having;
  }
  if (together == 0 || together > kCountedForms) return 1;
  std::vector<Xapian::docid> any;
  any.reserve(together);
  for (const auto& term : terms)
    any.insert(any.end(), database.postlist_begin(term), database.postlist_end(term));
  std::sort(any.begin(), any.end());
  const auto having = static_cast<double>(std::unique(any.begin(), any.end()) - any.begin());
  return inverse_frequency(documents, having) /
         inverse_frequency(documents, std::round(documents * (1 - none)));
}

}  // namespace tidings::searcher
