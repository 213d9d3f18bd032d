// SPDX-License-Identifier: GPL-2.0-or-later
// lexer.h — the text of a query to lexemes, one at a time.
//
// Works on code points, since columns count them; so the text is decoded first. A word ends at white space, a
// bracket or a double quote of any shape; a space of the kind that groups digits (no-break, thin) does not
// end a number: "30 000". Words without a letter, digit or mark are passed over, but for a field's value.
// Nothing fails here: what is odd is said in a warning and read as well as can be. Not thread-safe.
#pragma once
#include <string>
#include <string_view>

#include "searcher/query/ast.h"
#include "searcher/query/fields.h"
#include "searcher/query/warnings.h"

namespace tidings::searcher {

/// How far NEAR reaches, in words, where no number is said; and at most.
inline constexpr std::uint32_t kNear = 10, kNearMost = 1000;

/// UTF-8 to code points; a byte that belongs to none becomes U+FFFD.
std::u32string decode(std::string_view utf8);
std::string encode(std::u32string_view text);

struct Lexeme {
  enum class Kind : std::uint8_t { End, Word, Phrase, Field, Open, Close, Not, And, Or, Near };
  Kind kind = Kind::End;
  Source source;                     ///< of a Phrase: with its quotes
  std::string text;                  ///< of Word and Phrase, without quotes
  const FieldSpec* field = nullptr;  ///< of Field; its value follows as Word, Phrase or Open
  std::uint32_t within = 0;          ///< of Near: words
};

class Lexer {
 public:
  /// Both must outlive the lexer.
  Lexer(std::u32string_view text, Warnings& warnings) : text_(text), warnings_(warnings) {}

  Lexeme next();

 private:
  Lexeme quoted();
  Lexeme word();
  std::size_t word_end(std::size_t from) const;
  bool read_field(std::size_t end, Lexeme& out);
  bool read_near(std::size_t end, Lexeme& out);
  Lexeme emit(Lexeme::Kind kind, std::size_t begin, std::size_t end);

  std::u32string_view text_;
  Warnings& warnings_;
  std::size_t at_ = 0;
  Lexeme::Kind last_ = Lexeme::Kind::End;
};

}  // namespace tidings::searcher
