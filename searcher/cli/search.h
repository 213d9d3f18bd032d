// SPDX-License-Identifier: GPL-2.0-or-later
// search.h — `tidings search`, `tidings show`: one question, one answer.
//
// --format text    for people; talk about the answer goes to stderr
//          json    one document (present/json.h)
//          ndjson  one hit a line, flushed
//          paths   one absolute path a line, or NUL-ended with -0; strict unless --partial
//          trec    "qid Q0 docid rank score tidings", docid being the file's name without its extension; for
//          judged collections
// --queries FILE.tsv (qid TAB query a line) runs many, in one process; it needs --format trec.
#pragma once
#include <optional>
#include <string>

#include "searcher/cli/context.h"
#include "searcher/match/answer.h"

namespace tidings::searcher {

struct SearchArguments {
  SearchRequest request;
  std::string format = "text";
  std::string queries_file;
  bool nul = false;      ///< -0
  bool partial = false;  ///< --partial: also where the format is strict
};

int run_search(const Context& context, SearchArguments arguments);
int run_show(const Context& context, const std::string& file, const std::string& format);

}  // namespace tidings::searcher
