// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/lexer.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "index/characters.h"

namespace tidings::searcher {
namespace {

using Kind = Lexeme::Kind;

/// Control characters too: a NUL or an escape separates words.
bool is_space(char32_t c) {
  if (c < 0x80) return c <= ' ' || c == 0x7f;
  const auto code = static_cast<UChar32>(c);
  return u_isUWhiteSpace(code) || (u_charType(code) == U_CONTROL_CHAR);
}

bool is_quote(char32_t c) {
  if (c < 0x80) return c == '"';
  constexpr std::u32string_view kQuotes = U"“”„‟«»＂";
  return kQuotes.find(c) != kQuotes.npos;
}

bool is_digit(char32_t c) {
  return u_isdigit(static_cast<UChar32>(c));
}
bool groups_digits(char32_t c) {
  return c == 0x00A0 || c == 0x2009 || c == 0x202F;
}

/// What some word may be made of. The analyzer has the last say.
bool in_words(char32_t c) {
  const CharacterClass kind = class_of(c);
  return kind == CharacterClass::Letter || kind == CharacterClass::Digit || kind == CharacterClass::Spaceless;
}

bool is_field_letter(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

}  // namespace

std::u32string decode(std::string_view utf8) {
  std::u32string out;
  out.reserve(utf8.size());
  for (std::uint32_t at = 0; at < utf8.size();) {
    const Character character = character_at(utf8, at);
    out.push_back(character.code);
    at = character.end;
  }
  return out;
}

std::string encode(std::u32string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char32_t c : text) {
    char bytes[U8_MAX_LENGTH];
    std::int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, static_cast<UChar32>(c));
    out.append(bytes, static_cast<std::size_t>(length));
  }
  return out;
}

Lexeme Lexer::emit(Kind kind, std::size_t begin, std::size_t end) {
  at_ = end;
  last_ = kind;
  return {kind, {begin, end}, {}, nullptr, 0};
}

Lexeme Lexer::next() {
  for (;;) {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    if (at_ == text_.size()) return emit(Kind::End, at_, at_);
    const char32_t c = text_[at_];
    if (is_quote(c)) return quoted();
    if (c == '(') return emit(Kind::Open, at_, at_ + 1);
    if (c == ')') return emit(Kind::Close, at_, at_ + 1);

    const bool value = last_ == Kind::Field;
    const bool begins =
        at_ == 0 || is_space(text_[at_ - 1]) || text_[at_ - 1] == '(' || text_[at_ - 1] == ')';
    const bool followed = at_ + 1 < text_.size() && !is_space(text_[at_ + 1]) && text_[at_ + 1] != ')';
    if (c == '-' && begins && followed && !value) return emit(Kind::Not, at_, at_ + 1);

    const std::size_t end = word_end(at_);
    if (value ||
        std::any_of(text_.begin() + std::ptrdiff_t(at_), text_.begin() + std::ptrdiff_t(end), in_words))
      return word();
    at_ = end;
  }
}

std::size_t Lexer::word_end(std::size_t from) const {
  std::size_t end = from;
  for (; end < text_.size(); ++end) {
    const char32_t c = text_[end];
    if (is_quote(c) || c == '(' || c == ')') break;
    const bool in_number = groups_digits(c) && end > from && is_digit(text_[end - 1]) &&
                           end + 1 < text_.size() && is_digit(text_[end + 1]);
    if (is_space(c) && !in_number) break;
  }
  return end;
}

Lexeme Lexer::quoted() {
  const std::size_t begin = at_;
  std::size_t end = begin + 1;
  while (end < text_.size() && !is_quote(text_[end])) ++end;
  const bool closed = end < text_.size();
  if (!closed) warnings_.add(begin + 1, "a quote was opened and not closed; read to the end");
  Lexeme phrase = emit(Kind::Phrase, begin, closed ? end + 1 : end);
  phrase.text = encode(text_.substr(begin + 1, end - begin - 1));
  return phrase;
}

Lexeme Lexer::word() {
  const std::size_t begin = at_, end = word_end(begin);
  const std::u32string_view typed = text_.substr(begin, end - begin);
  const bool value = last_ == Kind::Field;
  if (!value) {
    // "-OR" and "a"OR are words: operators stand alone.
    const bool alone = begin == 0 || text_[begin - 1] != '-';
    if (alone && typed == U"AND") return emit(Kind::And, begin, end);
    if (alone && typed == U"OR") return emit(Kind::Or, begin, end);
    if (alone && typed == U"NOT") return emit(Kind::Not, begin, end);
    if (Lexeme near; alone && read_near(end, near)) return near;
    if (Lexeme field; read_field(end, field)) return field;
  }
  Lexeme word = emit(Kind::Word, begin, end);
  word.text = encode(typed);
  return word;
}

/// NEAR or NEAR/5.
bool Lexer::read_near(std::size_t end, Lexeme& out) {
  constexpr std::u32string_view kOperator = U"NEAR";
  const std::size_t begin = at_;
  const std::u32string_view typed = text_.substr(begin, end - begin);
  if (!typed.starts_with(kOperator)) return false;
  std::u32string_view number = typed.substr(kOperator.size());
  std::uint32_t within = kNear;
  if (!number.empty()) {
    if (number[0] != '/' || number.size() == 1) return false;
    number.remove_prefix(1);
    within = 0;
    for (const char32_t c : number) {
      if (c < '0' || c > '9') return false;
      within = std::min(within * 10 + static_cast<std::uint32_t>(c - '0'), kNearMost + 1);
    }
    const std::uint32_t taken = std::clamp(within, std::uint32_t{1}, kNearMost);
    if (within != taken)
      warnings_.add(begin + 1, "NEAR reaches from 1 to " + std::to_string(kNearMost) +
                                   " words; read as NEAR/" + std::to_string(taken));
    within = taken;
  }
  out = emit(Kind::Near, begin, end);
  out.within = within;
  return true;
}

/// `name:` before a value: a Field; or, when no field has that name, the name as a word, and the value is
/// read next.
bool Lexer::read_field(std::size_t end, Lexeme& out) {
  const std::size_t begin = at_;
  std::size_t colon = begin;
  while (colon < end && is_field_letter(text_[colon])) ++colon;
  if (colon == begin || colon == end || text_[colon] != ':') return false;
  const std::size_t value = colon + 1;
  const std::string name = encode(text_.substr(begin, colon - begin));
  const FieldSpec* field = find_field(name);
  const bool empty = value == text_.size() || is_space(text_[value]) || text_[value] == ')';
  if (empty) {  // "Coventry: a second day" is a headline
    if (field) warnings_.add(begin + 1, "nothing stands right after " + name + ":, so it is read as a word");
    return false;
  }
  const bool address = text_.substr(value, 2) == U"//";  // https://…
  if (!field && address) return false;
  if (field) {
    out = emit(Kind::Field, begin, value);
    out.field = field;
    return true;
  }
  const std::string_view nearest = nearest_field(name);
  warnings_.add(begin + 1, name + ": is no field, so it is read as a word" +
                               (nearest.empty() ? "" : "; did you mean " + std::string(nearest) + ":?"));
  if (last_ == Kind::Not) return false;  // one word, so that both are left out
  out = emit(Kind::Word, begin, colon);
  out.text = name;
  at_ = value;
  return true;
}

}  // namespace tidings::searcher
