// SPDX-License-Identifier: GPL-2.0-or-later
// query.h — the text of a query to all that answering it needs. The door of this folder: matching and
// presenting include this header alone.
//
// Text -> tree (parser.h) -> the same for this index and moment (bind.h) -> Xapian queries (compile.h), echo (echo.h), what passages mark
// (highlight.h), warnings. Errors are BadQuery and begin with the column: "column 7: …". Uses the context's analyzer: one
// thread at a time.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "searcher/query/compile.h"
#include "searcher/query/echo.h"
#include "searcher/query/highlight.h"
#include "searcher/query/parser.h"
#include "searcher/query/plain.h"

namespace tidings::searcher {

struct Query {
  Xapian::Query strict;  ///< full matches
  std::optional<Xapian::Query>
      relaxed;  ///< what may fill up the page, full matches included; none if no word can be left out
  std::vector<Xapian::Query> relaxed_words;  ///< what `relaxed` looks for, word by word
  std::string understood;                    ///< the echo
  Highlights highlights;
  std::vector<Warning> warnings;  ///< in order of column
  bool asks_for_copies = false;   ///< has is:duplicate somewhere: then all of them are to be shown
  double weight = 0;              ///< of a bag of words: of its words together, one typed twice counts 2
};

Result<Query> understand(std::string_view text, const CompileContext& context);

/// The same for a bag of words; `strict` is any of them, and nothing is relaxed.
Result<Query> understand_plain(std::string_view text, Analyzer& analyzer, const FormsOf& forms,
                               const PlainOptions& options = {});

}  // namespace tidings::searcher
