// SPDX-License-Identifier: GPL-2.0-or-later
// highlight.h — what a passage marks: the terms of a query that a report may have in its text.
//
// A token of a passage is marked if its term is in `terms`, or one of its stems is in `stems`, or it is one
// of the consecutive words of a phrase. Words below a negation are never among them, nor are those of fields
// that are not in the text (path, type, dates), nor stop words beside telling ones. Patterns are marked by the words that they stand for,
// so trees are bound (bind.h). Terms are folded as the analyzer does; no prefixes.
#pragma once
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "index/analyzer.h"
#include "searcher/query/ast.h"

namespace tidings::searcher {

struct Highlights {
  std::set<std::string, std::less<>> terms;  ///< surface terms, wholes among them
  std::set<std::string, std::less<>> stems;
  std::set<std::vector<std::string>> phrases;  ///< of two words or more
  bool empty() const { return terms.empty() && stems.empty() && phrases.empty(); }
};

Highlights highlights(const Tree& tree, Analyzer& analyzer);

}  // namespace tidings::searcher
