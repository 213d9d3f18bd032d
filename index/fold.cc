// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/fold.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <stdexcept>

#include "index/characters.h"

#define XXH_INLINE_ALL  // a call costs as much as the hash of a word
#include <xxhash.h>

namespace tidings {
namespace {

using icu::Normalizer2;
using icu::UnicodeString;

const Normalizer2& normalizer(const Normalizer2* (*get)(UErrorCode&)) {
  UErrorCode status = U_ZERO_ERROR;
  const Normalizer2* found = get(status);
  if (U_FAILURE(status))
    throw std::runtime_error(std::string("ICU has no normalization data: ") + u_errorName(status));
  return *found;
}

const Normalizer2& casefold() {
  static const Normalizer2& found = normalizer(&Normalizer2::getNFKCCasefoldInstance);
  return found;
}
const Normalizer2& nfd() {
  static const Normalizer2& found = normalizer(&Normalizer2::getNFDInstance);
  return found;
}
const Normalizer2& nfc() {
  static const Normalizer2& found = normalizer(&Normalizer2::getNFCInstance);
  return found;
}

UnicodeString normalized(const Normalizer2& form, const UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  UnicodeString out = form.normalize(text, status);
  if (U_FAILURE(status)) throw std::bad_alloc();  // there is no other way for it to fail
  return out;
}

bool is_mark(UChar32 c) {
  return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
}

bool is_stress_mark(UChar32 c) {
  return c == 0x300 || c == 0x301;
}
bool is_cyrillic_vowel(UChar32 c) {
  static const UnicodeString vowels(u"аеиоуыэюяієѣѵ");
  return vowels.indexOf(c) >= 0;
}

/// Whether the mark says nothing that a reader would type.
bool drops_mark(UChar32 base, UScriptCode script, UChar32 mark) {
  switch (script) {
    case USCRIPT_LATIN:
    case USCRIPT_GREEK:
      return true;
    case USCRIPT_COMMON:
      return u_isdigit(base);
    case USCRIPT_CYRILLIC:
      return (base == u'е' && mark == 0x308) || (is_stress_mark(mark) && is_cyrillic_vowel(base));
    case USCRIPT_ARABIC:
      if (mark >= 0x653 && mark <= 0x655)
        return base == 0x627;  // hamza and madda: letters of their own but on alef
      return u_charType(mark) == U_NON_SPACING_MARK;
    case USCRIPT_HEBREW:
      return u_charType(mark) == U_NON_SPACING_MARK;
    default:
      return false;
  }
}

void append_base(UnicodeString& out, UChar32 c) {
  switch (c) {
    case 0xf8:
      out.append(u'o');
      return;  // ø
    case 0x111:
    case 0xf0:
      out.append(u'd');
      return;  // đ ð
    case 0x142:
      out.append(u'l');
      return;  // ł
    case 0x127:
      out.append(u'h');
      return;  // ħ
    case 0x167:
      out.append(u't');
      return;  // ŧ
    case 0x131:
      out.append(u'i');
      return;  // ı
    case 0xe6:
      out.append(u"ae", 2);
      return;
    case 0x153:
      out.append(u"oe", 2);
      return;
    case 0xfe:
      out.append(u"th", 2);
      return;
    case 0x640:
      return;  // tatweel: it only stretches the line
    case 0x2018:
    case 0x2019:
    case 0x2bc:
      out.append(u'\'');
      return;
    case 0x2010:
    case 0x2011:
      out.append(u'-');
      return;
    default:
      break;
  }
  if (u_isdigit(c)) c = u'0' + u_charDigitValue(c);
  out.append(c);
}

UnicodeString folded_once(const UnicodeString& text) {
  const UnicodeString decomposed = normalized(nfd(), normalized(casefold(), text));
  UnicodeString out;
  UChar32 base = 0;
  UScriptCode script = USCRIPT_COMMON;
  for (int32_t i = 0; i < decomposed.length(); i = decomposed.moveIndex32(i, 1)) {
    const UChar32 c = decomposed.char32At(i);
    if (!is_mark(c)) {
      UErrorCode status = U_ZERO_ERROR;
      base = c;
      script = uscript_getScript(c, &status);
      append_base(out, c);
    } else if (!drops_mark(base, script, c)) {
      out.append(c);
    }
  }
  return normalized(nfc(), out);
}

/// What read_run would take of it: so that a term, read again, is the same term.
UnicodeString only_word(const UnicodeString& text) {
  UnicodeString out;
  CharacterClass before = CharacterClass::Separator;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    const CharacterClass kind = class_of(static_cast<char32_t>(c));
    switch (kind) {
      case CharacterClass::Letter:
      case CharacterClass::Digit:
      case CharacterClass::Spaceless:
        before = kind;
        out.append(c);
        break;
      case CharacterClass::Mark:
        if (before != CharacterClass::Separator) out.append(c);
        break;
      case CharacterClass::Apostrophe: {
        const int32_t next = text.moveIndex32(i, 1);
        if (before == CharacterClass::Letter && next < text.length() &&
            class_of(static_cast<char32_t>(text.char32At(next))) == CharacterClass::Letter)
          out.append(c);
        break;
      }
      default:
        break;
    }
  }
  return out;
}

/// Where a character went, what stood on its two sides may compose or fold once more: so until nothing
/// changes, and an index and a query agree on text that was folded before. Real words need one round and one
/// to see it.
UnicodeString until_stable(UnicodeString (*fold)(const UnicodeString&), UnicodeString text) {
  constexpr int kRoundsMax = 4;
  for (int round = 0; round < kRoundsMax; ++round) {
    UnicodeString next = fold(text);
    if (next == text) break;
    text = std::move(next);
  }
  return text;
}

UnicodeString word_folded_once(const UnicodeString& text) {
  return only_word(folded_once(text));
}

UnicodeString decoded(std::string_view utf8) {
  return UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())));
}

}  // namespace

std::string_view Folder::word(std::string_view utf8) {
  Entry& entry =
      utf8.size() > kCachedMax ? uncached_ : cache_[XXH3_64bits(utf8.data(), utf8.size()) % kCacheSize];
  if (entry.raw == utf8) return entry.folded;
  entry.raw.clear();
  entry.folded.clear();
  until_stable(word_folded_once, decoded(utf8)).toUTF8String(entry.folded);
  entry.raw.assign(utf8);
  return entry.folded;
}

std::string fold_characters(std::string_view utf8) {
  std::string out;
  until_stable(folded_once, decoded(utf8)).toUTF8String(out);
  return out;
}

}  // namespace tidings
