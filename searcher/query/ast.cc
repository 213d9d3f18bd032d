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

/// The day, which every bound of an interval begins; empty for an open side.
std::string instant(const std::optional<std::int64_t>& seconds) {
  if (!seconds) return {};
  const std::chrono::sys_seconds time{std::chrono::seconds(*seconds)};
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", int(date.year()), unsigned(date.month()),
                unsigned(date.day()));
  return text;
}

}  // namespace

std::vector<Tree> children(const Tree& tree) {
  if (const auto* node = as<And>(tree)) return node->children;
  if (const auto* node = as<Or>(tree)) return node->children;
  if (const auto* node = as<Not>(tree)) return {node->child};
  return {};
}

std::string debug_string(const Tree& tree) {
  return std::visit(Overloaded{
                        [](const Word& word) { return word.text; },
                        [](const Phrase& phrase) { return '"' + phrase.text + '"'; },
                        [](const And& node) { return list("and", node.children); },
                        [](const Or& node) { return list("or", node.children); },
                        [](const Not& node) { return list("not", {node.child}); },
                        [](const FieldTerm& term) {
                          return std::string(term.field->name) + ":" +
                                 (term.exact ? '"' + term.text + '"' : term.text);
                        },
                        [](const FieldRange& range) {
                          return std::string(range.field->name) + ":[" + instant(range.begin) + "," +
                                 instant(range.end) + ")";
                        },
                        [](const All&) { return std::string("all"); },
                        [](const Nothing&) { return std::string("nothing"); },
                    },
                    tree->is);
}

}  // namespace tidings::searcher
