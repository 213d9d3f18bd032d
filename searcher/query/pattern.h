// SPDX-License-Identifier: GPL-2.0-or-later
// pattern.h — words that stand for other words: strik* wor?er *workers coventri~
//
//   *   any letters, also none          ?   one letter, inside a word or in front: at the end it is punctuation ("a strike?")
//   ~   at the end: at most one letter more, less or other, or two neighbours swapped (Damerau's distance of 1)
// Of a word with * or ?, kLiterals letters or digits must be typed; before ~ kFuzzyLiterals. A pattern is within one word as it stands in
// the index, and is folded as words are. A compound has its whole there: pre-emp* finds preempt, info@ex* finds info@example.org.
// White space and other characters end a pattern; in quotes * ? ~ are punctuation.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "searcher/query/ast.h"

namespace tidings::searcher {

inline constexpr std::size_t kLiterals = 2, kFuzzyLiterals = 3;  ///< code points

struct PatternReading {
  std::optional<PatternKind> kind;  ///< none: it is a word
  std::string text;                 ///< the pattern, without punctuation around it and without ~
  std::string warning;              ///< what was read otherwise than typed, or empty
};
PatternReading read_pattern(std::string_view typed);

/// A pattern, folded, to be held against words of the index.
class WordPattern {
 public:
  WordPattern(PatternKind kind, std::string_view text);

  bool matches(std::string_view word) const;
  /// What each such word begins with; empty where it may begin otherwise.
  std::string_view start() const { return start_; }
  /// Whether such words have digits, and so no stems; of fuzzy words some may have none.
  bool has_digit() const { return has_digit_; }

 private:
  PatternKind kind_;
  std::string text_, start_;
  std::size_t shortest_ = 0;  ///< bytes of a word that matches
  bool has_digit_ = false;
};

/// Whether one edit, or none, makes the one word the other; by code points of valid UTF-8.
bool within_one_edit(std::string_view a, std::string_view b);

/// Whether the word is of that form; * and ? as above.
bool matches_wildcard(std::string_view pattern, std::string_view word);

}  // namespace tidings::searcher
