// SPDX-License-Identifier: GPL-2.0-or-later
// Any bytes as a report and a query: the first line is the query, the rest the text, of which some is headline and some boilerplate.
// What must hold: passages are within their bounds, and marks are within passages, sorted and disjoint, on code points.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "searcher/present/passages.h"
#include "searcher/query/lexer.h"
#include "searcher/query/plain.h"

namespace {

using namespace tidings;
using namespace tidings::searcher;

void require(bool holds) {
  if (!holds) std::abort();
}

std::uint32_t at_line(std::string_view text, std::size_t at) {
  const std::size_t line = text.find('\n', std::min(at, text.size()));
  return static_cast<std::uint32_t>(line == text.npos ? text.size() : line + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Analyzer analyzer({"en", "de"});
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(input.find('\n'), input.size());
  Report report;
  report.text =
      encode(decode(input.substr(std::min(line + 1, input.size()))));  // valid UTF-8, as readers make it
  std::erase(report.text, '\r');
  if (size % 3 == 0) report.headline = {0, at_line(report.text, 0)};
  if (size % 2 == 0) {
    const Range range{at_line(report.text, report.text.size() / 3),
                      at_line(report.text, report.text.size() / 2)};
    if (!range.empty()) report.boilerplate.push_back(range);
  }
  const FormsOf none{[](std::string_view) { return std::vector<std::string>(); }};
  Highlights highlights;
  if (const auto plain = plain_query(input.substr(0, line), analyzer, none)) highlights = plain->highlights;
  std::vector<std::string> phrase(highlights.terms.begin(), highlights.terms.end());
  phrase.insert(phrase.end(), highlights.stems.begin(), highlights.stems.end());
  if (phrase.size() > 1) highlights.phrases.insert(phrase);

  const auto shown = passages(report, highlights, analyzer);
  require(shown.size() <= kMostPassages);
  for (const auto& passage : shown) {
    const std::size_t points = decode(passage.text).size();
    require(points <= kPassageChars + 2);
    std::uint32_t end = 0;
    for (const auto& [from, to] : passage.marks) {
      require(from >= end && from < to && to <= points);
      end = to;
    }
  }
  std::uint32_t end = 0;
  for (const auto& range : find_marks(report.text, highlights, analyzer)) {
    require(range.begin >= end && range.begin < range.end && range.end <= report.text.size());
    end = range.end;
  }
  return 0;
}
