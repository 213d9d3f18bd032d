// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/likeness.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "index/characters.h"

namespace tidings::searcher {
namespace {

struct Telling {
  std::string word;
  std::uint32_t count = 0;
  double weight = 0;
};

bool has_letters(std::string_view word) {
  const auto points = std::count_if(word.begin(), word.end(), [](char c) { return !continues_character(c); });
  return static_cast<std::size_t>(points) >= kShortestTelling &&
         std::none_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Chinese, Japanese and the like have words of one or two characters.
bool may_tell(std::string_view word, const Analyzer& analyzer) {
  if (static_cast<unsigned char>(word[0]) < 0xE0 && !has_letters(word)) return false;
  return !is_stop_word(word, analyzer.languages());
}

std::vector<Telling> counted(const Report& report, Analyzer& analyzer) {
  std::vector<Telling> words;
  std::unordered_map<std::string, std::size_t> places;
  const auto take = [&](const Token& token) {
    const auto [place, is_new] = places.try_emplace(std::string(token.term), words.size());
    if (is_new) words.push_back({place->first, 0, 0});
    ++words[place->second].count;
  };
  each_word_of_story(report, report.text.size(), analyzer, take);
  std::erase_if(words, [&](const Telling& word) { return !may_tell(word.word, analyzer); });
  return words;
}

}  // namespace

void each_word_of_story(const Report& report, std::size_t bytes, Analyzer& analyzer,
                        FunctionRef<void(const Token&)> sink) {
  const auto take = [&](const Token& token) {
    if (token.kind == TokenKind::Word) sink(token);
  };
  analyzer.analyze(report.title, take);
  auto next = report.boilerplate.begin();
  analyzer.analyze(std::string_view(report.text).substr(0, bytes), [&](const Token& token) {
    while (next != report.boilerplate.end() && next->end <= token.begin) ++next;
    if (next == report.boilerplate.end() || token.begin < next->begin) take(token);
  });
}

Likeness likeness_of(const Report& report, const Snapshot& snapshot, Analyzer& analyzer) {
  auto words = counted(report, analyzer);
  std::stable_sort(words.begin(), words.end(),
                   [](const Telling& a, const Telling& b) { return a.count > b.count; });
  if (words.size() > kWeighedWords) words.resize(kWeighedWords);
  const double documents = snapshot.database().get_doccount();
  for (Telling& word : words) {
    const double having = snapshot.database().get_termfreq(word.word);
    if (having >= 2) word.weight = (1 + std::log2(word.count)) * std::log(documents / having);
  }
  std::erase_if(words, [](const Telling& word) { return word.weight <= 0; });
  std::stable_sort(words.begin(), words.end(),
                   [](const Telling& a, const Telling& b) { return a.weight > b.weight; });
  if (words.size() > kTellingWords) words.resize(kTellingWords);
  Likeness likeness;
  std::vector<Xapian::Query> any;
  for (Telling& word : words) {
    any.emplace_back(word.word, static_cast<Xapian::termcount>(std::lround(1 + std::log2(word.count))));
    likeness.words.push_back(std::move(word.word));
  }
  likeness.query = Xapian::Query(Xapian::Query::OP_OR, any.begin(), any.end());
  return likeness;
}

}  // namespace tidings::searcher
