// SPDX-License-Identifier: GPL-2.0-or-later
// plain.h — a query as a bag of words: no operators, any word matches, ranked by score alone (--plain).
//
// What judged collections and pasted text need. A word repeated counts as often, as with Xapian's own
// parser. Errors (BadQuery, with a column): past a bound; no word in it.
#pragma once
#include <xapian.h>

#include <string>
#include <string_view>

#include "index/analyzer.h"
#include "index/error.h"
#include "searcher/query/forms.h"
#include "searcher/query/highlight.h"

namespace tidings::searcher {

struct PlainOptions {
  bool drop_stop_words = true;  ///< unless nothing else is left
  std::size_t bytes = 65536;    ///< of the text; past it the query is refused
  std::size_t terms = 1024;     ///< words, stop words and repetitions counted; past it the query is refused
};

struct PlainQuery {
  Xapian::Query query;
  double weight = 0;  ///< of its words together: one typed twice counts 2
  std::string echo;   ///< at most kEchoWords words
  Highlights highlights;
  static constexpr std::size_t kEchoWords = 16;
};

Result<PlainQuery> plain_query(std::string_view text, Analyzer& analyzer, const FormsOf& forms,
                               const PlainOptions& options = {});

}  // namespace tidings::searcher
