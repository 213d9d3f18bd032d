// SPDX-License-Identifier: GPL-2.0-or-later
// compile.h — a tree to the Xapian query that finds it, by the table in index/schema.h.
//
// Of bound trees (bind.h). Filters (boolean fields, dates, sizes, path words, negations) carry no weight. A part with nothing to search
// for, such as a word that the analyzer finds no word in, is left out, as if it had not been typed, and said in a
// warning. Errors, with a column: more terms than the limit after analysis; nothing left to search for.
#pragma once
#include <xapian.h>

#include <vector>

#include "searcher/query/ast.h"
#include "searcher/query/context.h"
#include "searcher/query/warnings.h"

namespace tidings::searcher {

enum class Mode : std::uint8_t {
  Strict,   ///< all that is required
  Relaxed,  ///< any of the plain words; phrases, fields, brackets and negations as in Strict
};

struct Compiled {
  Xapian::Query query;
  std::vector<Warning> warnings;
  std::vector<Xapian::Query>
      optional;  ///< Mode::Relaxed: the words of which any will do, each with its forms
};

Result<Compiled> compile(const Tree& tree, Mode mode, const CompileContext& context);

/// How many words Mode::Relaxed may leave out: the plain words at the top, with or without synonyms. Below two it finds what Strict
/// finds.
std::size_t plain_words(const Tree& tree);

}  // namespace tidings::searcher
