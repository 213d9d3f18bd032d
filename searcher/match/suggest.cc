// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/suggest.h"

#include <algorithm>
#include <unordered_map>

#include "index/schema.h"
#include "searcher/match/order.h"

namespace tidings::searcher {
namespace {

/// What was typed: whole words, and the beginning of one.
struct Typed {
  std::vector<std::string> words;
  std::string before;  // the text before the last one
  std::string begun;   // folded; empty where nothing is begun
};

Typed read(std::string_view text, Analyzer& analyzer) {
  Typed typed;
  std::uint32_t begin = 0, end = 0;
  analyzer.analyze(text, [&](const Token& token) {
    if (token.kind != TokenKind::Word) return;
    typed.words.emplace_back(token.term);
    begin = token.begin;
    end = token.end;
  });
  if (typed.words.empty() || end != text.size()) return typed;
  typed.begun = std::move(typed.words.back());
  typed.words.pop_back();
  typed.before = text.substr(0, begin);
  return typed;
}

/// All words that begin so, by how many documents have them, the removed ones included.
std::vector<std::pair<std::string, std::uint64_t>> beginning_with(const std::string& begun,
                                                                  const Snapshot& snapshot, bool& all) {
  std::unordered_map<std::string, std::uint64_t> counts;
  std::size_t looked_at = 0;
  for (std::size_t p = 0; p < snapshot.parts(); ++p) {
    const Xapian::Database& segment = snapshot.part(p);
    const auto end = segment.allterms_end(begun);
    for (auto term = segment.allterms_begin(begun); term != end; ++term) {
      if (++looked_at > kLookedAt) {
        all = false;
        break;
      }
      counts[*term] += term.get_termfreq();
    }
  }
  std::vector<std::pair<std::string, std::uint64_t>> words(counts.begin(), counts.end());
  std::sort(words.begin(), words.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  return words;
}

void add_words(const Typed& typed, std::size_t most, const Snapshot& snapshot, Analyzer& analyzer,
               SuggestAnswer& answer) {
  if (typed.begun.empty() || !is_word_term(typed.begun)) return;
  const bool letters_alone = !analyzer.stems(typed.begun).empty();
  for (const auto& [word, count] : beginning_with(typed.begun, snapshot, answer.complete)) {
    if (answer.words.size() == most) return;
    if (is_stop_word(word, analyzer.languages()) || (letters_alone && analyzer.stems(word).empty())) continue;
    if (const auto having = snapshot.having(word); having > 0)
      answer.words.push_back({typed.before + word, word, having});
  }
}

void add_titles(const Typed& typed, std::size_t most, const Snapshot& snapshot, SuggestAnswer& answer) {
  using Q = Xapian::Query;
  std::vector<Q> all;
  for (const auto& word : typed.words) all.emplace_back(word_term(prefix::kTitle, word));
  if (!typed.begun.empty())
    all.emplace_back(Q::OP_WILDCARD, word_term(prefix::kTitle, typed.begun),
                     static_cast<Xapian::termcount>(kTitleWords), Q::WILDCARD_LIMIT_MOST_FREQUENT, Q::OP_OR);
  if (all.empty() || most == 0) return;
  const Q query = snapshot.living(Q(Q::OP_SCALE_WEIGHT, Q(Q::OP_AND, all.begin(), all.end()), 0));
  for (const Ranked& hit : page(snapshot, query, Sort::Newest, 0, most, 0).hits) {
    Record record = snapshot.record(hit.id);
    answer.titles.push_back(
        {std::move(record.report.title), snapshot.absolute_path(record.key), std::move(record.report.date)});
  }
}

}  // namespace

void suggest(const SuggestRequest& request, const Snapshot& snapshot, Analyzer& analyzer,
             SuggestAnswer& answer) {
  std::string_view text(request.text);
  if (text.size() > kSuggestBytes) {
    text = text.substr(0, kSuggestBytes);
    answer.complete = false;
  }
  const Typed asked = read(text, analyzer);
  add_words(asked, request.words, snapshot, analyzer, answer);
  add_titles(asked, request.titles, snapshot, answer);
}

}  // namespace tidings::searcher
