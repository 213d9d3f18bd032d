// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/cli/similar.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "searcher/cli/last_search.h"
#include "searcher/match/search.h"
#include "searcher/present/json.h"
#include "searcher/present/text.h"

namespace tidings::searcher {

int run_similar(const Context& context, const std::string& file, const SearchArguments& arguments) {
  Searcher searcher(context.index, context.config.limits);
  const auto ask = [&](const std::string& path) {
    return searcher.similar({.path = path,
                             .limit = arguments.request.limit,
                             .offset = arguments.request.offset,
                             .explain = arguments.request.explain,
                             .copies = arguments.copies});
  };
  auto answer = by_file_or_key(file, ask);
  if (!answer) return tell(context, answer.error());
  return print_answer(context, *answer, arguments);
}

int run_suggest(const Context& context, const SuggestRequest& request, const std::string& format) {
  Searcher searcher(context.index, context.config.limits);
  auto answer = searcher.suggest(request);
  if (!answer) return tell(context, answer.error());
  put(format == "json" ? print(to_json(*answer), 2) + "\n" : suggestions_text(*answer, style_of_stdout()));
  return answer->words.empty() && answer->titles.empty() ? kNothing : kFound;
}

int run_open(std::size_t number) {
  auto path = LastSearch::of_user().and_then([&](const LastSearch& last) { return last.path_of(number); });
  if (!path) return tell(path.error());
  if (!path->starts_with('/'))
    return tell(
        {Error::Code::NotFound, *path + ": its corpus is none of the index any more", "search again"});
  if (::access(path->c_str(), F_OK) != 0)
    return tell({Error::Code::NotFound, *path + ": " + std::strerror(errno),
                 "it was removed or renamed since; search again"});
  const char* named = std::getenv("TIDINGS_OPENER");
  std::string opener = named && *named ? named : "xdg-open";
  char* const arguments[] = {opener.data(), path->data(), nullptr};
  ::execvp(arguments[0], arguments);
  return tell({Error::Code::NotFound, opener + ": " + std::strerror(errno),
               "install xdg-utils, or name a program in TIDINGS_OPENER"});
}

}  // namespace tidings::searcher
