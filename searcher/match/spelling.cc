// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/spelling.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "index/characters.h"
#include "searcher/match/edits.h"
#include "searcher/query/fields.h"

namespace tidings::searcher {
namespace {

/// Where each code point of the text begins, and its end.
std::vector<std::size_t> code_point_starts(std::string_view text) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (!continues_character(text[i])) starts.push_back(i);
  starts.push_back(text.size());
  return starts;
}

class Words {
 public:
  Words(std::string_view text, Analyzer& analyzer) : text_(text), analyzer_(analyzer) {}

  void add(std::size_t begin, std::size_t end) {
    analyzer_.analyze(text_.substr(begin, end - begin), [&](const Token& token) {
      if (token.kind == TokenKind::Word && words_.size() < kMostChecked)
        words_.push_back({begin + token.begin, begin + token.end, std::string(token.term)});
    });
  }

  void visit(const Tree& tree, const std::vector<std::size_t>& starts) {
    const auto byte = [&](std::size_t point) { return starts[std::min(point, starts.size() - 1)]; };
    const std::size_t begin = byte(tree->source.begin), end = byte(tree->source.end);
    const auto* field = as<FieldTerm>(tree);
    if (as<Word>(tree) || as<Phrase>(tree)) return add(begin, end);
    if (field) {
      const std::size_t colon = text_.find(':', begin);
      if (field->field->in_text && colon < end) add(colon + 1, end);
      return;
    }
    if (as<Not>(tree)) return;
    for (const Tree& child : children(tree)) visit(child, starts);
  }

  std::vector<TypedWord> take() {
    std::erase_if(words_, [&](const TypedWord& word) {
      return EditsFrom(word.term, 0).length() < kShortestChecked || analyzer_.stems(word.term).empty() ||
             is_stop_word(word.term, analyzer_.languages());
    });
    std::sort(words_.begin(), words_.end(),
              [](const TypedWord& a, const TypedWord& b) { return a.begin < b.begin; });
    return std::move(words_);
  }

 private:
  const std::string_view text_;
  Analyzer& analyzer_;
  std::vector<TypedWord> words_;
};

/// How many reports have the word in any form; past kRareWord it is not counted on.
std::uint64_t known_in(const std::string& word, const Snapshot& snapshot, Analyzer& analyzer) {
  std::uint64_t known = snapshot.having(word);
  const auto span = analyzer.stems(word);
  const std::vector<std::string> stems(span.begin(), span.end());
  for (const auto& stem : stems)
    for (const auto& form : snapshot.forms(stem)) {
      if (known > kRareWord) return known;
      if (form != word) known += snapshot.having(form);
    }
  return known;
}

struct Misspelt {
  const TypedWord* typed;
  std::uint64_t known;
  EditsFrom edits;
  std::map<std::string, std::size_t> near;  // with its edits
};

/// The best of those that are near; empty where none will do.
std::string best_of(const Misspelt& word, const Snapshot& snapshot) {
  std::string best;
  double highest = 0;
  for (const auto& [candidate, edits] : word.near) {
    const auto having = snapshot.having(candidate);
    if (having == 0 || having < word.known * kMuchMore) continue;
    const double cost = static_cast<double>(edits) + (candidate[0] == word.typed->term[0] ? 0 : 0.5);
    const double value = having / std::pow(kEditCost, cost);
    if (value <= highest) continue;
    highest = value;
    best = candidate;
  }
  return best;
}

}  // namespace

std::vector<TypedWord> words_to_check(std::string_view text, bool plain, const QueryLimits& limits,
                                      Analyzer& analyzer) {
  if (!is_utf8(text)) return {};  // the parser's columns say nothing of bytes then
  Words words(text, analyzer);
  if (plain) {
    words.add(0, text.size());
  } else if (const auto parsed = parse(text, limits)) {
    words.visit(parsed->root, code_point_starts(text));
  }
  return words.take();
}

std::optional<std::string> put_right(std::string_view text, const std::vector<TypedWord>& words,
                                     const Snapshot& snapshot, Analyzer& analyzer) {
  std::vector<Misspelt> misspelt;
  for (const TypedWord& word : words) {
    const auto known = known_in(word.term, snapshot, analyzer);
    if (known > kRareWord) continue;
    const std::size_t letters = EditsFrom(word.term, 0).length();
    misspelt.push_back({&word, known, EditsFrom(word.term, letters < kTwoEdits ? 1 : 2), {}});
  }
  if (misspelt.empty()) return std::nullopt;
  std::size_t looked_at = 0;
  snapshot.stemmed_words([&](std::string_view known) {
    for (Misspelt& word : misspelt)
      if (const std::size_t edits = word.edits.to(known); edits > 0 && edits <= word.edits.most())
        word.near.try_emplace(std::string(known), edits);
    return ++looked_at < kMostLookedAt;
  });
  std::string right(text);
  bool changed = false;
  for (auto word = misspelt.rbegin(); word != misspelt.rend(); ++word) {  // from behind: offsets stay true
    const std::string best = best_of(*word, snapshot);
    if (best.empty()) continue;
    right.replace(word->typed->begin, word->typed->end - word->typed->begin, best);
    changed = true;
  }
  if (!changed) return std::nullopt;
  return right;
}

}  // namespace tidings::searcher
