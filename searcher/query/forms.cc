// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/forms.h"

#include <set>

#include "index/schema.h"

namespace tidings::searcher {

Xapian::Query any_form(std::span<const std::string> stems, const FormsOf& forms, std::string_view prefix) {
  std::set<std::string> words;
  for (const auto& stem : stems)
    for (auto& form : forms(stem)) words.insert(std::move(form));
  std::vector<Xapian::Query> terms;
  terms.reserve(words.size());
  for (const auto& word : words) terms.emplace_back(word_term(prefix, word));
  if (terms.empty()) return Xapian::Query::MatchNothing;
  if (terms.size() == 1) return terms[0];
  return {Xapian::Query::OP_SYNONYM, terms.begin(), terms.end()};
}

}  // namespace tidings::searcher
