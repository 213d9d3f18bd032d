// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/scanner.h"

#include <xxhash.h>

#include <array>
#include <cstdio>

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
      if (tagged_.size() <= Analyzer::kTermMax) tagged_.append(term_, 0, Analyzer::kTermMax + 1);
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
  if (chain.parts > 1 && chain.parts <= kPartsMax && written_.size() <= Analyzer::kTermMax)
    emit(TokenKind::Whole, chain.merges ? merged_ : written_, chain.position, chain.begin, last_end_,
         chain.parts);
  if (chain.parts == 0 || term_.empty()) return part.end;
  return last_end_ = emit_sharp(position_ - 1, part);
}

void Scanner::append(std::string_view folded, char joined_by) {
  if (written_.size() > Analyzer::kTermMax) return;  // too long already: it will have no whole
  if (joined_by) written_ += joined_by;
  folded = folded.substr(0, Analyzer::kTermMax + 1);
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

}  // namespace tidings
