// SPDX-License-Identifier: GPL-2.0-or-later
// assemble.h — a tree to a program (program.h), for one index: the same reading of a tree as query/compile.h, without its weights.
//
// Of trees as parsed, with the user's synonyms put in: patterns and dates stay what they are, since the words and the time that they stand
// for change. Any change to what compile.h finds is to be made here too; tests/unit/searcher/standing_matches.cc tells where they differ.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "index/analyzer.h"
#include "searcher/query/ast.h"
#include "searcher/standing/program.h"

namespace tidings::searcher {

class Assembler {
 public:
  /// All must outlive it.
  Assembler(Programs& programs, TermTable& terms, Analyzer& analyzer, const std::vector<std::string>& corpora)
      : programs_(programs), terms_(terms), analyzer_(analyzer), corpora_(corpora) {}

  /// Where the tree's program begins. Of a tree that holds nothing to search for, which compile() refuses, nothing matches.
  std::uint32_t add(const Tree& tree);

 private:
  struct Terms;
  /// Each adds steps for its part; false, with nothing added, where there is nothing to search for in it.
  bool node(const Tree& tree);
  bool text(std::string_view typed, bool exact);
  bool nearness(const Tree& tree);
  bool alike(const Tree& tree);
  bool field(const FieldTerm& term);
  void status(const FieldTerm& term);
  void pattern(const Pattern& pattern);
  void interval(unsigned slot, const std::variant<DateSpan, DateInterval>& when);
  void put(Op op, std::uint32_t argument = 0);
  void put_term(std::string_view term) { put(Op::Term, terms_.add(term)); }
  /// The steps that f adds, as operands of a list; false, with nothing added, where it adds none.
  template <class F>
  bool list(Op op, F f);
  void word(const struct Asked& asked, const Terms& terms);
  void sequence(const struct Asked& asked, const Terms& terms);

  Programs& programs_;
  TermTable& terms_;
  Analyzer& analyzer_;
  const std::vector<std::string>& corpora_;
};

}  // namespace tidings::searcher
