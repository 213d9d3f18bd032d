// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/highlight.h"

#include "searcher/query/asked.h"
#include "searcher/query/fields.h"

namespace tidings::searcher {
namespace {

class Collector {
 public:
  explicit Collector(Analyzer& analyzer) : analyzer_(analyzer) {}

  /// Without words as common as "of", unless there is nothing else to mark.
  Highlights take() {
    Highlights telling = found_;
    std::erase_if(telling.terms, [](const std::string& term) { return is_stop_word(term); });
    std::erase_if(telling.stems, [](const std::string& stem) { return is_stop_word(stem); });
    return telling.empty() ? std::move(found_) : std::move(telling);
  }

  void visit(const Tree& tree) {
    if (const auto* word = as<Word>(tree)) return add(word->text, false);
    if (const auto* phrase = as<Phrase>(tree)) return add(phrase->text, true);
    if (const auto* term = as<FieldTerm>(tree))
      return term->field->in_text ? add(term->text, term->exact) : void();
    if (const auto* pattern = as<Pattern>(tree)) {
      if (!pattern->field || pattern->field->in_text)
        found_.terms.insert(pattern->words.begin(), pattern->words.end());
      return;
    }
    if (as<Not>(tree)) return;
    for (const Tree& child : children(tree)) visit(child);
  }

 private:
  void add(const std::string& text, bool exact) {
    Asked asked = ask(analyzer_, text);
    if (asked.words.empty()) return;
    if (!asked.whole.empty()) found_.terms.insert(asked.whole);
    if (asked.words.size() > 1)
      found_.phrases.insert(std::move(asked.words));
    else if (exact || asked.stems.empty())
      found_.terms.insert(asked.words[0]);
    else
      found_.stems.insert(asked.stems.begin(), asked.stems.end());
  }

  Analyzer& analyzer_;
  Highlights found_;
};

}  // namespace

Highlights highlights(const Tree& tree, Analyzer& analyzer) {
  Collector collector(analyzer);
  collector.visit(tree);
  return collector.take();
}

}  // namespace tidings::searcher
