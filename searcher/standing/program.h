// SPDX-License-Identifier: GPL-2.0-or-later
// program.h — standing queries in a form that is small and quick to run: words of 32 bits, one query after another.
//
// A tree of shared nodes takes some 300 bytes for three words; this takes 16. A step is an Op in the upper 4 bits and an argument in
// the lower 28; the operands of And, Or and Not are the steps that follow, as many words as the argument says.
//
// Run on a report a program says Yes, No, or Unsure: what cannot be told from the report alone (Op::Unsure) may be so or not, and the rest
// of the query may decide all the same. Unsure is for the search's own query to decide. The three are ordered, so that And is the least of its operands, Or the
// greatest, and Not turns them round.
#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "searcher/query/dates.h"
#include "searcher/query/pattern.h"
#include "searcher/standing/term_table.h"

namespace tidings::searcher {

enum class Op : std::uint8_t {
  All,
  Nothing,
  Unsure,
  Term,   ///< a TermId
  Order,  ///< words that follow: 0 anywhere or 1 in the title; the hashes of the words that stand there one after another
  Like,   ///< number of a Like
  Interval,  ///< number of an Interval
  And,
  Or,
  Not,
};
enum class Verdict : std::uint8_t { No, Unsure, Yes };

/// A word like this one, of the terms of that prefix. A report without such a word has none that the pattern stands for; one that has is Unsure, for
/// a pattern may stand for more words than are taken.
struct Like {
  WordPattern pattern;
  std::string prefix;
  TermId start;  ///< TermTable::kNone: too short
};
/// A value that stands in an interval, of dates perhaps a relative one.
struct Interval {
  unsigned slot;
  std::variant<DateSpan, DateInterval> when;
};

struct Step {
  static constexpr std::uint32_t kArgument = (std::uint32_t{1} << 28) - 1;
  Op op;
  std::uint32_t argument;
  static Step of(std::uint32_t word) { return {static_cast<Op>(word >> 28), word & kArgument}; }
  std::uint32_t word() const { return static_cast<std::uint32_t>(op) << 28 | argument; }
  /// How many words follow that belong to it.
  std::uint32_t body() const { return op >= Op::And || op == Op::Order ? argument : 0; }
};

/// All programs.
struct Programs {
  std::vector<std::uint32_t> code;
  std::vector<Like> likes;
  std::vector<Interval> intervals;
};

class ReportTerms;

/// What the program that begins there says of a report.
Verdict run(const Programs& programs, std::uint32_t begin, ReportTerms& report);

}  // namespace tidings::searcher
