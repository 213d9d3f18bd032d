// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/compile.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "index/path_end_source.h"
#include "index/schema.h"
#include "searcher/query/asked.h"
#include "searcher/query/fields.h"

namespace tidings::searcher {
namespace {

using Xquery = Xapian::Query;

bool is_plain_word(const Tree& tree) {
  return as<Word>(tree) || as<Alike>(tree);
}

/// Required, and without weight.
bool is_filter(const Tree& tree) {
  const auto* term = as<FieldTerm>(tree);
  const auto* pattern = as<Pattern>(tree);
  const FieldSpec* field = term ? term->field : pattern ? pattern->field : nullptr;
  return as<FieldRange>(tree) || as<All>(tree) || (field && !field->in_text);
}

Xquery any_of(const std::vector<Xquery>& queries) {
  return queries.size() == 1 ? queries[0] : Xquery(Xquery::OP_OR, queries.begin(), queries.end());
}
Xquery all_of(const std::vector<Xquery>& queries) {
  return queries.size() == 1 ? queries[0] : Xquery(Xquery::OP_AND, queries.begin(), queries.end());
}
Xquery unweighted(const Xquery& query) {
  return Xquery(Xquery::OP_SCALE_WEIGHT, query, 0);
}

/// The terms of the general text, of titles or of paths.
struct Terms {
  std::string_view prefix;
  bool any_form;  ///< else words are asked for exactly
  bool in_order;  ///< else several words are asked for in any order
};
constexpr Terms kText{{}, true, true};

class Compiler {
 public:
  Compiler(const CompileContext& context, Mode mode) : context_(context), mode_(mode) {}

  Result<Compiled> run(const Tree& root) {
    auto query = mode_ == Mode::Relaxed && as<And>(root) ? conjunction(*as<And>(root), true) : node(root);
    if (error_) return tl::unexpected<Error>(std::move(*error_));
    if (!query)
      return failure(Error::Code::BadQuery, "column 1: the query holds no word to search for", "type a word");
    return Compiled{is_filter(root) ? unweighted(*query) : *query, warnings_.take(), std::move(optional_)};
  }

 private:
  /// Nothing where there is nothing to search for: the part counts as not typed.
  using Part = std::optional<Xquery>;

  Part node(const Tree& tree) {
    return std::visit(
        Overloaded{
            [&](const Word& word) { return said(tree, text_query(tree, word.text, false)); },
            [&](const Phrase& phrase) { return said(tree, text_query(tree, phrase.text, true)); },
            [&](const Pattern& pattern) { return Part(pattern_query(pattern)); },
            [&](const Near& near) { return nearness(near); },
            [&](const Alike& alike) { return said(tree, alike_query(tree, alike)); },
            [&](const And& both) { return conjunction(both, false); },
            [&](const Or& either) { return disjunction(either); },
            [&](const Not& negation) { return complement(negation); },
            [&](const FieldTerm& term) { return said(tree, field_query(tree, term)); },
            [&](const FieldDates&) -> Part {
              throw std::logic_error("a tree is bound before it is compiled");
            },
            [&](const FieldRange& range) { return Part(range_query(range)); },
            [&](const All&) { return Part(Xquery::MatchAll); },
            [&](const Nothing&) { return Part(Xquery::MatchNothing); },
        },
        tree->is);
  }

  Part said(const Tree& tree, Part part) {
    if (!part && !error_) warnings_.add(tree->source.column(), "there is no word in it, so it is left out");
    return part;
  }

  /// Required parts weigh; filters and negations only decide.
  Part conjunction(const And& both, bool relaxed) {
    std::vector<Xquery> scored, optional, filters, negated;
    for (const Tree& child : both.children) {
      const auto* negation = as<Not>(child);
      Part part = node(negation ? negation->child : child);
      if (!part) continue;
      auto& group = negation                          ? negated
                    : is_filter(child)                ? filters
                    : relaxed && is_plain_word(child) ? optional
                                                      : scored;
      group.push_back(std::move(*part));
    }
    if (!optional.empty()) scored.push_back(any_of(optional));
    if (relaxed) optional_ = optional;
    if (scored.empty() && filters.empty() && negated.empty()) return {};
    if (scored.empty() && filters.empty())
      filters.push_back(Xquery::MatchAll);  // the other words said nothing
    Xquery query = scored.empty()    ? unweighted(all_of(filters))
                   : filters.empty() ? all_of(scored)
                                     : Xquery(Xquery::OP_FILTER, all_of(scored), all_of(filters));
    return negated.empty() ? query : Xquery(Xquery::OP_AND_NOT, query, any_of(negated));
  }

  Part disjunction(const Or& either) {
    std::vector<Xquery> branches;
    for (const Tree& child : either.children)
      if (Part branch = node(child)) branches.push_back(is_filter(child) ? unweighted(*branch) : *branch);
    if (branches.empty()) return {};
    return any_of(branches);
  }

  Part complement(const Not& negation) {
    const Part part = node(negation.child);
    if (!part) return {};
    return Xquery(Xquery::OP_AND_NOT, Xquery::MatchAll, *part);
  }

  Part text_query(const Tree& tree, std::string_view text, bool exact) {
    const Asked asked = counted(tree, text);
    if (asked.words.empty()) return {};
    return exact ? sequence(asked, kText) : word_query(asked, kText);
  }

  /// A typed word in any form. The one place for what ranks above what, such as the exact form above its
  /// relatives.
  Xquery word_query(const Asked& asked, const Terms& terms) {
    if (asked.stems.empty() || !terms.any_form) return sequence(asked, terms);
    return any_form(asked.words[0], asked.stems, context_.forms, terms.prefix);
  }

  /// Exactly these words in this order; in any order where the index has no order.
  Xquery sequence(const Asked& asked, const Terms& terms) {
    std::vector<Xquery> words;
    for (const auto& word : asked.words) words.emplace_back(word_term(terms.prefix, word));
    if (words.size() == 1) return words[0];
    if (!terms.in_order)
      return asked.whole.empty() ? all_of(words) : Xquery(word_term(terms.prefix, asked.whole));
    const auto where = terms.prefix.empty() ? PhraseSource::Where::Anywhere : PhraseSource::Where::Title;
    const Xquery phrase(Xquery::OP_FILTER, all_of(words), context_.phrase(asked.words, where));
    return asked.whole.empty() ? phrase : phrase | Xquery(word_term(terms.prefix, asked.whole));
  }

  Xquery pattern_query(const Pattern& pattern) {
    const auto any = [&](std::string_view prefix) {
      return as_one_word(pattern.words, context_.forms, prefix);
    };
    if (!pattern.field) return any({});
    const Xquery found = any(pattern.field->prefix);
    return pattern.field->in_text ? weighed_as_text(found, any({})) : found;
  }

  /// All of the operands, that stand near each other. One without a word is as if it had not been typed.
  Part nearness(const Near& near) {
    std::vector<Xquery> parts;
    Nearness places;
    for (std::size_t i = 0; i < near.operands.size(); ++i) {
      Part part = node(near.operands[i]);
      if (!part) continue;
      if (!parts.empty()) places.within.push_back(near.within[i - 1]);
      parts.push_back(std::move(*part));
      places.operands.push_back(places_of(near.operands[i]));
    }
    if (parts.empty()) return {};
    if (parts.size() == 1) return parts[0];
    return Xquery(Xquery::OP_FILTER, all_of(parts), context_.near(std::move(places)));
  }

  /// How a word, phrase or pattern may stand in a text.
  Nearness::Operand places_of(const Tree& tree) {
    if (const auto* pattern = as<Pattern>(tree)) return {{pattern->words}};
    const auto* word = as<Word>(tree);
    const Asked asked = ask(context_.analyzer, word ? word->text : as<Phrase>(tree)->text);
    Nearness::Operand operand(1);
    if (word && !asked.stems.empty()) {
      Nearness::Place forms;
      for (const auto& stem : asked.stems)
        for (auto& form : context_.forms.words(stem)) forms.push_back(std::move(form));
      operand[0].push_back(std::move(forms));
      return operand;
    }
    for (const auto& one : asked.words) operand[0].push_back({one});
    if (!asked.whole.empty()) operand.push_back({{asked.whole}});
    return operand;
  }

  /// Single words become one word with what was typed; anything else is an alternative. They were not typed, so they do not count.
  Part alike_query(const Tree& tree, const Alike& alike) {
    const auto* word = as<Word>(alike.typed);
    const Asked asked = word ? counted(tree, word->text) : Asked{};
    std::vector<std::string> stems = asked.stems;
    std::vector<Xquery> others;
    for (const Tree& other : alike.others) {
      const auto* one = as<Word>(other);
      Asked more = ask(context_.analyzer, one ? one->text : std::get<Phrase>(other->is).text);
      if (more.words.empty()) continue;
      if (one && !stems.empty() && !more.stems.empty())
        stems.insert(stems.end(), more.stems.begin(), more.stems.end());
      else
        others.push_back(one ? word_query(more, kText) : sequence(more, kText));
    }
    Part typed = !word                 ? node(alike.typed)
                 : asked.words.empty() ? Part()
                 : stems.empty()       ? Part(sequence(asked, kText))
                                       : Part(any_form(asked.words[0], stems, context_.forms));
    if (!typed) return {};
    others.insert(others.begin(), std::move(*typed));
    return any_of(others);
  }

  Xquery status_query(const FieldTerm& term) {
    const auto having = [&](std::string_view status) {
      return Xquery(boolean_term(term.field->prefix, status));
    };
    if (term.text == kDuplicate) return context_.copies();
    if (term.text != name(Status::Indexed)) return having(term.text);
    std::vector<Xquery> others;  // what was read whole has no term
    for (const std::string_view status : kStatusNames)
      if (status != term.text) others.push_back(having(status));
    return {Xquery::OP_AND_NOT, Xquery::MatchAll, any_of(others)};
  }

  Part field_query(const Tree& tree, const FieldTerm& term) {
    const FieldSpec& field = *term.field;
    if (field.kind == FieldKind::Status) return status_query(term);
    if (field.kind == FieldKind::Ending) {
      auto* source =
          new PathEndSource(term.text);  // NOLINT(cppcoreguidelines-owning-memory): the query's, by release()
      return Xquery(source->release());
    }
    if (field.kind == FieldKind::Boolean) {
      std::vector<Xquery> terms;
      for (const auto& name : boolean_terms(field, term.text, context_.corpora)) terms.emplace_back(name);
      return terms.empty() ? Xquery::MatchNothing : any_of(terms);
    }
    const Asked asked = counted(tree, term.text);
    if (asked.words.empty()) return {};
    const auto query = [&](const Terms& in) {
      return term.exact ? sequence(asked, in) : word_query(asked, in);
    };
    const Xquery found = query({field.prefix, field.any_form, field.in_order});
    return field.in_text ? weighed_as_text(found, query(kText)) : found;
  }

  /// A field's own terms have no wdf, and so no weight: the same words in the text give it. Not by
  /// OP_AND_MAYBE, which loses matches in Xapian 1.4.22 below AND below AND_NOT (found by
  /// tests/unit/searcher/query_matches).
  static Xquery weighed_as_text(const Xquery& found, const Xquery& text) {
    return {Xquery::OP_AND, found, Xquery(Xquery::OP_OR, found, text)};
  }

  Xquery range_query(const FieldRange& range) {
    const Xapian::valueno slot = range.field->slot;
    const auto key = [](std::int64_t value) {
      return Xapian::sortable_serialise(static_cast<double>(value));
    };
    if (range.begin && range.end)
      return {Xquery::OP_VALUE_RANGE, slot, key(*range.begin), key(*range.end - 1)};
    if (range.begin) return {Xquery::OP_VALUE_GE, slot, key(*range.begin)};
    if (range.end) return {Xquery::OP_VALUE_LE, slot, key(*range.end - 1)};  // whole seconds, whole bytes
    return Xquery::MatchAll;
  }

  Asked counted(const Tree& tree, std::string_view text) {
    if (error_) return {};
    Asked asked = ask(context_.analyzer, text);
    terms_ += asked.words.size();
    if (terms_ <= context_.limits.terms) return asked;
    error_ = Error{Error::Code::BadQuery,
                   "column " + std::to_string(tree->source.column()) + ": the query has more than " +
                       std::to_string(context_.limits.terms) + " terms",
                   "search for fewer words, or use --plain"};
    return {};
  }

  const CompileContext& context_;
  const Mode mode_;
  Warnings warnings_;
  std::vector<Xquery> optional_;
  std::optional<Error> error_;
  std::size_t terms_ = 0;
};

}  // namespace

Result<Compiled> compile(const Tree& tree, Mode mode, const CompileContext& context) {
  return Compiler(context, mode).run(tree);
}

std::size_t plain_words(const Tree& tree) {
  if (is_plain_word(tree)) return 1;
  const auto* both = as<And>(tree);
  return both ? std::size_t(std::count_if(both->children.begin(), both->children.end(), is_plain_word)) : 0;
}

}  // namespace tidings::searcher
