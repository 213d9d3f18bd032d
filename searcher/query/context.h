// SPDX-License-Identifier: GPL-2.0-or-later
// context.h — what of an index, of the user and of the moment a query is understood with.
//
// Functions, so that all of the language is tested without an index. They are called while the query is made; those that return a
// query may keep the analyzer in it. One thread at a time.
#pragma once
#include <xapian.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "index/analyzer.h"
#include "index/near.h"
#include "index/phrase.h"
#include "index/segments/vocabulary.h"
#include "searcher/query/forms.h"
#include "searcher/query/parser.h"

namespace tidings::searcher {

class Thesaurus;

/// The filter by which words that are all required follow each other (Snapshot::phrase).
using PhraseOf = std::function<Xapian::Query(std::vector<std::string> words, PhraseSource::Where where)>;
/// The filter by which words that are all required stand near each other (Snapshot::near).
using NearOf = std::function<Xapian::Query(Nearness nearness)>;

/// The filter of the reports that have a near-copy (Snapshot::having_copies).
using CopiesOf = std::function<Xapian::Query()>;

/// The words of the index, for patterns; where one is null, patterns find nothing.
struct WordsOf {
  /// Those that begin so, of the terms of that prefix.
  std::function<void(std::string_view prefix, std::string_view start, WordSink sink)> beginning;
  /// Those of titles and texts that have stems, some more than once: a faster look at all of them.
  std::function<void(WordSink sink)> stemmed;
  /// How many documents have the term.
  std::function<std::uint64_t(const std::string& term)> documents;
};

struct CompileContext {
  Analyzer& analyzer;                ///< with the index's languages; used by this thread alone
  std::vector<std::string> corpora;  ///< names; what `folder:` is looked for in
  QueryLimits limits;
  FormsOf forms;  ///< what of the index a word in any form asks for
  PhraseOf phrase;
  NearOf near = nullptr;
  WordsOf words = {};
  std::chrono::sys_seconds now = {};     ///< what relative dates are relative to
  const Thesaurus* thesaurus = nullptr;  ///< the user's synonyms; null: none
  CopiesOf copies = nullptr;
};

}  // namespace tidings::searcher
