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

bool is_group(const Tree& tree) {
  return as<And>(tree) || as<Or>(tree);
}

class Speaker {
 public:
  explicit Speaker(Analyzer& analyzer) : analyzer_(analyzer) {}

  std::string sentence(const Tree& root) { return "reports" + qualified(root); }

 private:
  /// What follows "reports": " with …, in title …", " of type pdf".
  std::string qualified(const Tree& tree) {
    if (as<All>(tree)) return " of any kind";
    if (as<Nothing>(tree)) return " of no time at all";
    if (as<Or>(tree)) return " with " + term(tree);
    if (const auto* both = as<And>(tree)) return conjunction(*both);
    return as<FieldTerm>(tree) || as<FieldRange>(tree) ? " " + term(tree) : " with " + term(tree);
  }

  std::string conjunction(const And& both) {
    std::vector<std::string> words, filters, negated;
    for (const Tree& child : both.children) {
      if (as<All>(child)) continue;
      if (const auto* negation = as<Not>(child))
        negated.push_back("not " + grouped(negation->child));
      else
        (as<FieldTerm>(child) || as<FieldRange>(child) ? filters : words).push_back(grouped(child));
    }
    std::string out = words.empty() ? "" : " with " + join(words, ", ", " and ");
    for (const auto* parts : {&negated, &filters})
      for (const auto& part : *parts) out.append(out.empty() ? " " : ", ").append(part);
    return out;
  }

  std::string grouped(const Tree& tree) { return is_group(tree) ? "(" + term(tree) + ")" : term(tree); }

  std::string term(const Tree& tree) {
    return std::visit(Overloaded{
                          [&](const Word& word) { return any_form(word.text); },
                          [&](const Phrase& phrase) { return quoted(phrase.text); },
                          [&](const And& both) {
                            std::vector<std::string> parts;
                            for (const Tree& child : both.children)
                              if (!as<All>(child)) parts.push_back(grouped(child));
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
                          [&](const Nothing&) { return std::string("nothing"); },
                      },
                      tree->is);
  }

  std::string any_form(const std::string& typed) {
    return (ask(analyzer_, typed).stems.empty() ? "" : "any form of ") + quoted(typed);
  }

  std::string field_text(const FieldTerm& term) {
    const bool stemmed =
        term.field->kind == FieldKind::Words && !term.exact && !term.field->stem_prefix.empty();
    return std::string(term.field->echo) + " " + (stemmed ? any_form(term.text) : quoted(term.text));
  }

  Analyzer& analyzer_;
};

}  // namespace

std::string echo(const Tree& tree, Analyzer& analyzer) {
  return Speaker(analyzer).sentence(tree);
}

}  // namespace tidings::searcher
