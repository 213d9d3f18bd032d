// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/cli/search.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "searcher/cli/last_search.h"
#include "searcher/match/search.h"
#include "searcher/present/json.h"
#include "searcher/present/text.h"

namespace tidings::searcher {
namespace {

/// One run in TREC's format. A query that cannot be run is told, and the rest go on: a run with holes must
/// not look whole.
int run_queries(Searcher& searcher, SearchArguments& arguments) {
  std::ifstream file(arguments.queries_file);
  if (!file)
    return tell({Error::Code::NotFound, arguments.queries_file + ": cannot be read",
                 "it holds a line for each query: qid TAB text"});
  bool failed = false;
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    const auto tab = line.find('\t');
    if (tab == std::string::npos)
      return tell({Error::Code::BadRequest,
                   arguments.queries_file + ":" + std::to_string(number) + ": no TAB between qid and query",
                   {}});
    arguments.request.text = line.substr(tab + 1, line.find('\t', tab + 1) - tab - 1);
    auto answer = searcher.search(arguments.request);
    if (!answer) {
      failed = true;
      std::fprintf(stderr, "%s:%zu: ", arguments.queries_file.c_str(), number);
      tell(answer.error());
      continue;
    }
    std::string out;
    for (std::size_t rank = 0; rank < answer->hits.size(); ++rank) {
      const Hit& hit = answer->hits[rank];
      char score[48];
      std::snprintf(score, sizeof score, " %zu %.6f tidings\n", rank + 1, hit.score);
      out += line.substr(0, tab) + " Q0 " + std::filesystem::path(hit.key.path).stem().string() + score;
    }
    if (!put(out)) return kFailed;
  }
  return failed ? kFailed : kFound;
}

}  // namespace

int print_answer(const Context& context, Answer& answer, const SearchArguments& arguments) {
  const auto kept = LastSearch::of_user().and_then(
      [&](const LastSearch& last) { return last.keep(answer.hits, arguments.request.offset); });
  if (arguments.format == "text" || arguments.format == "json") answer.pending = pending_now(context);
  if (arguments.format == "json") {
    put(print(to_json(answer), 2) + "\n");
  } else if (arguments.format == "ndjson") {
    for (const auto& hit : answer.hits)
      if (!put(print(to_json(hit)) + "\n")) break;
  } else if (arguments.format == "paths") {
    for (const auto& hit : answer.hits)
      if (!put(hit.path + (arguments.nul ? '\0' : '\n'))) break;
  } else {
    const TextStyle style = style_of_stdout();
    std::size_t number = arguments.request.offset;
    for (const auto& hit : answer.hits)
      if (!put(hit_text(hit, ++number, style))) break;
    put(counts_text(answer, style));
    std::fputs(answer_notes(answer, style).c_str(), stderr);
    if (!kept)
      std::fprintf(stderr, "note: `tidings open` will not know these hits: %s\n",
                   printable_path(kept.error().what).c_str());
  }
  return answer.hits.empty() && (arguments.request.limit > 0 || answer.total == 0) ? kNothing : kFound;
}

int run_search(const Context& context, SearchArguments arguments) {
  const bool trec = arguments.format == "trec",
             strict = trec || arguments.format == "ndjson" || arguments.format == "paths";
  arguments.request.fill = !arguments.request.plain && (arguments.partial || !strict);
  arguments.request.passages = arguments.format != "paths" && !trec;
  arguments.request.suggest = arguments.format == "text" || arguments.format == "json";
  arguments.request.collapse = arguments.request.suggest && !arguments.no_collapse;
  if (trec) arguments.request.sort = Sort::Relevance;
  if (arguments.nul && arguments.format != "paths")
    return tell({Error::Code::BadRequest, "-0 goes with --format paths", {}});
  if (!arguments.request.suggest && (!arguments.request.facets.empty() || arguments.request.timeline))
    return tell({Error::Code::BadRequest, "--facets and --timeline go with --format text or json", {}});
  if (arguments.request.explain && (trec || arguments.format == "paths"))
    return tell({Error::Code::BadRequest, "--explain goes with --format text, json or ndjson", {}});
  Searcher searcher(context.index, context.config.limits, context.synonyms());
  if (trec != !arguments.queries_file.empty())
    return tell({Error::Code::BadRequest, "--queries FILE.tsv and --format trec go together", {}});
  if (trec) return run_queries(searcher, arguments);
  auto answer = searcher.search(arguments.request);
  if (!answer) return tell(context, answer.error());
  return print_answer(context, *answer, arguments);
}

int run_show(const Context& context, const std::string& file, const std::string& format) {
  Searcher searcher(context.index, context.config.limits);
  auto document = by_file_or_key(file, [&](const std::string& path) { return searcher.document(path); });
  if (!document) return tell(context, document.error());
  put(format == "json" ? print(to_json(*document), 2) + "\n" : document_text(*document, style_of_stdout()));
  return kFound;
}

}  // namespace tidings::searcher
