// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/synonyms.h"

#include <algorithm>

#include "searcher/query/asked.h"

namespace tidings::searcher {

/// Of one query.
class Thesaurus::Pass {
 public:
  Pass(const Thesaurus& thesaurus, std::size_t most, Analyzer& analyzer, Warnings& warnings)
      : thesaurus_(thesaurus), most_(most), analyzer_(analyzer), warnings_(warnings) {}

  Tree node(const Tree& tree) {
    if (as<Word>(tree)) return run({tree})[0];
    if (as<Near>(tree)) return tree;
    const auto* both = as<And>(tree);
    if (!both) return mapped(tree, [this](const Tree& child) { return node(child); });
    std::vector<Tree> children;
    for (std::size_t i = 0; i < both->children.size();) {
      std::size_t end = i;
      while (end < both->children.size() && as<Word>(both->children[end])) ++end;
      if (end == i) {
        children.push_back(node(both->children[i++]));
        continue;
      }
      auto words =
          run({both->children.begin() + std::ptrdiff_t(i), both->children.begin() + std::ptrdiff_t(end)});
      std::move(words.begin(), words.end(), std::back_inserter(children));
      i = end;
    }
    if (children == both->children) return tree;
    return children.size() == 1 ? children[0] : make_tree(And{std::move(children)}, tree->source);
  }

 private:
  struct Fit {
    std::size_t words = 0;  ///< typed ones that it takes; 0: none
    std::vector<std::string> others;
  };

  /// Words that stand beside each other.
  std::vector<Tree> run(std::vector<Tree> words) {
    std::vector<Keys> keys;
    keys.reserve(words.size());
    for (const Tree& word : words) keys.push_back(keys_of(as<Word>(word)->text, analyzer_));
    std::vector<Tree> out;
    for (std::size_t i = 0; i < words.size();) {
      Fit fit = longest(keys, i);
      if (fit.words == 0) {
        out.push_back(words[i++]);
        continue;
      }
      const auto first = words.begin() + std::ptrdiff_t(i);
      i += fit.words;
      const Source source{(*first)->source.begin, words[i - 1]->source.end};
      Tree typed =
          fit.words == 1 ? *first : make_tree(And{{first, first + std::ptrdiff_t(fit.words)}}, source);
      std::vector<Tree> others = taken(fit.others, source);
      out.push_back(others.empty() ? typed : make_tree(Alike{std::move(typed), std::move(others)}, source));
    }
    return out;
  }

  /// All that the rules with the most words lead to, of those that fit at that word.
  Fit longest(const std::vector<Keys>& typed, std::size_t from) const {
    Fit best;
    std::size_t most = 0;
    if (typed[from].empty()) return best;
    std::vector<std::size_t> candidates;
    for (const auto& key : typed[from][0])
      if (const auto at = thesaurus_.by_first_.find(key); at != thesaurus_.by_first_.end())
        candidates.insert(candidates.end(), at->second.begin(), at->second.end());
    std::sort(candidates.begin(), candidates.end());
    candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
    for (const std::size_t candidate : candidates) {
      const Entry& entry = thesaurus_.entries_[candidate];
      const std::size_t words = typed_words(typed, from, entry.words);
      if (words == 0 || entry.words.size() < most) continue;
      if (entry.words.size() > most) best = {}, most = entry.words.size();
      best.words = words;
      for (const auto& other : entry.others)
        if (std::find(best.others.begin(), best.others.end(), other) == best.others.end())
          best.others.push_back(other);
    }
    return best;
  }

  /// How many of the typed words these are; 0 where they are others, or end within a typed one.
  static std::size_t typed_words(const std::vector<Keys>& typed, std::size_t from, const Keys& wanted) {
    std::size_t met = 0, words = 0;
    for (; met < wanted.size() && from + words < typed.size(); ++words)
      for (const auto& keys : typed[from + words]) {
        const auto same = [&](const std::string& key) {
          return std::find(keys.begin(), keys.end(), key) != keys.end();
        };
        if (met == wanted.size() || std::none_of(wanted[met].begin(), wanted[met].end(), same)) return 0;
        ++met;
      }
    return met == wanted.size() ? words : 0;
  }

  std::vector<Tree> taken(const std::vector<std::string>& others, Source source) {
    std::vector<Tree> trees;
    for (const auto& other : others) {
      const Asked asked = ask(analyzer_, other);
      if (asked.words.empty()) continue;
      if (taken_ == most_) {
        warnings_.add(source.column(), "the query has more than " + std::to_string(most_) +
                                           " synonyms; the others are left out");
        break;
      }
      ++taken_;
      trees.push_back(asked.words.size() > 1 ? make_tree(Phrase{other}, source)
                                             : make_tree(Word{other}, source));
    }
    return trees;
  }

  const Thesaurus& thesaurus_;
  const std::size_t most_;
  Analyzer& analyzer_;
  Warnings& warnings_;
  std::size_t taken_ = 0;
};

Thesaurus::Keys Thesaurus::keys_of(std::string_view text, Analyzer& analyzer) {
  Keys keys;
  for (auto& word : ask(analyzer, text).words) {
    const auto stems = analyzer.stems(word);
    if (stems.empty())
      keys.push_back({std::move(word)});
    else
      keys.emplace_back(stems.begin(), stems.end());
  }
  return keys;
}

Thesaurus::Thesaurus(const config::Synonyms& rules, Analyzer& analyzer) {
  for (const auto& rule : rules)
    for (const auto& from : rule.from) {
      Entry entry{keys_of(from, analyzer), {}};
      if (entry.words.empty()) continue;
      for (const auto& to : rule.to)
        if (keys_of(to, analyzer) != entry.words) entry.others.push_back(to);
      for (const auto& key : entry.words[0]) by_first_[key].push_back(entries_.size());
      entries_.push_back(std::move(entry));
    }
}

Tree Thesaurus::applied(const Tree& tree, std::size_t most, Analyzer& analyzer, Warnings& warnings) const {
  return Pass(*this, most, analyzer, warnings).node(tree);
}

}  // namespace tidings::searcher
