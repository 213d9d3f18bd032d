// SPDX-License-Identifier: GPL-2.0-or-later
// parser.h — the text of a query to its tree, within bounds, before Xapian sees any of it.
//
//   words            beside each other: all required       OR           binds looser than that; upper case
//   "exact words"    unstemmed and in order; “ ” „ « » too  -w  NOT w    not that word, phrase, field or bracket
//   ( … )            groups                                AND          says what is so anyway
//   w NEAR/5 w       within so many words, between words and exact words; NEAR alone: kNear. Binds tighter than all else
//   strik* wor?er *workers coventri~                       words like it: pattern.h
//   field:value   field:"exact words"  field:(a OR b)      the fields: fields.h
// A `-` negates at the beginning of a word only, after white space or a bracket. or, and, not, near in lower case
// are words.
//
// No input is a crash, and little is an error: a stray quote, bracket or operator is read as well as can be,
// and said in a warning. An unknown field is read as words. Malformed UTF-8 is read as U+FFFD. Errors
// (BadQuery, all with a column) are: nothing to search for, a value that its field cannot have, and a bound
// passed. Xapian::QueryParser is not used: it dies of a stack overflow at 2,059 nested `NOT (` on a small
// stack. Recursive descent, two small frames a bracket; repeated NOT is a loop. Thread-safe.
#pragma once
#include <string_view>
#include <vector>

#include "index/error.h"
#include "searcher/query/ast.h"
#include "searcher/query/warnings.h"

namespace tidings::searcher {

/// What a query may cost.
struct QueryLimits {
  // Past any of these it is refused (BadQuery), never cut.
  std::size_t bytes = 4096;  ///< of the text
  std::size_t terms = 128;   ///< words typed, and again terms after analysis
  std::size_t depth = 32;    ///< brackets within brackets
  std::size_t nears = 16;    ///< NEARs in it: each is a look at all words of a report
  // Past these the most frequent words are taken, or those that were found, and a warning says what is missing.
  std::size_t expansions = 100;      ///< words that one pattern stands for
  std::size_t expansions_all = 400;  ///< that all patterns of a query stand for
  std::size_t looked_at =
      3'000'000;  ///< words of the index held against all patterns: some 20 ns each by a vocabulary, 300 by terms
  std::size_t counted = 20'000;  ///< words found whose frequency is asked for, some 10 us each
  std::size_t synonyms = 64;     ///< put beside all words of a query
};

struct Parsed {
  Tree root;
  std::vector<Warning> warnings;
};

Result<Parsed> parse(std::string_view text, const QueryLimits& limits = {});

}  // namespace tidings::searcher
