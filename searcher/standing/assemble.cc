// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/standing/assemble.h"

#include "index/schema.h"
#include "index/segments/word_order.h"
#include "searcher/query/asked.h"
#include "searcher/query/fields.h"

namespace tidings::searcher {

/// The terms of the text, of titles or of paths.
struct Assembler::Terms {
  std::string_view prefix = {};
  bool any_form = true, in_order = true;
};

std::uint32_t Assembler::add(const Tree& tree) {
  const auto begin = static_cast<std::uint32_t>(programs_.code.size());
  if (!node(tree)) put(Op::Nothing);
  return begin;
}

void Assembler::put(Op op, std::uint32_t argument) {
  programs_.code.push_back(Step{op, argument}.word());
}

template <class F>
bool Assembler::list(Op op, F f) {
  const std::size_t at = programs_.code.size();
  put(op);
  f();
  const std::size_t body = programs_.code.size() - at - 1;
  if (body == 0) {
    programs_.code.pop_back();
    return false;
  }
  const bool single = 1 + Step::of(programs_.code[at + 1]).body() == body;
  if (single && (op == Op::And || op == Op::Or))  // the operand will do
    programs_.code.erase(programs_.code.begin() + static_cast<std::ptrdiff_t>(at));
  else
    programs_.code[at] = Step{op, static_cast<std::uint32_t>(body)}.word();
  return true;
}

bool Assembler::node(const Tree& tree) {
  const auto operands = [&](Op op, const std::vector<Tree>& children) {
    return list(op, [&] {
      for (const Tree& child : children) node(child);
    });
  };
  return std::visit(
      Overloaded{
          [&](const Word& word) { return text(word.text, false); },
          [&](const Phrase& phrase) { return text(phrase.text, true); },
          [&](const Pattern& like) { return pattern(like), true; },
          [&](const Near&) { return nearness(tree); },
          [&](const Alike&) { return alike(tree); },
          [&](const And& both) { return operands(Op::And, both.children); },
          [&](const Or& either) { return operands(Op::Or, either.children); },
          [&](const Not& negation) { return operands(Op::Not, {negation.child}); },
          [&](const FieldTerm& term) { return field(term); },
          [&](const FieldDates& dates) { return interval(dates.field->slot, dates.span), true; },
          [&](const FieldRange& range) {
            return interval(range.field->slot, DateInterval{range.begin, range.end}), true;
          },
          [&](const All&) { return put(Op::All), true; },
          [&](const Nothing&) { return put(Op::Nothing), true; },
      },
      tree->is);
}

bool Assembler::text(std::string_view typed, bool exact) {
  const Asked asked = ask(analyzer_, typed);
  if (asked.words.empty()) return false;
  exact ? sequence(asked, {}) : word(asked, {});
  return true;
}

void Assembler::word(const Asked& asked, const Terms& terms) {
  if (asked.stems.empty() || !terms.any_form) return sequence(asked, terms);
  list(Op::Or, [&] {
    for (const auto& stem : asked.stems) put_term(stem_term(terms.prefix, stem));
  });
}

void Assembler::sequence(const Asked& asked, const Terms& terms) {
  const auto all_words = [&] {
    for (const auto& word : asked.words) put_term(word_term(terms.prefix, word));
  };
  const auto whole = [&] { put_term(word_term(terms.prefix, asked.whole)); };
  if (asked.words.size() == 1) return all_words();
  if (!terms.in_order) {
    if (!asked.whole.empty()) return whole();
    list(Op::And, all_words);
    return;
  }
  list(Op::Or, [&] {
    list(Op::And, [&] {
      all_words();
      list(Op::Order, [&] {
        programs_.code.push_back(terms.prefix.empty() ? 0 : 1);
        for (const auto& word : asked.words) programs_.code.push_back(word_hash(word));
      });
    });
    if (!asked.whole.empty()) whole();
  });
}

/// That the operands are there; how they stand is for the search's own query to say.
bool Assembler::nearness(const Tree& tree) {
  return list(Op::And, [&] {
    std::size_t operands = 0;
    for (const Tree& operand : children(tree)) operands += node(operand) ? 1 : 0;
    if (operands > 1) put(Op::Unsure);
  });
}

bool Assembler::alike(const Tree& tree) {
  const auto& alike = *as<Alike>(tree);
  return list(Op::Or, [&] {
    if (!node(alike.typed)) return;  // what has no word is not asked for, nor is what is like it
    for (const Tree& other : alike.others) node(other);
  });
}

void Assembler::pattern(const Pattern& pattern) {
  const std::string prefix(pattern.field ? pattern.field->prefix : std::string_view());
  WordPattern like(pattern.kind, pattern.text);
  const TermId start =
      like.start().size() < kStartBytes ? TermTable::kNone : terms_.add(start_term(prefix, like.start()));
  programs_.likes.push_back({std::move(like), prefix, start});
  put(Op::Like, static_cast<std::uint32_t>(programs_.likes.size() - 1));
}

void Assembler::interval(unsigned slot, const std::variant<DateSpan, DateInterval>& when) {
  programs_.intervals.push_back({slot, when});
  put(Op::Interval, static_cast<std::uint32_t>(programs_.intervals.size() - 1));
}

void Assembler::status(const FieldTerm& term) {
  const auto having = [&](std::string_view status) { put_term(boolean_term(term.field->prefix, status)); };
  if (term.text == kDuplicate) return put(Op::Unsure);
  if (term.text != name(Status::Indexed)) return having(term.text);
  list(Op::Not, [&] {  // what was read whole has no term
    list(Op::Or, [&] {
      for (const std::string_view status : kStatusNames)
        if (status != term.text) having(status);
    });
  });
}

bool Assembler::field(const FieldTerm& term) {
  const FieldSpec& field = *term.field;
  switch (field.kind) {
    case FieldKind::Status:
      return status(term), true;
    case FieldKind::Boolean: {
      const auto names = boolean_terms(field, term.text, corpora_);
      if (names.empty()) return put(Op::Nothing), true;
      return list(Op::Or, [&] {
        for (const auto& name : names) put_term(name);
      });
    }
    case FieldKind::Words: {
      const Asked asked = ask(analyzer_, term.text);
      if (asked.words.empty()) return false;
      const Terms in{field.prefix, field.any_form, field.in_order};
      term.exact ? sequence(asked, in) : word(asked, in);
      return true;
    }
    case FieldKind::Ending:
    case FieldKind::Date:
    case FieldKind::Size:
      break;
  }
  put(Op::Unsure);
  return true;
}

}  // namespace tidings::searcher
