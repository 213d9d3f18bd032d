// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/pattern.h"

#include <algorithm>

#include "index/characters.h"
#include "index/fold.h"
#include "searcher/query/lexer.h"

namespace tidings::searcher {
namespace {

bool is_wild(char32_t c) {
  return c == '*' || c == '?';
}

bool is_literal(char32_t c) {
  const CharacterClass kind = class_of(c);
  return kind == CharacterClass::Letter || kind == CharacterClass::Digit || kind == CharacterClass::Spaceless;
}

/// What may stand in a term of the index.
bool in_terms(char32_t c) {
  return class_of(c) != CharacterClass::Separator;
}

/// What a sentence puts around a word. A sign may begin one: #tag, £10.
std::u32string_view without_punctuation(std::u32string_view text) {
  const auto begins = [](char32_t c) {
    const CharacterClass kind = class_of(c);
    return is_literal(c) || is_wild(c) || kind == CharacterClass::Hash || kind == CharacterClass::At ||
           kind == CharacterClass::Currency;
  };
  const auto ends = [](char32_t c) {
    const CharacterClass kind = class_of(c);
    return is_literal(c) || c == '*' || c == '~' || kind == CharacterClass::Mark ||
           kind == CharacterClass::Invisible;
  };
  while (!text.empty() && !begins(text.front())) text.remove_prefix(1);
  while (!text.empty() && !ends(text.back())) text.remove_suffix(1);
  return text;
}

bool within_a_word(std::u32string_view text) {
  return std::all_of(text.begin(), text.end(), [](char32_t c) { return in_terms(c) || is_wild(c); });
}

PatternReading read_fuzzy(std::u32string_view word, std::u32string_view edits) {
  if (!within_a_word(word)) return {{}, {}, "~ is understood behind a single word, so it is left out"};
  if (std::size_t(std::count_if(word.begin(), word.end(), is_literal)) < kFuzzyLiterals)
    return {{}, {}, "~ needs a word of " + std::to_string(kFuzzyLiterals) + " letters, so it is left out"};
  PatternReading reading{PatternKind::Fuzzy, encode(word), {}};
  if (!edits.empty() && edits != U"1") reading.warning = "one edit is the most that is looked for; read as ~";
  return reading;
}

/// Where the code point at `at` ends.
std::size_t after(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && continues_character(text[at]);) ++at;
  return at;
}

}  // namespace

PatternReading read_pattern(std::string_view typed) {
  if (typed.find_first_of("*?~") == typed.npos) return {};
  const std::u32string decoded = decode(typed);
  std::u32string_view text = without_punctuation(decoded);
  if (const std::size_t tilde = text.rfind(U'~'); tilde != text.npos) {
    const std::u32string_view word = text.substr(0, tilde), edits = text.substr(tilde + 1);
    const bool number =
        std::all_of(edits.begin(), edits.end(), [](char32_t c) { return c >= '0' && c <= '9'; });
    if (!number || word.empty()) return {};
    if (!std::any_of(word.begin(), word.end(), is_wild)) return read_fuzzy(word, edits);
    PatternReading wild = read_pattern(encode(word));
    if (wild.warning.empty()) wild.warning = "~ does not go with * and ?, so it is left out";
    return wild;
  }
  if (!std::any_of(text.begin(), text.end(), is_wild)) return {};
  const bool star = text.find(U'*') != text.npos;
  if (!within_a_word(text))  // an address of the web may have a question mark
    return {{}, {}, star ? "* is understood in a single word, so it is left out" : ""};
  if (std::size_t(std::count_if(text.begin(), text.end(), is_literal)) < kLiterals)
    return {
        {}, {}, "a wildcard needs " + std::to_string(kLiterals) + " letters beside it, so it is left out"};
  return {PatternKind::Wildcard, encode(text), {}};
}

WordPattern::WordPattern(PatternKind kind, std::string_view text)
    : kind_(kind), text_(fold_characters(text)) {
  // Words of letters that a hyphen joins have a whole without it; what has a digit or another sign keeps all signs.
  const auto plain = [](char32_t c) {
    const CharacterClass of = class_of(c);
    return of == CharacterClass::Letter || of == CharacterClass::Mark || of == CharacterClass::Apostrophe ||
           of == CharacterClass::Hyphen || is_wild(c);
  };
  if (const std::u32string decoded = decode(text_); std::all_of(decoded.begin(), decoded.end(), plain))
    std::erase(text_, '-');
  has_digit_ = std::any_of(text_.begin(), text_.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (kind_ == PatternKind::Fuzzy) {
    constexpr std::size_t kEdit = 4;  // bytes of the longest code point
    shortest_ = text_.size() - std::min(text_.size(), kEdit);
    return;
  }
  start_ = text_.substr(0, std::min(text_.find_first_of("*?"), text_.size()));
  shortest_ = text_.size() - std::size_t(std::count(text_.begin(), text_.end(), '*'));
}

bool WordPattern::matches(std::string_view word) const {
  if (word.size() < shortest_) return false;
  if (kind_ == PatternKind::Wildcard) return matches_wildcard(text_, word);
  return within_one_edit(text_, word);
}

bool within_one_edit(std::string_view a, std::string_view b) {
  std::size_t front = 0;
  const std::size_t shorter = std::min(a.size(), b.size());
  while (front < shorter && a[front] == b[front]) ++front;
  while (front > 0 && ((front < a.size() && continues_character(a[front])) ||
                       (front < b.size() && continues_character(b[front]))))
    --front;
  std::size_t back = 0;
  while (back < shorter - front && a[a.size() - 1 - back] == b[b.size() - 1 - back]) ++back;
  while (back > 0 && continues_character(a[a.size() - back])) --back;
  const std::string_view left = a.substr(front, a.size() - front - back),
                         right = b.substr(front, b.size() - front - back);
  const auto at_most_one = [](std::string_view text) {
    return text.empty() || after(text, 0) == text.size();
  };
  if (at_most_one(left) && at_most_one(right)) return true;
  if (left.empty() || left.size() != right.size()) return false;
  const std::size_t first = after(left, 0);  // two neighbours, swapped
  return first < left.size() && after(left, first) == left.size() && right.starts_with(left.substr(first)) &&
         right.ends_with(left.substr(0, first));
}

bool matches_wildcard(std::string_view pattern, std::string_view word) {
  // What follows a star is tried at each place that is left, and no star before it is looked at again.
  std::size_t p = 0, w = 0, star = pattern.npos, tried = 0;
  while (w < word.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      tried = w;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      w = after(word, w);
    } else if (p < pattern.size() && pattern[p] == word[w]) {
      ++p, ++w;
    } else if (star != pattern.npos) {
      p = star + 1;
      w = tried = after(word, tried);
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace tidings::searcher
