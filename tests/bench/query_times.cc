// SPDX-License-Identifier: GPL-2.0-or-later
// query_times.cc — what an answer takes in the searcher, without a process, a socket or printing: for the query benchmark.
//
//   query_times INDEX all|any|phrase QUERIES [fill]
//
// QUERIES has a query a line, words alone. Each is asked as the command line asks it (the best ten, with passages, near-copies left out), but for
// partial matches, which only `fill` asks for: all queries once, not timed, then once more, timed. Prints a line for each: microseconds TAB
// hits. Exit 0; 1 with the reason on stderr.
#include <chrono>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "searcher/match/search.h"

namespace {

std::string asked(const std::string& words, const std::string& how) {
  if (how == "phrase") return '"' + words + '"';
  if (how == "all") return words;
  std::istringstream in(words);
  std::string any;
  for (std::string word; in >> word;) any += (any.empty() ? "" : " OR ") + word;
  return any;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: query_times INDEX all|any|phrase QUERIES [fill]\n";
    return 1;
  }
  tidings::searcher::Searcher searcher(argv[1], {});
  std::vector<tidings::searcher::SearchRequest> requests;
  std::ifstream file(argv[3]);
  for (std::string line; std::getline(file, line);) {
    auto& request = requests.emplace_back();
    request.text = asked(line, argv[2]);
    request.fill = argc > 4;
    request.collapse = true;
  }
  for (const bool timed : {false, true})
    for (const auto& request : requests) {
      const auto began = std::chrono::steady_clock::now();
      const auto answer = searcher.search(request);
      const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - began;
      if (!answer) {
        std::cerr << "query_times: " << request.text << ": " << answer.error().what << '\n';
        return 1;
      }
      if (timed) std::cout << took.count() << '\t' << answer->hits.size() << '\n';
    }
  return 0;
}
