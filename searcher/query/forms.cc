// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/forms.h"

#include <set>

#include "index/schema.h"

namespace tidings::searcher {

Xapian::Query any_form(std::string_view typed, std::span<const std::string> stems, const FormsOf& forms,
                       std::string_view prefix) {
  std::set<std::string, std::less<>> words;
  for (const auto& stem : stems)
    for (auto& form : forms.words(stem)) words.insert(std::move(form));
  std::vector<Xapian::Query> terms;
  terms.reserve(words.size());
  for (const auto& word : words) terms.emplace_back(word_term(prefix, word));
  if (terms.empty()) return Xapian::Query::MatchNothing;
  if (terms.size() == 1) return terms[0];
  Xapian::Query any(Xapian::Query::OP_SYNONYM, terms.begin(), terms.end());
  if (forms.correction) {
    const std::vector<std::string> all(words.begin(), words.end());
    any = Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, any, forms.correction(all));
  }
  if (!words.contains(typed)) return any;
  return any |
         Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, Xapian::Query(word_term(prefix, typed)), kTypedForm);
}

}  // namespace tidings::searcher
