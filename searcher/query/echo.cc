// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/echo.h"

#include <array>
#include <chrono>
#include <vector>

#include "searcher/query/asked.h"
#include "searcher/query/fields.h"

namespace tidings::searcher {
namespace {

std::string quoted(std::string_view text) {
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
bool is_filter(const Tree& tree) {
  return as<FieldTerm>(tree) || as<FieldRange>(tree) || as<Nothing>(tree);
}

bool is_group(const Tree& tree) {
  return as<And>(tree) || as<Or>(tree);
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
    return (is_filter(either ? either->children[0] : tree) ? "" : "with ") + term(tree);
  }

  std::string conjunction(const And& both) {
    std::vector<std::string> words, rest, filters;
    for (const Tree& child : both.children) {
      if (as<Not>(child))
        rest.push_back(term(child));
      else if (!as<All>(child))
        (is_filter(child) ? filters : words).push_back(grouped(child));
    }
    if (!words.empty()) rest.insert(rest.begin(), "with " + join(words, ", ", " and "));
    rest.insert(rest.end(), filters.begin(), filters.end());
    return join(rest, ", ", ", ");
  }

  std::string grouped(const Tree& tree) { return is_group(tree) ? "(" + term(tree) + ")" : term(tree); }

  std::string term(const Tree& tree) {
    return std::visit(Overloaded{
                          [&](const Word& word) { return any_form(word.text); },
                          [&](const Phrase& phrase) { return quoted(phrase.text); },
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
                          [&](const FieldRange& range) { return range_text(range); },
                          [&](const All&) { return std::string("anything"); },
                          [&](const Nothing&) { return std::string("of no time at all"); },
                      },
                      tree->is);
  }

  std::string any_form(const std::string& typed) {
    return (ask(analyzer_, typed).stems.empty() ? "" : "any form of ") + quoted(typed);
  }

  std::string field_text(const FieldTerm& term) {
    const bool stemmed = term.field->kind == FieldKind::Words && !term.exact && term.field->any_form;
    return std::string(term.field->echo) + " " + (stemmed ? any_form(term.text) : quoted(term.text));
  }

  Analyzer& analyzer_;
};

}  // namespace

std::string echo(const Tree& tree, Analyzer& analyzer) {
  return Speaker(analyzer).sentence(tree);
}

}  // namespace tidings::searcher
