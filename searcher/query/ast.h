// SPDX-License-Identifier: GPL-2.0-or-later
// ast.h — a query as a tree: what the parser makes, and what everything else is read from.
//
// One tree gives the Xapian query (compile.h), the plain-English echo (echo.h) and what a passage marks
// (highlight.h). It holds text as typed, not terms: only those that have an Analyzer make terms. Immutable,
// so it may be shared between threads. Trees come from parse() alone, which bounds their depth, so that
// walking one by recursion is safe; a conjunction of nothing but negations always begins with All.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tidings::searcher {

struct FieldSpec;
struct Node;
using Tree = std::shared_ptr<const Node>;  ///< never null

/// Where a node stands in the query: code points from 0, end excluded. Its column is begin + 1.
struct Source {
  std::size_t begin = 0, end = 0;
  std::size_t column() const { return begin + 1; }
};

/// One typed word, in any of its forms. May become several terms: "pre-empt", "info@example.org".
struct Word {
  std::string text;
};
/// Exactly these words, unstemmed and in order.
struct Phrase {
  std::string text;
};
struct And {
  std::vector<Tree> children;  ///< two or more
};
struct Or {
  std::vector<Tree> children;  ///< two or more
};
struct Not {
  Tree child;
};
/// A word, exact words, or a value, of one field.
struct FieldTerm {
  const FieldSpec* field = nullptr;  ///< a row of the table in fields.h
  std::string text;                  ///< of boolean fields: the value in its canonical form
  bool exact = false;                ///< was in quotes
};
/// An interval of dates, seconds since 1970 UTC; a side left out is open.
struct FieldRange {
  const FieldSpec* field = nullptr;
  std::optional<std::int64_t> begin;  ///< included
  std::optional<std::int64_t> end;    ///< excluded
};
struct All {};
struct Nothing {};  ///< e.g. an interval that ends before it begins

struct Node {
  std::variant<Word, Phrase, And, Or, Not, FieldTerm, FieldRange, All, Nothing> is;
  Source source;
};

template <class T>
Tree make_tree(T node, Source source) {
  return std::make_shared<const Node>(Node{std::move(node), source});
}
template <class T>
const T* as(const Tree& tree) {
  return std::get_if<T>(&tree->is);
}

/// std::visit with one lambda a node type.
template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

/// The children of And and Or, the child of Not, else nothing.
std::vector<Tree> children(const Tree& tree);

/// A compact form for tests and logs: (and strike "pay rise" (not football) title:coventry
/// date:[2023-03-01,)).
std::string debug_string(const Tree& tree);

}  // namespace tidings::searcher
