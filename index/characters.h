// SPDX-License-Identifier: GPL-2.0-or-later
// characters.h — what part a character plays in a word.
//
// The general categories of Unicode, with what reports need beside them: the five apostrophes, the hyphens
// that join, the characters that are not seen, and the scripts that are written without spaces (ICU's
// dictionary finds words there). Never fails. Any thread.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tidings {

enum class CharacterClass : std::uint8_t {
  Separator,   ///< not part of any word
  Letter,      ///< also letter-like numbers: ² and Ⅷ
  Digit,       ///< decimal digits of any script
  Mark,        ///< belongs to the letter before it
  Invisible,   ///< vanishes inside a word: soft hyphen, zero-width characters, variation selectors
  Spaceless,   ///< Han, kana, Thai, Lao, Khmer, Burmese and their kin
  Apostrophe,  ///< ' ’ ‘ ʼ ＇: part of the word between two letters
  Hyphen,      ///< - ‐ ‑
  Joiner,      ///< . _ & : makes a compound of the words beside it
  At,          ///< @ : joins, and begins a mention
  Hash,        ///< # : begins a hashtag, ends C#
  Currency,    ///< £ $ € ¥ …
};

CharacterClass class_of_wide(char32_t c);  ///< beyond ASCII

inline constexpr std::array<CharacterClass, 128> kAsciiClasses = [] {
  std::array<CharacterClass, 128> classes{};
  for (std::size_t c = '0'; c <= '9'; ++c) classes[c] = CharacterClass::Digit;
  for (std::size_t c = 'a'; c <= 'z'; ++c) classes[c] = classes[c - 32] = CharacterClass::Letter;
  classes['\''] = CharacterClass::Apostrophe;
  classes['-'] = CharacterClass::Hyphen;
  classes['.'] = classes['_'] = classes['&'] = CharacterClass::Joiner;
  classes['@'] = CharacterClass::At;
  classes['#'] = CharacterClass::Hash;
  classes['$'] = CharacterClass::Currency;
  return classes;
}();

inline CharacterClass class_of(char32_t c) {
  return c < 128 ? kAsciiClasses[c] : class_of_wide(c);
}

/// One code point of a text and what it is. Malformed UTF-8 is read as U+FFFD, a separator.
struct Character {
  char32_t code = 0;
  CharacterClass kind = CharacterClass::Separator;
  std::uint32_t end = 0;  ///< offset of the next one

  bool is_word() const { return kind == CharacterClass::Letter || kind == CharacterClass::Digit; }
};
Character wide_character_at(std::string_view text, std::uint32_t at);  ///< where no ASCII stands
/// At the end of the text: code 0, a separator, end = at.
inline Character character_at(std::string_view text, std::uint32_t at) {
  if (at >= text.size()) return {0, CharacterClass::Separator, at};
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 128) return {byte, kAsciiClasses[byte], at + 1};
  return wide_character_at(text, at);
}

/// No-break and thin spaces: what stands between the thousands of 30 000, where an ordinary space parts two
/// numbers.
inline bool is_number_space(char32_t c) {
  return c == 0xa0 || c == 0x202f || c == 0x2009;
}

/// ASCII's letters alone, whatever the locale; other bytes stay.
constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
inline std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = ascii_lower(c);
  return out;
}
constexpr bool is_ascii_digit(char c) {
  return c >= '0' && c <= '9';
}
/// Folding makes these of all other digits.
inline bool has_digit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_ascii_digit);
}
constexpr bool is_ascii_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
constexpr bool is_ascii_letter(char c) {
  return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

/// A byte of UTF-8 that does not begin a character.
constexpr bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}
bool is_utf8(std::string_view text);

/// For valid UTF-8.
inline bool is_one_code_point(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text.substr(1))
    if (!continues_character(c)) return false;
  return true;
}

}  // namespace tidings
