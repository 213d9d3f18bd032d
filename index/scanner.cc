// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/scanner.h"

#include <unicode/uchar.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "index/number.h"

namespace tidings {
namespace {

using Kind = CharacterClass;

/// What a byte is to plain_word.
enum : unsigned char {
  kEnds = 0,    // the word ends here, and nothing can join
  kJoins = 1,   // joins where a word character follows
  kHyphen = 2,  // and where a line ends
  kApostrophe = 3,
  kBeyond = 4,  // compound() must look: + # and all that is not ASCII
  // any other value: the lower-case letter or digit itself
};

constexpr std::array<unsigned char, 256> kBytes = [] {
  std::array<unsigned char, 256> bytes{};
  for (std::size_t c = 0; c < 256; ++c) {
    if (c >= 128)
      bytes[c] = kBeyond;
    else if (kAsciiClasses[c] == Kind::Letter)
      bytes[c] = static_cast<unsigned char>(c | 0x20);
    else if (kAsciiClasses[c] == Kind::Digit)
      bytes[c] = static_cast<unsigned char>(c);
    else if (kAsciiClasses[c] == Kind::Joiner || kAsciiClasses[c] == Kind::At)
      bytes[c] = kJoins;
  }
  bytes['-'] = kHyphen;
  bytes['\''] = kApostrophe;
  bytes['+'] = bytes['#'] = kBeyond;
  return bytes;
}();

constexpr bool is_word_byte(unsigned char as) {
  return as > kBeyond;
}
constexpr bool is_ascii_letter(unsigned char as) {
  return as >= 'a';
}

bool is_number_space(char32_t c) {
  return c == 0xa0 || c == 0x202f || c == 0x2009;
}

bool has_digit(std::string_view term) {
  return std::any_of(term.begin(), term.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_one_code_point(std::string_view term) {
  return !term.empty() &&
         std::none_of(term.begin() + 1, term.end(), [](char c) { return (c & 0xc0) != 0x80; });
}

/// "pre- and post-war": the hyphen stands for a second half, and joins nothing.
bool is_conjunction(std::string_view word) {
  constexpr std::array<std::string_view, 17> kWords = {
      "and", "or", "to", "nor", "und", "oder", "bis", "et", "ou", "y", "o", "u", "e", "en", "of", "och", "i"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

/// French and Italian words that lose their vowel before another.
bool is_elided(std::string_view word) {
  constexpr std::array<std::string_view, 28> kWords = {
      "l",      "d",      "j",      "m",      "t",    "s",    "n",   "c",    "qu",   "jusqu",
      "lorsqu", "puisqu", "quoiqu", "presqu", "un",   "gl",   "all", "dall", "dell", "nell",
      "sull",   "coll",   "quell",  "quest",  "bell", "sant", "com", "dov"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

}  // namespace

std::uint32_t Scanner::scan(std::string_view text, FunctionRef<void(const Token&)> sink,
                            std::uint32_t first_position) {
  text_ = text.substr(0, kNowhere - 8);
  sink_ = &sink;
  position_ = first_position;
  last_end_ = sign_begin_ = sign_end_ = spent_sign_ = kNowhere;
  list_end_ = 0;
  for (std::string* scratch : {&term_, &digits_, &scratch_})
    if (scratch->capacity() > kScratchKept) *scratch = std::string();

  const auto size = static_cast<Offset>(text_.size());
  for (Offset offset = 0; offset < size;) {
    const unsigned char as = kBytes[static_cast<unsigned char>(text_[offset])];
    if (as == kEnds && text_[offset] != '$') {
      ++offset;
      continue;
    }
    if (is_ascii_letter(as) && plain_word(offset)) continue;
    const Character c = at(offset);
    switch (c.kind) {
      case Kind::Letter:
      case Kind::Digit:
        offset = compound(offset);
        break;
      case Kind::Spaceless:
        offset = spaceless(offset);
        break;
      case Kind::Currency:
        if (offset != spent_sign_) sign_begin_ = offset, sign_end_ = c.end;
        offset = c.end;
        break;
      case Kind::Hash:
      case Kind::At:
        offset = offset != last_end_ && at(c.end).is_word() ? compound(c.end, offset) : c.end;
        break;
      default:
        offset = c.end;
    }
  }
  return position_ - 1;
}

/// An ASCII word with nothing joined to it. False, with nothing done, where it takes a second look.
bool Scanner::plain_word(Offset& offset) {
  std::array<char, Analyzer::kTermMax> word;
  std::size_t length = 0, apostrophe = 0;
  const auto size = static_cast<Offset>(text_.size());
  const auto byte_as = [&](Offset o) -> unsigned char {
    return o < size ? kBytes[static_cast<unsigned char>(text_[o])] : static_cast<unsigned char>(kEnds);
  };
  Offset end = offset;
  for (;; ++end) {
    const unsigned char as = byte_as(end);
    if (is_word_byte(as)) {
      if (length == word.size()) return false;
      word[length++] = static_cast<char>(as);
      continue;
    }
    if (as == kEnds) break;
    const unsigned char next = byte_as(end + 1);
    if (as == kApostrophe && is_ascii_letter(static_cast<unsigned char>(word[length - 1])) &&
        is_ascii_letter(next)) {
      if (length == word.size()) return false;
      apostrophe = length;
      word[length++] = '\'';
      continue;
    }
    if (as == kBeyond || is_word_byte(next) || next == kBeyond) return false;
    if (as == kHyphen && end + 1 < size && (text_[end + 1] == ' ' || text_[end + 1] == '\n')) return false;
    break;
  }
  const std::string_view term(word.data(), length);
  emit(TokenKind::Word, term, position_, offset, end);
  if (apostrophe != 0) {
    term_ = term;
    emit_elided(position_, {offset, end});
  }
  ++position_;
  last_end_ = offset = end;
  return true;
}

/// From the first part to the last that is joined to it; `tag` is where a # or @ before it stands.
Scanner::Offset Scanner::compound(Offset offset, Offset tag) {
  Chain chain{position_, offset};
  written_.clear();
  merged_.clear();
  bool tag_goes_on = tag != kNowhere;
  int tagged = 0;
  tagged_.clear();
  Part part;
  for (Join join{0, offset};;) {
    part = read_part(join.next, join.as);
    if (term_.empty()) break;  // nothing but characters that fold to nothing
    const std::uint32_t position = position_++;
    emit_word(position, part);
    if (tag != kNowhere && chain.parts == 0 && text_[tag] == '#') emit_camel_case(position, part);

    if (tag_goes_on) {
      tagged_ += tagged++ == 0 ? text_[tag] : join.as;
      if (tagged_.size() <= Analyzer::kTermMax) tagged_ += term_;
    }
    chain.merges = chain.merges && part.letters_only && (join.as == 0 || join.as == '-');
    append(term_, join.as);
    ++chain.parts;
    last_end_ = part.end;

    join = join_after(part);
    if (tag_goes_on && join.as != '_') {
      tag_goes_on = false;
      if (tagged <= kPartsMax) emit(TokenKind::Whole, tagged_, chain.position, tag, part.end, tagged);
    }
    if (join.as == 0) break;
  }
  if (chain.parts > 1 && chain.parts <= kPartsMax)
    emit(TokenKind::Whole, chain.merges ? merged_ : written_, chain.position, chain.begin, last_end_,
         chain.parts);
  if (chain.parts == 0 || term_.empty()) return part.end;
  return last_end_ = emit_sharp(position_ - 1, part);
}

void Scanner::append(std::string_view folded, char joined_by) {
  if (written_.size() > Analyzer::kTermMax) return;  // too long already: it will have no whole
  if (joined_by) written_ += joined_by;
  written_ += folded;
  merged_ += folded;
}

Scanner::Offset Scanner::spaceless(Offset offset) {
  Offset end = offset;
  for (Character c = at(end); c.kind == Kind::Spaceless || c.kind == Kind::Mark || c.kind == Kind::Invisible;
       c = at(end))
    end = c.end;
  segmenter_.words(slice(offset, end), [&](Offset word_begin, Offset word_end) {
    const std::string_view term = folder_.word(slice(offset + word_begin, offset + word_end));
    if (!term.empty()) emit(TokenKind::Word, term, position_++, offset + word_begin, offset + word_end);
  });
  return last_end_ = end;
}

Scanner::Part Scanner::read_part(Offset offset, char joined_by) {
  Part part;
  meanings_.clear();
  const Character first = at(offset);
  if (joined_by != '.') {  // 1.2.3 and node.js are no numbers or initials half-way through
    if (first.kind == Kind::Digit && read_number(offset, part)) return part;
    if (first.kind == Kind::Letter && read_acronym(offset, part)) return part;
  }
  return read_run(offset);
}

/// Letters, digits, their marks, and apostrophes between letters.
Scanner::Part Scanner::read_run(Offset offset) {
  Part part{offset, offset};
  bool ascii = true;
  for (Offset next = offset;;) {
    const Character c = at(next);
    if (c.is_word()) {
      if (part.end == offset) part.begins_as_digit = c.kind == Kind::Digit;
      part.ends_as_letter = c.kind == Kind::Letter;
      part.end = c.end;
    } else if (c.kind == Kind::Mark) {
      part.end = c.end;
    } else if (c.kind == Kind::Apostrophe) {
      if (!part.ends_as_letter || at(c.end).kind != Kind::Letter || part.end != next) break;
    } else if (c.kind == Kind::Invisible) {
      // A soft hyphen at the end of a line: the word goes on in the next one.
      const Character after = at(c.end);
      next = c.code == 0xad && after.code == '\n' && at(after.end).kind == Kind::Letter ? after.end : c.end;
      ascii = false;
      continue;
    } else {
      break;
    }
    ascii = ascii && c.code < 128;
    next = c.end;
  }
  const std::string_view raw = slice(part.begin, part.end);
  if (ascii) {
    term_.assign(raw);
    for (char& c : term_)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  } else {
    term_ = folder_.word(raw);
  }
  part.letters_only = !has_digit(term_);
  return part;
}

/// U.S.A.: single letters with a dot between them, in scripts that have capitals.
bool Scanner::read_acronym(Offset offset, Part& part) {
  part = {offset, offset};
  scratch_.clear();
  int letters = 0;
  for (;;) {
    const Character letter = at(offset);
    if (letter.kind != Kind::Letter || !u_hasBinaryProperty(static_cast<UChar32>(letter.code), UCHAR_CASED))
      return false;
    part.end = letter.end;
    Character next = at(part.end);
    for (; next.kind == Kind::Mark; next = at(part.end)) part.end = next.end;
    const std::string_view folded = folder_.word(slice(offset, part.end));
    if (!is_one_code_point(folded) || has_digit(folded) || next.is_word() || next.kind == Kind::Invisible)
      return false;
    scratch_ += folded;
    ++letters;
    if (next.code != '.' || at(next.end).kind != Kind::Letter) break;
    if (letters == kAcronymMax) return false;
    offset = next.end;
  }
  if (letters < 2) return false;
  part.ends_as_letter = true;
  term_ = scratch_;
  return true;
}

/// The rows of digits from here on and what stands between them; returns where they end.
Scanner::Offset Scanner::read_groups(Offset offset, bool dots_alone, std::string& separators) {
  digits_.clear();
  group_ends_.clear();
  group_sizes_.clear();
  for (;;) {
    const std::size_t before = digits_.size();
    Character c = at(offset);
    for (; c.kind == Kind::Digit; offset = c.end, c = at(offset))
      digits_ +=
          static_cast<char>(c.code < 128 ? c.code : '0' + u_charDigitValue(static_cast<UChar32>(c.code)));
    group_ends_.push_back(offset);
    group_sizes_.push_back(static_cast<Offset>(digits_.size() - before));
    const bool separates = c.code == '.' || (!dots_alone && (c.code == ',' || is_number_space(c.code)));
    if (!separates || at(c.end).kind != Kind::Digit || group_sizes_.size() > kDigitGroupsMax) return offset;
    separators += c.code < 128 ? static_cast<char>(c.code) : ' ';
    offset = c.end;
  }
}

bool Scanner::read_number(Offset offset, Part& part) {
  std::string separators;
  const Offset end = read_groups(offset, offset < list_end_, separators);
  if (group_sizes_.size() < 2) return false;
  std::vector<std::string_view> groups;
  for (std::size_t i = 0, from = 0; i < group_sizes_.size(); from += group_sizes_[i++])
    groups.push_back(std::string_view(digits_).substr(from, group_sizes_[i]));
  const Number number = tidings::read_number(groups, separators);
  if (number.form != NumberForm::Number) {
    if (number.form == NumberForm::List) list_end_ = std::max(list_end_, end);
    return false;
  }
  part = {offset, end, false, true, false};
  std::string_view unit;
  if (at(end).kind == Kind::Letter || at(end).kind == Kind::Mark) {  // 30,000th, 1.5bn
    const Part letters = read_run(end);
    if (!letters.letters_only) {  // 3.1b2
      list_end_ = std::max(list_end_, end);
      return false;
    }
    part.end = letters.end;
    part.ends_as_letter = letters.ends_as_letter;
    scratch_ = term_;
    unit = scratch_;
    if (!unit.empty()) meanings_.append(number.text).append(" ");
  }
  if (!number.other.empty()) meanings_.append(number.other).append(" ");
  term_.assign(number.text).append(unit);
  return true;
}

Scanner::Join Scanner::join_after(const Part& part) const {
  const Character c = at(part.end);
  if (c.kind == Kind::Hyphen) {
    const Character next = at(c.end);
    if (next.is_word()) return {'-', c.end};
    if (goes_on_in_next_line(part, next)) return {'-', next.end};
  } else if ((c.kind == Kind::Joiner || c.kind == Kind::At) && at(c.end).is_word()) {
    return {static_cast<char>(c.code), c.end};
  }
  return {};
}

/// "pre- empt", as a broken line leaves it.
bool Scanner::goes_on_in_next_line(const Part& part, Character space) const {
  if (!part.ends_as_letter || (space.code != ' ' && space.code != '\n')) return false;
  const Character first = at(space.end);
  if (first.kind != Kind::Letter || !u_islower(static_cast<UChar32>(first.code))) return false;
  Offset end = first.end;
  for (Character c = at(end); (c.is_word() || c.kind == Kind::Mark) && end - space.end <= 5; c = at(end))
    end = c.end;
  return !is_conjunction(slice(space.end, end));
}

void Scanner::emit(TokenKind kind, std::string_view term, std::uint32_t position, Offset begin, Offset end,
                   int span) {
  Token token{term, position, begin, end, static_cast<std::uint16_t>(span), kind};
  if (term.size() <= Analyzer::kTermMax) return (*sink_)(token);
  if (kind != TokenKind::Word) return;
  const XXH128_hash_t hash = XXH3_128bits(term.data(), term.size());
  char hashed[40];
  const int length = std::snprintf(hashed, sizeof hashed, "\u2026%016llx%016llx",
                                   static_cast<unsigned long long>(hash.high64),
                                   static_cast<unsigned long long>(hash.low64));
  token.term = {hashed, static_cast<std::size_t>(length)};
  (*sink_)(token);
}

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
