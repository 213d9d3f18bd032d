// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/echo.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include "searcher/query/asked.h"
#include "searcher/query/fields.h"
#include "searcher/query/sizes.h"

namespace tidings::searcher {
namespace {

std::string in_quotes(std::string_view text) {
  return '"' + std::string(text) + '"';
}

/// "1 March 2023"
std::string day(std::int64_t seconds) {
  constexpr std::array kMonths = {"January", "February", "March",     "April",   "May",      "June",
                                  "July",    "August",   "September", "October", "November", "December"};
  const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  return std::to_string(unsigned(date.day())) + " " + kMonths[unsigned(date.month()) - 1] + " " +
         std::to_string(int(date.year()));
}

std::string range_text(const FieldRange& range) {
  if (range.field->kind == FieldKind::Size) return size_text(range.begin, range.end);
  constexpr std::int64_t kDay = 86400;
  if (range.begin && range.end && *range.end - *range.begin == kDay) return "on " + day(*range.begin);
  if (range.begin && range.end) return "from " + day(*range.begin) + " to " + day(*range.end - kDay);
  if (range.begin) return "since " + day(*range.begin);
  if (range.end) return "before " + day(*range.end);
  return "at any time";
}

std::string join(const std::vector<std::string>& parts, std::string_view between, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i)
    out.append(i == 0 ? "" : i + 1 == parts.size() ? last : between).append(parts[i]);
  return out;
}

/// Said with its own preposition.
bool has_its_preposition(const Tree& tree) {
  const auto* pattern = as<Pattern>(tree);
  return as<FieldTerm>(tree) || as<FieldRange>(tree) || as<Nothing>(tree) || (pattern && pattern->field);
}

bool is_group(const Tree& tree) {
  return as<And>(tree) || as<Or>(tree) || as<Near>(tree);
}

/// The words that were found, the first of them by name.
std::string some_of(const std::vector<std::string>& words) {
  constexpr std::size_t kNamed = 5;
  if (words.empty()) return "none";
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(words.size(), kNamed); ++i) names.push_back(in_quotes(words[i]));
  return join(names, ", ", ", ") +
         (words.size() > kNamed ? " and " + std::to_string(words.size() - kNamed) + " more" : "");
}

std::string pattern_text(const Pattern& pattern) {
  const std::string field = pattern.field ? std::string(pattern.field->echo) + " " : "";
  if (pattern.kind == PatternKind::Wildcard) return field + "words like " + in_quotes(pattern.text);
  return field + "words spelt like " + in_quotes(pattern.text) + " (" + some_of(pattern.words) + ")";
}

std::string nothing_text(const Nothing& nothing) {
  return nothing.field && nothing.field->kind == FieldKind::Size ? "of no size at all" : "of no time at all";
}

class Speaker {
 public:
  explicit Speaker(Analyzer& analyzer) : analyzer_(analyzer) {}

  std::string sentence(const Tree& root) {
    const auto* both = as<And>(root);
    if (!both || !as<All>(both->children[0])) return "reports " + qualified(root);
    std::vector<std::string> left_out;
    for (const Tree& child : both->children)
      if (const auto* negation = as<Not>(child)) left_out.push_back("those " + qualified(negation->child));
    return "all reports except " + join(left_out, ", ", " and ");
  }

 private:
  /// What follows "reports": "with …, in title …", "of type pdf".
  std::string qualified(const Tree& tree) {
    if (const auto* both = as<And>(tree)) return conjunction(*both);
    const auto* either = as<Or>(tree);
    return (has_its_preposition(either ? either->children[0] : tree) ? "" : "with ") + term(tree);
  }

  std::string conjunction(const And& both) {
    std::vector<std::string> words, rest, filters;
    for (const Tree& child : both.children) {
      if (as<Not>(child))
        rest.push_back(term(child));
      else if (!as<All>(child))
        (has_its_preposition(child) ? filters : words).push_back(grouped(child));
    }
    if (!words.empty()) rest.insert(rest.begin(), "with " + join(words, ", ", " and "));
    rest.insert(rest.end(), filters.begin(), filters.end());
    return join(rest, ", ", ", ");
  }

  std::string grouped(const Tree& tree) { return is_group(tree) ? "(" + term(tree) + ")" : term(tree); }

  std::string term(const Tree& tree) {
    return std::visit(Overloaded{
                          [&](const Word& word) { return any_form(word.text); },
                          [&](const Phrase& phrase) { return in_quotes(phrase.text); },
                          [&](const Pattern& pattern) { return pattern_text(pattern); },
                          [&](const Near& near) { return nearness(near); },
                          [&](const Alike& alike) { return alike_text(alike); },
                          [&](const And& both) {
                            std::vector<std::string> parts;
                            for (const Tree& child : both.children) parts.push_back(grouped(child));
                            return join(parts, ", ", " and ");
                          },
                          [&](const Or& either) {
                            std::vector<std::string> parts;
                            for (const Tree& child : either.children) parts.push_back(grouped(child));
                            return join(parts, " or ", " or ");
                          },
                          [&](const Not& negation) { return "not " + grouped(negation.child); },
                          [&](const FieldTerm& field) { return field_text(field); },
                          [&](const FieldDates&) { return std::string("of some time"); },
                          [&](const FieldRange& range) { return range_text(range); },
                          [&](const All&) { return std::string("anything"); },
                          [&](const Nothing& nothing) { return nothing_text(nothing); },
                      },
                      tree->is);
  }

  std::string nearness(const Near& near) {
    std::string out = term(near.operands[0]);
    for (std::size_t i = 0; i < near.within.size(); ++i)
      out += " within " + std::to_string(near.within[i]) +
             (near.within[i] == 1 ? " word of " : " words of ") + term(near.operands[i + 1]);
    return out;
  }

  std::string alike_text(const Alike& alike) {
    std::vector<std::string> others;
    for (const Tree& other : alike.others)
      if (const auto* word = as<Word>(other))
        others.push_back(in_quotes(word->text));
      else
        others.push_back(term(other));
    return grouped(alike.typed) + " (or " + join(others, ", ", " or ") + ")";
  }

  std::string any_form(const std::string& typed) {
    return (ask(analyzer_, typed).stems.empty() ? "" : "any form of ") + in_quotes(typed);
  }

  std::string field_text(const FieldTerm& term) {
    if (term.field->kind == FieldKind::Status && term.text == kDuplicate) return "with near-copies";
    const bool stemmed = term.field->kind == FieldKind::Words && !term.exact && term.field->any_form;
    return std::string(term.field->echo) + " " + (stemmed ? any_form(term.text) : in_quotes(term.text));
  }

  Analyzer& analyzer_;
};

}  // namespace

std::string echo(const Tree& tree, Analyzer& analyzer) {
  return Speaker(analyzer).sentence(tree);
}

}  // namespace tidings::searcher
