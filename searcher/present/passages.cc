// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/present/passages.h"

#include <unicode/brkiter.h>
#include <unicode/filteredbrk.h>
#include <unicode/utext.h>

#include <algorithm>
#include <bitset>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>

#include "index/characters.h"

namespace tidings::searcher {
namespace {

struct Mark {
  Range range;
  std::size_t word = 0;  ///< which word of the query: the same for its forms
};

struct Sentence {
  Range range;
  double score = 0;
  std::set<std::size_t> words;
};

/// Which bytes the words begin with that may be marked: nearly all others of a text are told by that.
std::bitset<256> first_bytes(const Highlights& highlights, const Analyzer& analyzer) {
  std::bitset<256> first;
  const auto add = [&](const std::string& word) { first.set(static_cast<unsigned char>(word[0])); };
  for (const auto& term : highlights.terms) add(term);
  for (const auto& stem : highlights.stems) add(stem);
  for (const auto& phrase : highlights.phrases)
    for (const auto& word : phrase) add(word);
  const auto& languages = analyzer.languages();
  if (!highlights.stems.empty() && !std::all_of(languages.begin(), languages.end(), stems_begin_as_words))
    first.set();
  return first;
}

/// Finds the query's words in a text, each with the number of the term, stem or phrase that it was found by.
std::vector<Mark> marks_in(std::string_view text, const Highlights& highlights, Analyzer& analyzer) {
  constexpr std::size_t kOther = 0;  ///< a word of no phrase; numbers count from 1
  struct Word {
    std::size_t number;
    Range range;
  };
  std::vector<Mark> marks;
  std::vector<Word> words;  // kept only where there are phrases to be found
  std::map<std::string, std::size_t, std::less<>> numbers;
  const auto number = [&](std::string_view name) {
    auto it = numbers.find(name);
    if (it == numbers.end()) it = numbers.emplace(name, numbers.size() + 1).first;
    return it->second;
  };
  std::vector<std::vector<std::size_t>> phrases;
  for (const auto& phrase : highlights.phrases) {
    auto& by_number = phrases.emplace_back();
    for (const auto& word : phrase) by_number.push_back(number(word));
  }
  const auto first = first_bytes(highlights, analyzer);
  analyzer.analyze(text, [&](const Token& token) {
    const Range range{token.begin, token.end};
    const bool may_be = first[static_cast<unsigned char>(token.term[0])];
    if (!phrases.empty() && token.kind == TokenKind::Word) {
      const auto known = may_be ? numbers.find(token.term) : numbers.end();
      words.push_back({known == numbers.end() ? kOther : known->second, range});
    }
    if (!may_be) return;
    if (highlights.terms.contains(token.term)) {
      marks.push_back({range, number(token.term)});
      return;
    }
    if (highlights.stems.empty() || token.kind == TokenKind::Whole) return;
    for (const auto& stem : analyzer.stems(token.term))
      if (highlights.stems.contains(stem)) {
        marks.push_back({range, number(stem)});
        return;
      }
  });
  for (const auto& phrase : phrases) {
    const auto same = [](const Word& word, std::size_t wanted) { return word.number == wanted; };
    for (auto at = words.begin();
         (at = std::search(at, words.end(), phrase.begin(), phrase.end(), same)) != words.end(); ++at)
      for (std::size_t i = 0; i < phrase.size(); ++i)
        marks.push_back({at[static_cast<std::ptrdiff_t>(i)].range, phrase[i]});
  }
  std::sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.range < b.range; });
  return marks;
}

/// A copy in which lines that were only wrapped are joined by a space; offsets stay what they are. The headline and
/// boilerplate are never joined to the story.
std::string unwrapped(const Report& report) {
  constexpr std::size_t kWrappedAt = 40;  // bytes; a shorter line ends because its author ended it
  std::vector<std::uint32_t> bounds{report.headline.begin, report.headline.end};
  for (const auto& range : report.boilerplate) bounds.insert(bounds.end(), {range.begin, range.end});
  std::sort(bounds.begin(), bounds.end());
  const auto bound = [&](std::size_t at) { return std::binary_search(bounds.begin(), bounds.end(), at); };
  std::string out(report.text);
  std::size_t line = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] == '\t') out[i] = ' ';
    if (out[i] != '\n') continue;
    const bool ends = i == line || i - line < kWrappedAt || bound(i) || bound(i + 1) ||
                      std::string_view(".!?:;\"").find(out[i - 1]) != std::string_view::npos;
    const bool blank_next = i + 1 >= out.size() || out[i + 1] == '\n';
    if (!ends && !blank_next) out[i] = ' ';
    line = i + 1;
  }
  return out;
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n';
}

bool overlaps(const std::vector<Range>& ranges, const Range& range) {
  auto it = std::lower_bound(ranges.begin(), ranges.end(), range.begin,
                             [](const Range& r, std::uint32_t at) { return r.end <= at; });
  return it != ranges.end() && it->begin < range.end;
}

std::unique_ptr<icu::BreakIterator> sentence_breaker() {
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<icu::BreakIterator> breaker(
      icu::BreakIterator::createSentenceInstance(icu::Locale::getRoot(), status));
  if (U_FAILURE(status))
    throw std::runtime_error(std::string("ICU has no sentence breaker: ") + u_errorName(status));
  // "Mr. Smith" is one sentence: by ICU's list of what is shortened in English, which harms no other language.
  const std::unique_ptr<icu::FilteredBreakIteratorBuilder> shortened(
      icu::FilteredBreakIteratorBuilder::createInstance(icu::Locale::getEnglish(), status));
  if (U_FAILURE(status)) return breaker;
  std::unique_ptr<icu::BreakIterator> filtered(shortened->build(breaker.release(), status));
  if (U_FAILURE(status) || !filtered)
    throw std::runtime_error(std::string("ICU has no sentence breaker: ") + u_errorName(status));
  return filtered;
}

/// Sentences of the text, without white space at their ends; `wanted` says which lines are worth cutting up.
template <class Wanted>
std::vector<Sentence> sentences_of(const std::string& text, Wanted wanted) {
  thread_local const std::unique_ptr<icu::BreakIterator> breaker = sentence_breaker();
  std::vector<Sentence> sentences;
  for (std::size_t line = 0; line < text.size();) {
    std::size_t end = std::min(text.find('\n', line), text.size());
    if (wanted(Range{static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(end)})) {
      UErrorCode status = U_ZERO_ERROR;
      UText piece = UTEXT_INITIALIZER;
      utext_openUTF8(&piece, text.data() + line, static_cast<std::int64_t>(end - line), &status);
      breaker->setText(&piece, status);
      if (U_FAILURE(status))
        throw std::runtime_error(std::string("ICU cannot cut sentences: ") + u_errorName(status));
      std::int32_t from = 0;
      for (std::int32_t to = breaker->next(); to != icu::BreakIterator::DONE;
           from = to, to = breaker->next()) {
        std::size_t b = line + static_cast<std::size_t>(from), e = line + static_cast<std::size_t>(to);
        while (b < e && is_space(text[b])) ++b;
        while (e > b && is_space(text[e - 1])) --e;
        if (b < e)
          sentences.push_back({{static_cast<std::uint32_t>(b), static_cast<std::uint32_t>(e)}, 0, {}});
      }
      utext_close(&piece);
    }
    line = end + 1;
  }
  return sentences;
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !continues_character(c); }));
}

/// A whole sentence of some length: no date, byline or label above a story.
bool is_prose(std::string_view text, const Range& range) {
  constexpr std::ptrdiff_t kSpaces = 4, kSpacesOfDates = 8;  // "Marseille, le 3 mai 2024."
  constexpr std::size_t kCharacters = 20;                    // of a script without spaces
  std::string_view sentence = text.substr(range.begin, range.end - range.begin);
  const auto drop = [&](std::initializer_list<std::string_view> ends) {
    return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) {
      if (!sentence.ends_with(end)) return false;
      sentence.remove_suffix(end.size());
      return true;
    });
  };
  while (drop({"\"", "'", ")", "”", "’", "»", "“", "」"})) {
  }
  const auto spaces = std::count(sentence.begin(), sentence.end(), ' ');
  if (!drop({".", "!", "?", "…", "。", "！", "？"}) || sentence.empty()) return false;
  const auto least = is_ascii_digit(sentence.back()) ? kSpacesOfDates + 1 : kSpaces;
  return spaces >= least || (spaces == 0 && code_points(sentence) >= kCharacters);
}

/// Says what the title says, and little else: the sentence that became the title of a story without a headline.
bool says_again(std::string_view text, const Range& range, const std::string& folded_title) {
  const std::string sentence = fold(text.substr(range.begin, range.end - range.begin));
  return 2 * folded_title.size() > sentence.size() && sentence.find(folded_title) != std::string::npos;
}

/// At most `chars` code points on from `at`, ended at a word where one ends in the second half of them.
std::uint32_t forward(std::string_view text, std::uint32_t at, std::uint32_t end, std::size_t chars) {
  std::uint32_t i = at, last_space = 0;
  for (std::size_t n = 0; i < end && n < chars; ++n) {
    if (text[i] == ' ' && n > chars / 2) last_space = i;
    for (++i; i < end && continues_character(text[i]); ++i) {
    }
  }
  return i == end || last_space <= at ? i : last_space;
}

std::uint32_t backward(std::string_view text, std::uint32_t at, std::uint32_t begin, std::size_t chars) {
  std::uint32_t i = at, last_space = at;
  for (std::size_t n = 0; i > begin && n < chars; ++n) {
    for (--i; i > begin && continues_character(text[i]); --i) {
    }
    if (text[i] == ' ') last_space = i + 1;
  }
  return i == begin ? begin : (last_space < at ? last_space : i);
}

Passage cut(const std::string& text, Range range, const std::vector<Mark>& marks) {
  const auto inside = [&](const Mark& mark) {
    return mark.range.begin >= range.begin && mark.range.end <= range.end;
  };
  bool cut_front = false, cut_back = false;
  if (code_points(std::string_view(text).substr(range.begin, range.end - range.begin)) > kPassageChars) {
    const auto first = std::find_if(marks.begin(), marks.end(), inside);
    const std::uint32_t full_begin = range.begin, full_end = range.end;
    if (first != marks.end()) range.begin = backward(text, first->range.begin, full_begin, kPassageChars / 3);
    range.end = forward(text, range.begin, full_end, kPassageChars);
    cut_front = range.begin > full_begin;
    cut_back = range.end < full_end;
  }
  const std::string front = cut_front ? "…" : "";
  Passage passage;
  passage.text = front + text.substr(range.begin, range.end - range.begin);
  std::vector<Range> shown;
  for (const auto& mark : marks) {
    if (!inside(mark)) continue;
    const auto shift = static_cast<std::uint32_t>(front.size());
    const Range at{mark.range.begin - range.begin + shift, mark.range.end - range.begin + shift};
    if (!shown.empty() && at.begin < shown.back().end)
      shown.back().end = std::max(shown.back().end, at.end);
    else
      shown.push_back(at);
  }
  passage.marks = to_code_points(passage.text, shown);
  if (cut_back) passage.text += "…";
  return passage;
}

void weigh(std::vector<Sentence>& sentences, const std::vector<Mark>& marks) {
  auto mark = marks.begin();
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    Sentence& s = sentences[i];
    std::size_t repeats = 0;
    while (mark != marks.end() && mark->range.begin < s.range.begin) ++mark;
    for (; mark != marks.end() && mark->range.end <= s.range.end; ++mark)
      if (!s.words.insert(mark->word).second) ++repeats;
    if (s.words.empty()) continue;
    s.score = static_cast<double>(s.words.size()) +
              0.1 * static_cast<double>(std::min<std::size_t>(repeats, 3)) -
              0.5 * static_cast<double>(i) / static_cast<double>(sentences.size());
  }
}

}  // namespace

std::vector<std::pair<std::uint32_t, std::uint32_t>> to_code_points(std::string_view text,
                                                                    const std::vector<Range>& ranges) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> out;
  std::uint32_t points = 0;
  std::size_t at = 0;
  const auto advance = [&](std::uint32_t to) {
    for (; at < to; ++at) points += !continues_character(text[at]);
    return points;
  };
  for (const auto& range : ranges) {
    const std::uint32_t begin = advance(range.begin);
    out.emplace_back(begin, advance(range.end));
  }
  return out;
}

std::vector<Range> find_marks(std::string_view text, const Highlights& highlights, Analyzer& analyzer) {
  std::vector<Range> ranges;
  for (const auto& mark : marks_in(text, highlights, analyzer)) {
    if (!ranges.empty() && mark.range.begin < ranges.back().end)
      ranges.back().end = std::max(ranges.back().end, mark.range.end);
    else
      ranges.push_back(mark.range);
  }
  return ranges;
}

std::vector<Passage> passages(const Report& report, const Highlights& highlights, Analyzer& analyzer) {
  if (report.text.empty()) return {};
  const auto marks = marks_in(report.text, highlights, analyzer);
  const std::string text = unwrapped(report);
  const auto story = [&](const Range& r) {
    return !overlaps(report.boilerplate, r) &&
           (report.headline.empty() || r.begin >= report.headline.end || r.end <= report.headline.begin);
  };
  const auto marked = [&](const Range& line) {
    auto it = std::lower_bound(marks.begin(), marks.end(), line.begin,
                               [](const Mark& m, std::uint32_t at) { return m.range.begin < at; });
    return it != marks.end() && it->range.end <= line.end;
  };
  // Lines, and not sentences, are told from boilerplate: its ranges cover whole lines.
  auto found = sentences_of(text, [&](const Range& line) { return story(line) && marked(line); });
  std::erase_if(found, [&](const Sentence& s) { return !story(s.range); });
  weigh(found, marks);
  std::vector<Sentence> best = found;
  std::erase_if(best, [](const Sentence& s) { return s.words.empty(); });
  std::stable_sort(best.begin(), best.end(),
                   [](const Sentence& a, const Sentence& b) { return a.score > b.score; });
  if (best.empty()) {  // found by its title, its name, or its boilerplate alone: show how the story begins
    best = sentences_of(text, [&, lines = std::size_t{0}](const Range& line) mutable {
      return story(line) && line.begin < line.end && lines++ < kOpeningLines;
    });
    if (best.empty()) return {};
    const std::string title = fold(report.title);
    const auto first = std::find_if(best.begin(), best.end(), [&](const Sentence& s) {
      return is_prose(text, s.range) && !says_again(text, s.range, title);
    });
    best = {first == best.end() ? best.front() : *first};
  }
  if (best.size() > 1) {  // a second one shows a word that the first does not, if any of them does
    const auto adds = [&first = best[0].words](const Sentence& s) {
      return !std::includes(first.begin(), first.end(), s.words.begin(), s.words.end());
    };
    if (auto more = std::find_if(best.begin() + 1, best.end(), adds); more != best.end())
      std::iter_swap(best.begin() + 1, more);
    else if (best[0].words.size() > 1)
      best.resize(1);
  }
  if (best.size() > kMostPassages) best.resize(kMostPassages);
  std::sort(best.begin(), best.end(), [](const Sentence& a, const Sentence& b) { return a.range < b.range; });
  std::vector<Passage> out;
  out.reserve(best.size());
  for (const auto& sentence : best) out.push_back(cut(text, sentence.range, marks));
  return out;
}

}  // namespace tidings::searcher
