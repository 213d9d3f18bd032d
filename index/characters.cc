// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/characters.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

namespace tidings {
namespace {

bool is_spaceless(UChar32 c) {
  if (u_getIntPropertyValue(c, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT)
    return true;  // Thai, Lao, Khmer, Burmese
  if (c == 0x30fc || c == 0xff70 || c == 0xff9e || c == 0xff9f)
    return true;  // kana's length and voice marks: Common
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(c, &status);
  return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA;
}

/// ² ³ ① are read as the digit they show; ½ and ⅓ hold a slash and are not.
bool shows_a_digit(UChar32 c) {
  return u_charDigitValue(c) >= 0;
}

}  // namespace

CharacterClass class_of_wide(char32_t code) {
  const auto c = static_cast<UChar32>(code);
  switch (code) {
    case 0x2018:
    case 0x2019:
    case 0x02bc:
    case 0xff07:
      return CharacterClass::Apostrophe;
    case 0x2010:
    case 0x2011:
      return CharacterClass::Hyphen;
    default:
      break;
  }
  const auto category = u_charType(c);
  switch (category) {
    case U_UPPERCASE_LETTER:
    case U_LOWERCASE_LETTER:
    case U_TITLECASE_LETTER:
      return CharacterClass::Letter;
    case U_MODIFIER_LETTER:
    case U_OTHER_LETTER:
      if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return CharacterClass::Invisible;
      return is_spaceless(c) ? CharacterClass::Spaceless : CharacterClass::Letter;
    case U_LETTER_NUMBER:
      return is_spaceless(c) ? CharacterClass::Spaceless : CharacterClass::Letter;
    case U_OTHER_NUMBER:
      return shows_a_digit(c) ? CharacterClass::Letter : CharacterClass::Separator;
    case U_DECIMAL_DIGIT_NUMBER:
      return CharacterClass::Digit;
    case U_NON_SPACING_MARK:
    case U_COMBINING_SPACING_MARK:
    case U_ENCLOSING_MARK:
      if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return CharacterClass::Invisible;
      return CharacterClass::Mark;
    case U_FORMAT_CHAR:
      return CharacterClass::Invisible;
    case U_CURRENCY_SYMBOL:
      return CharacterClass::Currency;
    default:
      return CharacterClass::Separator;
  }
}

Character wide_character_at(std::string_view text, std::uint32_t at) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto length = static_cast<std::uint32_t>(text.size());
  UChar32 code = 0;
  U8_NEXT_OR_FFFD(bytes, at, length, code);
  return {static_cast<char32_t>(code), class_of_wide(static_cast<char32_t>(code)), at};
}

bool is_utf8(std::string_view text) {
  for (std::uint32_t at = 0; at < text.size();) {
    const Character c = character_at(text, at);
    if (c.code == 0xFFFD && text.substr(at, c.end - at) != "\xEF\xBF\xBD") return false;
    at = c.end;
  }
  return true;
}

}  // namespace tidings
