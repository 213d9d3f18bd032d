// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/extract/title.h"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

#include <algorithm>
#include <array>
#include <memory>

#include "index/characters.h"
#include "indexer/extract/boilerplate.h"
#include "indexer/extract/date.h"
#include "indexer/extract/text.h"

namespace tidings::indexer {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kSentenceBytes = 4096;  ///< of a paragraph, looked at for its first sentence

bool by_line(std::string_view line) {
  if (word_count(line) > 14) return false;
  const std::string low = lowered(line);
  for (std::string_view by :
       {"by "sv, "from our "sv, "von "sv, "par "sv, "por "sv, "di "sv, "a report by "sv, "words by "sv,
        "words: "sv, "text: "sv, "reporting by "sv, "author: "sv, "autor: "sv, "auteur : "sv})
    if (low.starts_with(by) && !ends_like_sentence(line)) return true;
  return false;
}

bool letters_in(std::string_view line) {
  return std::count_if(line.begin(), line.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
         }) >= 3;
}

/// A greeting or the label of a quotation opens a letter, not a story.
bool greeting(std::string_view line) {
  const std::string low = lowered(line);
  for (std::string_view word :
       {"dear "sv, "hi "sv, "hello "sv, "hi,"sv, "hello,"sv, "liebe "sv, "in article "sv})
    if (low.starts_with(word)) return true;
  return line.starts_with(">") || line.starts_with("|") || line.ends_with("writes") || line.ends_with(",");
}

/// The first line of a paragraph whose lines were broken by an editor: the next goes on in the middle of the
/// sentence.
bool hard_wrapped(std::string_view text, const Line& line, const Line* next) {
  if (line.blank_after || next == nullptr) return false;
  const std::string_view here = slice(text, line.range), there = slice(text, next->range);
  if (begins_lower(there)) return true;
  return here.size() >= 60 && here.size() <= 80 && !ends_like_sentence(here) && there.size() >= 40 &&
         there.size() <= 80;
}

bool ends_a_sentence(std::string_view line) {
  if (!ends_like_sentence(line)) return false;
  // "… deal with U.S." is no sentence's end.
  const std::string_view word = line.substr(line.rfind(' ') + 1);
  if (word.size() >= 4 && word[1] == '.' && word[3] == '.' && word[0] >= 'A' && word[0] <= 'Z') return false;
  return !line.ends_with("!") && !line.ends_with("?") && !line.ends_with("!”") && !line.ends_with("?”") &&
         !line.ends_with("…");
}

bool headline_like(std::string_view text, const Line& line, const Line* next) {
  const std::string_view s = slice(text, line.range);
  const std::size_t words = word_count(s);
  if (words > kHeadlineWords || s.size() > 300 || !letters_in(s)) return false;
  // A sentence is a headline only if it is short and stands alone.
  if (ends_a_sentence(s) &&
      !(s.ends_with(".") && words <= 6 && line.blank_after && line.blank_before && s.find(". ") == s.npos))
    return false;
  return !greeting(s) && !hard_wrapped(text, line, next);
}

/// What follows a headline: a by-line, a dateline, a date or a sentence.
bool opens_story(std::string_view text, const Line& line) {
  const std::string_view s = slice(text, line.range);
  return by_line(s) || word_count(s) > kHeadlineWords || ends_a_sentence(s) || !date_of_line(s).empty() ||
         dateline(s).has_value();
}

std::string first_sentence(std::string_view text, std::size_t begin, std::size_t chars) {
  std::size_t end = std::min(text.find("\n\n", begin), text.size());
  std::string_view paragraph = trim(utf8_prefix(text.substr(begin, end - begin), kSentenceBytes));
  // Where lines are whole paragraphs, the first line is enough; where they are broken, they are joined.
  const std::size_t line_end = paragraph.find('\n');
  if (line_end != paragraph.npos && ends_like_sentence(trim(paragraph.substr(0, line_end))))
    paragraph = paragraph.substr(0, line_end);
  const std::string flat = one_line(paragraph);
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> breaks(
      icu::BreakIterator::createSentenceInstance(icu::Locale::getEnglish(), error));
  UText* wide = utext_openUTF8(nullptr, flat.data(), static_cast<std::int64_t>(flat.size()), &error);
  std::size_t cut = flat.size();
  if (U_SUCCESS(error)) {
    breaks->setText(wide, error);
    for (std::int32_t at = breaks->next(); U_SUCCESS(error) && at != icu::BreakIterator::DONE;
         at = breaks->next()) {
      cut = static_cast<std::size_t>(at);
      const std::string_view sentence = trim(std::string_view(flat).substr(0, cut));
      // "Mr." and "U.S." end no sentence, and one of a word or two says too little.
      const std::size_t last = sentence.rfind(' ');
      const std::string_view word = last == sentence.npos ? sentence : sentence.substr(last + 1);
      const bool abbreviation =
          word.ends_with('.') && (word.size() <= 4 && word.front() >= 'A' && word.front() <= 'Z');
      if (!abbreviation && word_count(sentence) >= 3) break;
    }
  }
  utext_close(wide);
  return shortened(trim(std::string_view(flat).substr(0, cut)), chars);
}

/// "section of International …", "Zeitung der …": what belongs to somebody with a name, a capital letter. "A
/// section of the workforce walks out" is a headline.
bool belongs_to_a_name(std::string_view line) {
  const std::string low = ascii_lower(line);
  for (std::string_view cue : {"section of "sv,
                               "branch of "sv,
                               "journal of "sv,
                               "magazine of "sv,
                               "newspaper of "sv,
                               "website of "sv,
                               "bulletin of "sv,
                               "organ of "sv,
                               "home of "sv,
                               "voice of "sv,
                               "affiliated to "sv,
                               "affiliate of "sv,
                               "member of "sv,
                               "published by "sv,
                               "news from "sv,
                               "sektion der "sv,
                               "sektion des "sv,
                               "zeitung der "sv,
                               "zeitung für "sv,
                               "magazin der "sv,
                               "organ der "sv,
                               "nachrichten aus "sv,
                               "section de "sv,
                               "section du "sv,
                               "section française de "sv,
                               "journal de "sv,
                               "journal du "sv,
                               "organe de "sv,
                               "site de "sv,
                               "sección de "sv,
                               "periódico de "sv,
                               "noticias de "sv,
                               "órgano de "sv,
                               "sezione di "sv,
                               "sezione della "sv,
                               "giornale di "sv,
                               "giornale della "sv}) {
    std::size_t at = low.find(cue);
    if (at == low.npos || (at > 0 && low[at - 1] != ' ')) continue;
    at += cue.size();
    for (std::string_view article : {"the "sv, "la "sv, "le "sv, "les "sv, "l'"sv, "l’"sv, "der "sv, "die "sv,
                                     "den "sv, "el "sv, "los "sv, "il "sv})
      if (std::string_view(low).substr(at).starts_with(article)) {
        at += article.size();
        break;
      }
    const std::string_view rest = line.substr(std::min(at, line.size()));
    if (!rest.empty() && letters_in(rest) && !begins_lower(rest)) return true;
  }
  return false;
}

/// "Shopfloor Wire: reports from …", "Kaikante – Nachrichten aus …": a name, a mark, and what it publishes on
/// what.
bool described(std::string_view low) {
  constexpr std::string_view kWorks =
      " reports news stories notes views voices analysis comment writing essays dispatches information a "
      "magazine "
      "journal newspaper newsletter the weekly daily monthly berichte nachrichten stimmen zeitung magazin "
      "die das nouvelles infos informations "
      "actualités actualité le la journal el diario noticias periódico revista il giornale notizie ";
  constexpr std::string_view kOn =
      " from on about for and of by & aus für über von vom pour sur de des du para sobre da di su per della "
      "del ";
  for (std::string_view mark : {": "sv, " - "sv, " – "sv, " — "sv, " | "sv}) {
    const std::size_t at = low.find(mark);
    if (at == low.npos || word_count(low.substr(0, at)) > 5) continue;
    std::string_view rest = low.substr(at + mark.size());
    bool work = false;
    for (int words = 0; words < 4 && !rest.empty(); ++words) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      const std::string_view word = rest.substr(0, end);
      if (work && listed(kOn, word)) return true;
      if (!work && !listed(kWorks, word)) break;
      work = work || (word.size() > 3);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return false;
}

bool covered(const std::vector<Range>& ranges, Range line) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& r) { return r.begin <= line.begin && line.end <= r.end; });
}

}  // namespace

int tagline_cues(std::string_view line) {
  const std::string low = " " + lowered(line) + " ";
  int cues = described(low) ? 3 : 0;
  for (std::string_view strong :
       {" news and views "sv, " news & "sv, " official website "sv, " official site "sv, " est. "sv,
        " www."sv, "http://"sv, "https://"sv, " independent news"sv, " site officiel "sv, " sitio oficial "sv,
        " sito ufficiale "sv, " offizielle seite "sv, " offizielle website "sv})
    if (low.find(strong) != low.npos) cues += 3;
  if (belongs_to_a_name(line)) cues += 3;
  for (std::string_view weak : {" official "sv,
                                " the voice "sv,
                                " established "sv,
                                " la voix "sv,
                                " la voz "sv,
                                " la voce "sv,
                                " die stimme "sv,
                                " since 1"sv,
                                " since 2"sv,
                                " seit 1"sv,
                                " depuis 1"sv,
                                " desde 1"sv,
                                " newsletter "sv,
                                " blog "sv,
                                " website "sv,
                                " online "sv,
                                " weekly "sv,
                                " magazine "sv,
                                " your "sv,
                                " federation "sv,
                                " association "sv,
                                " international "sv,
                                " organisation "sv,
                                " organization "sv,
                                " for and by "sv,
                                " stories from "sv,
                                " reports from "sv,
                                " | "sv,
                                " • "sv,
                                " · "sv,
                                " :: "sv})
    if (low.find(weak) != low.npos) cues += 1;
  const std::size_t words = word_count(line);
  // A newspaper's name: "The Harbour Courier", and a section's label.
  for (std::string_view mast :
       {" times "sv,     " courier "sv,  " post "sv,      " herald "sv,   " tribune "sv,     " gazette "sv,
        " chronicle "sv, " observer "sv, " telegraph "sv, " guardian "sv, " bulletin "sv,    " news "sv,
        " echo "sv,      " monitor "sv,  " zeitung "sv,   " anzeiger "sv, " nachrichten "sv, " tageblatt "sv,
        " rundschau "sv, " kurier "sv,   " diario "sv,    " noticias "sv, " corriere "sv,    " gazzetta "sv,
        " dispatch "sv,  " review "sv,   " journal "sv})
    if (words <= 5 && low.ends_with(mast)) cues += 3;
  static constexpr std::array kLabels = {"news"sv,
                                         "world"sv,
                                         "business"sv,
                                         "opinion"sv,
                                         "analysis"sv,
                                         "comment"sv,
                                         "editorial"sv,
                                         "home"sv,
                                         "press release"sv,
                                         "statement"sv,
                                         "breaking news"sv,
                                         "breaking"sv,
                                         "exclusive"sv,
                                         "feature"sv,
                                         "interview"sv,
                                         "politics"sv,
                                         "economy"sv,
                                         "local"sv,
                                         "uk news"sv,
                                         "world news"sv,
                                         "media release"sv,
                                         "for immediate release"sv,
                                         "pressemitteilung"sv,
                                         "wirtschaft"sv,
                                         "politik"sv,
                                         "meinung"sv,
                                         "nachrichten"sv,
                                         "actualité"sv,
                                         "actualités"sv,
                                         "économie"sv,
                                         "communiqué de presse"sv,
                                         "communiqué"sv,
                                         "opinión"sv,
                                         "economía"sv,
                                         "noticias"sv,
                                         "comunicado de prensa"sv,
                                         "nota de prensa"sv,
                                         "comunicado"sv,
                                         "notizie"sv,
                                         "economia"sv,
                                         "comunicato stampa"sv};
  const std::string bare = lowered(line);
  if (std::find(kLabels.begin(), kLabels.end(), bare) != kLabels.end()) cues += 4;
  // A web address by itself.
  if (words == 1 && line.find('.') != line.npos && line.find_first_of("/.") < line.size() - 2 &&
      !line.ends_with("."))
    cues += 3;
  return cues;
}

Heading find_heading(std::string_view text, std::size_t begin, const std::vector<Range>& boilerplate,
                     std::string_view site, std::size_t title_chars) {
  const std::string_view body = text.substr(begin);
  std::vector<Line> lines = head_lines(body, kHeadLines);
  for (Line& line : lines) {
    line.range.begin += static_cast<std::uint32_t>(begin);
    line.range.end += static_cast<std::uint32_t>(begin);
  }
  // A date that opens the first line belongs to neither headline nor sentence.
  if (!lines.empty())
    if (const auto leading = leading_date(body)) {
      lines[0].range.begin = static_cast<std::uint32_t>(begin + leading->end);
      lines[0].range.begin = std::min(lines[0].range.begin, lines[0].range.end);
    }
  Heading out;
  const std::string site_name = lowered(site);
  const auto next_of = [&](std::size_t i) { return i + 1 < lines.size() ? &lines[i + 1] : nullptr; };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view s = slice(text, lines[i].range);
    if (covered(boilerplate, lines[i].range) || boilerplate_like(s) || by_line(s)) continue;
    const auto place = dateline(s);
    if (!place && !date_of_line(s).empty()) continue;
    if (!letters_in(s)) continue;
    if (!site_name.empty() && lowered(s) == site_name && i + 1 < lines.size()) {
      out.taglines.push_back(lines[i].range);
      continue;
    }
    if (!place && headline_like(text, lines[i], next_of(i))) {
      // Is the next candidate the headline, and this the tagline over it?
      std::size_t j = i + 1;
      while (j < lines.size() && covered(boilerplate, lines[j].range)) ++j;
      const int cues = tagline_cues(s);
      if (cues >= 3 && j + 1 < lines.size() && headline_like(text, lines[j], next_of(j)) &&
          !by_line(slice(text, lines[j].range)) && date_of_line(slice(text, lines[j].range)).empty() &&
          !dateline(slice(text, lines[j].range)) && tagline_cues(slice(text, lines[j].range)) < cues &&
          (opens_story(text, lines[j + 1]) || lines[j].blank_after)) {
        out.taglines.push_back(lines[i].range);
        continue;
      }
      out.title = shortened(one_line(s), title_chars);
      out.range = lines[i].range;
      return out;
    }
    // The story has begun without a headline.
    std::size_t from = lines[i].range.begin;
    if (place) {
      from += place->end;
      while (from < text.size() && (text[from] == '\n' || text[from] == ' ')) ++from;
    }
    out.title = first_sentence(text, from, title_chars);
    if (!out.title.empty()) return out;
  }
  return out;
}

std::string without_site(std::string_view title, std::string_view site, std::string_view heading) {
  std::string whole = one_line(title);
  const std::string low_site = lowered(site), low_heading = lowered(heading);
  for (std::string_view mark : {" | "sv, " - "sv, " – "sv, " — "sv, " :: "sv, " · "sv, " • "sv, " » "sv,
                                " « "sv, " : "sv, ": "sv, " / "sv}) {
    const std::size_t last = whole.rfind(mark), first = whole.find(mark);
    if (last == whole.npos) continue;
    const std::string_view view = whole;
    if (!low_site.empty() && lowered(view.substr(last + mark.size())) == low_site)
      return one_line(view.substr(0, last));
    if (!low_site.empty() && lowered(view.substr(0, first)) == low_site)
      return one_line(view.substr(first + mark.size()));
    if (!low_heading.empty() && lowered(view.substr(0, last)) == low_heading)
      return one_line(view.substr(0, last));
    if (!low_heading.empty() && lowered(view.substr(0, first)) == low_heading)
      return one_line(view.substr(0, first));
    if (!low_heading.empty() && lowered(view.substr(first + mark.size())) == low_heading)
      return one_line(view.substr(first + mark.size()));
  }
  return whole;
}

}  // namespace tidings::indexer
