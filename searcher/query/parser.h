// SPDX-License-Identifier: GPL-2.0-or-later
// parser.h — the text of a query to its tree, within bounds, before Xapian sees any of it.
//
//   words         beside each other: all required             OR          binds looser than that; upper case
//   only "exact words" unstemmed and in order; “ ” „ « » too       -w  NOT w   not that word, phrase, field
//   or bracket ( … )         groups                                      AND         says what is so anyway
//   field:value   field:"exact words"  field:(a OR b)         the fields: fields.h
// A `-` negates at the beginning of a word only, after white space or a bracket. or, and, not in lower case
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

/// What a query may cost. Past any of them it is refused (BadQuery), never cut.
struct QueryLimits {
  std::size_t bytes = 4096;  ///< of the text
  std::size_t terms = 128;   ///< words typed, and again terms after analysis
  std::size_t depth = 32;    ///< brackets within brackets
};

struct Parsed {
  Tree root;
  std::vector<Warning> warnings;
};

Result<Parsed> parse(std::string_view text, const QueryLimits& limits = {});

}  // namespace tidings::searcher
