// SPDX-License-Identifier: GPL-2.0-or-later
// ast.h — a query as a tree: what the parser makes, and what everything else is read from.
//
// One tree gives the Xapian query (compile.h), the plain-English echo (echo.h) and what a passage marks
// (highlight.h). It holds text as typed, not terms: only those that have an Analyzer make terms. Immutable,
// so it may be shared between threads. Trees come from parse() alone, which bounds their depth, so that
// walking one by recursion is safe; a conjunction of nothing but negations always begins with All.
//
// As parsed, a tree knows no index and no clock: that is what a query that stays open keeps. bind.h makes of it the tree that holds for
// one index at one moment: patterns get the words that they stand for, relative dates become intervals, and words their synonyms.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "index/analyzer.h"
#include "searcher/query/dates.h"

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
enum class PatternKind : std::uint8_t {
  Wildcard,  ///< * is any letters, ? is one
  Fuzzy,     ///< at most one letter more, less or other, or two neighbours swapped
};
/// Any word of the index that is like this one.
struct Pattern {
  PatternKind kind = PatternKind::Wildcard;
  std::string text;                  ///< of a fuzzy word: without its ~
  const FieldSpec* field = nullptr;  ///< of Words; null: of the text
  std::vector<std::string> words;    ///< bound: folded, the most frequent first
};
/// Words and phrases that stand near each other, as index/near.h says.
struct Near {
  std::vector<Tree> operands;         ///< two or more, each a Word, Phrase or Pattern of the text
  std::vector<std::uint32_t> within;  ///< words, from each operand but the last to the next
};
/// What was typed, or any of what the user takes for the same. Of bound trees alone.
struct Alike {
  Tree typed;                ///< a Word, or an And of Words
  std::vector<Tree> others;  ///< Word or Phrase
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
/// Dates as typed; bound trees have a FieldRange instead.
struct FieldDates {
  const FieldSpec* field = nullptr;
  DateSpan span;
};
/// An interval of dates (seconds since 1970 UTC) or sizes (bytes); a side left out is open.
struct FieldRange {
  const FieldSpec* field = nullptr;
  std::optional<std::int64_t> begin;  ///< included
  std::optional<std::int64_t> end;    ///< excluded
};
struct All {};
/// An interval that ends before it begins. Of bound trees alone.
struct Nothing {
  const FieldSpec* field = nullptr;
};

struct Node {
  std::variant<Word, Phrase, Pattern, Near, Alike, And, Or, Not, FieldTerm, FieldDates, FieldRange, All,
               Nothing>
      is;
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

/// What a node is made of: the children of And and Or, of Near and Alike, the child of Not, else nothing.
std::vector<Tree> children(const Tree& tree);
/// The node with f(child) for each child; itself where none of them changes.
Tree mapped(const Tree& tree, FunctionRef<Tree(const Tree&)> f);

/// A compact form for tests and logs: (and strike "pay rise" (not football) title:coventry
/// date:[2023-03-01,) (like strik*) (near/5 a b)).
std::string debug_string(const Tree& tree);

}  // namespace tidings::searcher
