// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/ast.h"

#include <chrono>
#include <cstdio>

#include "searcher/query/fields.h"

namespace tidings::searcher {
namespace {

std::string list(std::string_view head, const std::vector<Tree>& children) {
  std::string out = "(" + std::string(head);
  for (const auto& child : children) out += " " + debug_string(child);
  return out + ")";
}

/// The day, which every bound of an interval begins; of sizes the bytes; empty for an open side.
std::string bound(const FieldSpec& field, const std::optional<std::int64_t>& value) {
  if (!value) return {};
  if (field.kind == FieldKind::Size) return std::to_string(*value);
  const std::chrono::sys_seconds time{std::chrono::seconds(*value)};
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", int(date.year()), unsigned(date.month()),
                unsigned(date.day()));
  return text;
}

std::string interval(const FieldSpec& field, const std::optional<std::int64_t>& begin,
                     const std::optional<std::int64_t>& end) {
  return std::string(field.name) + ":[" + bound(field, begin) + "," + bound(field, end) + ")";
}

std::string pattern(const Pattern& pattern) {
  std::string out = pattern.kind == PatternKind::Fuzzy ? "(spelt " : "(like ";
  if (pattern.field) out.append(pattern.field->name).append(":");
  out += pattern.text;
  for (const auto& word : pattern.words) out += " " + word;
  return out + ")";
}

std::string near(const Near& node) {
  std::string head = "near/";
  for (std::size_t i = 0; i < node.within.size(); ++i)
    head += (i > 0 ? "," : "") + std::to_string(node.within[i]);
  return list(head, node.operands);
}

}  // namespace

std::vector<Tree> children(const Tree& tree) {
  if (const auto* node = as<And>(tree)) return node->children;
  if (const auto* node = as<Or>(tree)) return node->children;
  if (const auto* node = as<Near>(tree)) return node->operands;
  if (const auto* node = as<Not>(tree)) return {node->child};
  if (const auto* node = as<Alike>(tree)) {
    std::vector<Tree> all = node->others;
    all.insert(all.begin(), node->typed);
    return all;
  }
  return {};
}

Tree mapped(const Tree& tree, FunctionRef<Tree(const Tree&)> f) {
  Node node = *tree;
  bool changed = false;
  const auto one = [&](Tree& child) {
    Tree fresh = f(child);
    changed = changed || fresh != child;
    child = std::move(fresh);
  };
  const auto all = [&](std::vector<Tree>& list) {
    for (Tree& child : list) one(child);
  };
  std::visit(Overloaded{
                 [&](And& both) { all(both.children); },
                 [&](Or& either) { all(either.children); },
                 [&](Near& near) { all(near.operands); },
                 [&](Not& negation) { one(negation.child); },
                 [&](Alike& alike) { one(alike.typed), all(alike.others); },
                 [](const auto&) {},
             },
             node.is);
  return changed ? std::make_shared<const Node>(std::move(node)) : tree;
}

std::string debug_string(const Tree& tree) {
  return std::visit(
      Overloaded{
          [](const Word& word) { return word.text; },
          [](const Phrase& phrase) { return '"' + phrase.text + '"'; },
          [](const Pattern& node) { return pattern(node); },
          [](const Near& node) { return near(node); },
          [&](const Alike&) { return list("alike", children(tree)); },
          [](const And& node) { return list("and", node.children); },
          [](const Or& node) { return list("or", node.children); },
          [](const Not& node) { return list("not", {node.child}); },
          [](const FieldTerm& term) {
            return std::string(term.field->name) + ":" + (term.exact ? '"' + term.text + '"' : term.text);
          },
          [](const FieldDates& dates) {
            if (dates.span.relative()) return std::string(dates.field->name) + ":relative";
            const auto [begin, end] = interval_at(dates.span, {});
            return interval(*dates.field, begin, end);
          },
          [](const FieldRange& range) { return interval(*range.field, range.begin, range.end); },
          [](const All&) { return std::string("all"); },
          [](const Nothing&) { return std::string("nothing"); },
      },
      tree->is);
}

}  // namespace tidings::searcher
