// SPDX-License-Identifier: GPL-2.0-or-later
// scanner_parts.cc — one part of a compound, and what joins the next one to it.
#include "index/scanner.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>

#include "index/number.h"

namespace tidings {
namespace {

using Kind = CharacterClass;

/// "pre- and post-war": the hyphen stands for a second half, and joins nothing.
bool is_conjunction(std::string_view word) {
  constexpr std::array<std::string_view, 17> kWords = {
      "and", "or", "to", "nor", "und", "oder", "bis", "et", "ou", "y", "o", "u", "e", "en", "of", "och", "i"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

}  // namespace

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

}  // namespace tidings
