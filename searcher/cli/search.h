// SPDX-License-Identifier: GPL-2.0-or-later
// search.h — `tidings search`, `tidings show`: one question, one answer.
//
// --format text    for people; talk about the answer goes to stderr
//          json    one document (present/json.h)
//          ndjson  one hit a line, flushed
//          paths   one absolute path a line, or NUL-ended with -0; strict unless --partial
//          trec    "qid Q0 docid rank score tidings", docid being the file's name without its extension; for
//          judged collections
// --facets, --timeline: text and json alone, which have a place for them. Every answer's hits are kept for `tidings open` (last_search.h), but
// those of a run of many.
// --queries FILE.tsv (qid TAB query a line) runs many, in one process; it needs --format trec.
#pragma once
#include <filesystem>
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
  bool no_collapse = false;
  bool copies = false;  ///< of `similar`
};

/// Prints the answer, and keeps its hits for `tidings open`; the exit code.
int print_answer(const Context& context, Answer& answer, const SearchArguments& arguments);

/// A file by its name on disk, or else, where there is none, by "corpus:path": ask(path) -> Result.
template <class F>
auto by_file_or_key(const std::string& file, F&& ask) {
  std::error_code error;
  const auto canonical = std::filesystem::canonical(file, error);
  auto answer = ask(error ? std::filesystem::absolute(file).lexically_normal().string() : canonical.string());
  if (!answer && error && file.find(':') != std::string::npos) return ask(file);
  return answer;
}

int run_search(const Context& context, SearchArguments arguments);
int run_show(const Context& context, const std::string& file, const std::string& format);

}  // namespace tidings::searcher
