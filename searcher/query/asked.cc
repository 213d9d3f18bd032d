// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/asked.h"

#include <map>

namespace tidings::searcher {

Asked ask(Analyzer& analyzer, std::string_view typed) {
  struct Place {
    std::string word, whole;  ///< whole: spelling with its sign, covering this word alone
  };
  struct Span {
    std::uint32_t position, words;
    std::string term;
  };
  std::map<std::uint32_t, Place> places;
  std::vector<Span> spans;
  analyzer.analyze(typed, [&](const Token& token) {
    if (token.kind == TokenKind::Word)
      places[token.position].word = token.term;
    else if (token.kind == TokenKind::Whole && token.span == 1)
      places[token.position].whole = token.term;
    else if (token.kind == TokenKind::Whole)
      spans.push_back({token.position, token.span, std::string(token.term)});
  });

  Asked asked;
  for (const auto& [position, place] : places)
    asked.words.push_back(place.whole.empty() ? place.word : place.whole);
  if (places.size() == 1 && places.begin()->second.whole.empty()) {
    const auto stems = analyzer.stems(asked.words[0]);
    asked.stems.assign(stems.begin(), stems.end());
  }
  for (auto& span : spans)
    if (places.size() > 1 && span.position == places.begin()->first && span.words == places.size())
      asked.whole = std::move(span.term);
  return asked;
}

}  // namespace tidings::searcher
