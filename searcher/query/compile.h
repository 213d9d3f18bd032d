// SPDX-License-Identifier: GPL-2.0-or-later
// compile.h — a tree to the Xapian query that finds it, by the table in index/schema.h.
//
// Filters (boolean fields, dates, path words, negations) carry no weight. A part with nothing to search for,
// such as a word that the analyzer finds no word in, is left out, as if it had not been typed, and said in a
// warning. Errors, with a column: more terms than the limit after analysis; nothing left to search for.
#pragma once
#include <xapian.h>

#include <functional>
#include <string>
#include <vector>

#include "index/analyzer.h"
#include "index/error.h"
#include "index/phrase.h"
#include "searcher/query/forms.h"
#include "searcher/query/parser.h"

namespace tidings::searcher {

enum class Mode : std::uint8_t {
  Strict,   ///< all that is required
  Relaxed,  ///< any of the plain words; phrases, fields, brackets and negations as in Strict
};

/// The filter by which words that are all required follow each other (Snapshot::phrase).
using PhraseOf = std::function<Xapian::Query(std::vector<std::string> words, PhraseSource::Where where)>;

struct CompileContext {
  Analyzer& analyzer;                ///< with the index's languages; used by this thread alone
  std::vector<std::string> corpora;  ///< names; what `folder:` is looked for in
  QueryLimits limits;
  FormsOf forms;  ///< what of the index a word in any form asks for
  PhraseOf phrase;
};

struct Compiled {
  Xapian::Query query;
  std::vector<Warning> warnings;
  std::vector<Xapian::Query>
      optional;  ///< Mode::Relaxed: the words of which any will do, each with its forms
};

Result<Compiled> compile(const Tree& tree, Mode mode, const CompileContext& context);

/// How many words Mode::Relaxed may leave out: the plain words at the top. Below two it finds what Strict
/// finds.
std::size_t plain_words(const Tree& tree);

}  // namespace tidings::searcher
