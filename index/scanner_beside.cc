// SPDX-License-Identifier: GPL-2.0-or-later
// scanner_beside.cc — what is said of a word beside the word: elision, money, the parts of a hashtag, C++.
#include "index/scanner.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>

namespace tidings {
namespace {

using Kind = CharacterClass;

/// French and Italian words that lose their vowel before another.
bool is_elided(std::string_view word) {
  constexpr std::array<std::string_view, 28> kWords = {
      "l",      "d",      "j",      "m",      "t",    "s",    "n",   "c",    "qu",   "jusqu",
      "lorsqu", "puisqu", "quoiqu", "presqu", "un",   "gl",   "all", "dall", "dell", "nell",
      "sull",   "coll",   "quell",  "quest",  "bell", "sant", "com", "dov"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

}  // namespace

/// The part in term_, and all that is said of it alone.
void Scanner::emit_word(std::uint32_t position, const Part& part) {
  emit(TokenKind::Word, term_, position, part.begin, part.end);
  for (std::string_view rest = meanings_; !rest.empty(); rest.remove_prefix(rest.find(' ') + 1))
    emit(TokenKind::Extra, rest.substr(0, rest.find(' ')), position, part.begin, part.end);
  if (part.begins_as_digit)
    emit_money(position, part);
  else
    emit_elided(position, part);
}

void Scanner::emit_elided(std::uint32_t position, const Part& part) {
  const std::string_view word = term_;
  const std::size_t apostrophe = word.find('\'');
  if (apostrophe == std::string_view::npos || !is_elided(word.substr(0, apostrophe))) return;
  const std::string_view rest = word.substr(apostrophe + 1);
  if (!is_one_code_point(rest)) emit(TokenKind::Extra, rest, position, part.begin, part.end);
}

/// A sign before the number, or after it and a space; one space is also taken before it.
void Scanner::emit_money(std::uint32_t position, const Part& part) {
  const auto past_space = [&](Offset offset) {
    const Character c = at(offset);
    return c.code == ' ' || is_number_space(c.code) ? c.end : offset;
  };
  if (sign_end_ != kNowhere && (sign_end_ == part.begin || past_space(sign_end_) == part.begin))
    return emit_money(position, sign_begin_, part.end, sign_begin_, sign_end_);
  const Offset sign = past_space(part.end);
  const Character c = at(sign);
  if (c.kind != Kind::Currency || at(c.end).kind == Kind::Digit) return;
  spent_sign_ = sign;
  emit_money(position, part.begin, c.end, sign, c.end);
}

void Scanner::emit_money(std::uint32_t position, Offset begin, Offset end, Offset sign_begin,
                         Offset sign_end) {
  const std::string_view sign = slice(sign_begin, sign_end);
  scratch_ = fold_characters(sign);  // the full-width signs; some others are spelt out, and are kept
  if (character_at(scratch_, 0).kind != Kind::Currency) scratch_ = sign;
  scratch_ += term_;
  emit(TokenKind::Whole, scratch_, position, begin, end);
}

/// BAmazonUnion: a capital after a small letter begins a part, and so does the last of several before a small
/// one.
void Scanner::emit_camel_case(std::uint32_t position, const Part& part) {
  const auto emit_piece = [&](Offset begin, Offset end) {
    const std::string_view folded = folder_.word(slice(begin, end));
    if (!folded.empty() && !is_one_code_point(folded))
      emit(TokenKind::Extra, folded, position, part.begin, part.end);
  };
  Offset piece = part.begin, last = part.begin;  // where the piece and the last letter began
  int capitals = 0;                              // how many directly before here
  for (Offset offset = part.begin; offset < part.end;) {
    const Character c = at(offset);
    if (c.is_word()) {
      const auto category = u_charType(static_cast<UChar32>(c.code));
      const bool capital = category == U_UPPERCASE_LETTER || category == U_TITLECASE_LETTER;
      const Offset cut = capital && capitals == 0 ? offset : !capital && capitals > 1 ? last : piece;
      if (cut > piece) emit_piece(piece, cut), piece = cut;
      capitals = capital ? capitals + 1 : 0;
      last = offset;
    }
    offset = c.end;
  }
  if (piece > part.begin) emit_piece(piece, part.end);
}

/// C++, C#. Returns where it ends, or the part where it is none.
Scanner::Offset Scanner::emit_sharp(std::uint32_t position, const Part& part) {
  const std::string_view rest = text_.substr(part.end, 2);
  const bool doubled = rest == "++";
  if (!part.letters_only || (!doubled && !rest.starts_with('#'))) return part.end;
  const Offset end = part.end + (doubled ? 2 : 1);
  const Character next = at(end);  // C++20 has the whole too; issue#5 has none
  if (next.kind == Kind::Letter || (next.kind == Kind::Digit && !doubled) || next.code == '+' ||
      next.code == '#')
    return part.end;
  scratch_.assign(term_).append(slice(part.end, end));
  emit(TokenKind::Whole, scratch_, position, part.begin, end);
  return end;
}

}  // namespace tidings
