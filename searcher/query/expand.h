// SPDX-License-Identifier: GPL-2.0-or-later
// expand.h — the words of an index that a pattern stands for.
//
// A pattern whose beginning is typed is held against the terms that begin so, and so is one with digits or of a field; any other against
// the vocabularies (segments/vocabulary.h), which know no words with digits. The most frequent are kept, of equally frequent ones the
// first in order. Bounds: QueryLimits, for all patterns of a query together; what is left out is said in a warning.
#pragma once
#include <string>
#include <vector>

#include "searcher/query/ast.h"
#include "searcher/query/context.h"
#include "searcher/query/pattern.h"
#include "searcher/query/warnings.h"

namespace tidings::searcher {

/// Of one query.
class Expander {
 public:
  /// Both must outlive it.
  Expander(const CompileContext& context, Warnings& warnings) : context_(context), warnings_(warnings) {}

  /// Folded words without prefix, the most frequent first.
  std::vector<std::string> words(const Pattern& pattern, std::size_t column);

 private:
  void walk(const WordPattern& pattern, std::string_view prefix, WordSink sink) const;

  const CompileContext& context_;
  Warnings& warnings_;
  std::size_t looked_at_ = 0, counted_ = 0, taken_ = 0;
};

}  // namespace tidings::searcher
