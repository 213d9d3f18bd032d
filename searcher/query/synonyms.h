// SPDX-License-Identifier: GPL-2.0-or-later
// synonyms.h — the user's synonyms (config/synonyms.h), put beside the plain words of a query.
//
// A word of a rule is met by any form of it, a phrase by plain words that stand beside each other in its order; of the rules that fit
// where they begin, those with the most words. What they lead to is asked for as well: a word in any form, a phrase exactly. What was
// put in is not looked up again. Words in quotes, in fields and beside NEAR, and patterns, are left alone; so is all of --plain.
// Bound: QueryLimits::synonyms wordings in one query; past it the rest are left out, and a warning says so.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/synonyms.h"
#include "index/analyzer.h"
#include "searcher/query/ast.h"
#include "searcher/query/warnings.h"

namespace tidings::searcher {

/// The rules as the languages of one index read them. Immutable; uses the analyzer only where it is given.
class Thesaurus {
 public:
  Thesaurus(const config::Synonyms& rules, Analyzer& analyzer);

  /// The tree with Alike for words that have synonyms, at most `most` of them.
  Tree applied(const Tree& tree, std::size_t most, Analyzer& analyzer, Warnings& warnings) const;

 private:
  class Pass;
  using Keys = std::vector<std::vector<std::string>>;  ///< of each word its stems, or itself
  struct Entry {
    Keys words;
    std::vector<std::string> others;
  };
  static Keys keys_of(std::string_view text, Analyzer& analyzer);

  std::vector<Entry> entries_;
  std::map<std::string, std::vector<std::size_t>, std::less<>>
      by_first_;  ///< entries by a key of their first word
};

}  // namespace tidings::searcher
