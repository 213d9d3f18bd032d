// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/forms.h"

#include <set>

#include "index/schema.h"

namespace tidings::searcher {

Xapian::Query as_one_word(std::span<const std::string> words, const FormsOf& forms, std::string_view prefix) {
  std::vector<Xapian::Query> terms;
  terms.reserve(words.size());
  for (const auto& word : words) terms.emplace_back(word_term(prefix, word));
  if (terms.empty()) return Xapian::Query::MatchNothing;
  if (terms.size() == 1) return terms[0];
  const Xapian::Query any(Xapian::Query::OP_SYNONYM, terms.begin(), terms.end());
  return forms.correction ? Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, any, forms.correction(words)) : any;
}

Xapian::Query any_form(std::string_view typed, std::span<const std::string> stems, const FormsOf& forms,
                       std::string_view prefix) {
  std::set<std::string, std::less<>> found;
  for (const auto& stem : stems)
    for (auto& form : forms.words(stem)) found.insert(std::move(form));
  const std::vector<std::string> words(found.begin(), found.end());
  Xapian::Query any = as_one_word(words, forms, prefix);
  if (words.size() < 2 || !found.contains(typed)) return any;
  return any |
         Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, Xapian::Query(word_term(prefix, typed)), kTypedForm);
}

}  // namespace tidings::searcher
