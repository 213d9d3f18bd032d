// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/extract/front_matter.h"

#include "indexer/extract/text.h"

namespace tidings::indexer {
namespace {

std::string_view unquoted(std::string_view value) {
  value = trim(value);
  if (value.starts_with('[')) value = trim(value.substr(1, value.find_first_of(",]") - 1));
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
    value = value.substr(1, value.size() - 2);
  return value;
}

/// "William Riel" of 'riel@example.org (William Riel)' and of '"William Riel" <riel@example.org>'.
std::string sender(std::string_view from) {
  const std::size_t open = from.find('('), close = from.rfind(')'), angle = from.find('<');
  std::string_view person;
  if (angle != from.npos) person = unquoted(from.substr(0, angle));
  if (person.empty() && open != from.npos && close != from.npos && close > open)
    person = trim(from.substr(open + 1, close - open - 1));
  if (person.empty() && angle != from.npos)
    person = from.substr(angle + 1, from.find('>', angle) - angle - 1);
  return one_line(person.empty() ? from : person);
}

void set(std::string& field, std::string_view value) {
  if (field.empty()) field = one_line(value.substr(0, 1000));
}

constexpr std::string_view kTitleKeys = " title subject headline titel titre título titolo ";
constexpr std::string_view kDateKeys =
    " date published pubdate publish_date published_at created datum fecha data ";
constexpr std::string_view kSourceKeys =
    " source publisher site site_name publication organization organisation quelle fuente fonte ";
constexpr std::string_view kLanguageKeys = " lang language locale sprache content-language ";
constexpr std::string_view kAuthorKeys =
    " author authors by byline from sender url link to newsgroups message-id path lines "
    "references reply-to nntp-posting-host summary keywords distribution followup-to xref sender tags "
    "category section location ";
/// Headers that a reader of the post would not read.
constexpr std::string_view kNoiseKeys =
    " path xref message-id lines references nntp-posting-host reply-to distribution "
    "followup-to sender article-i.d. expires mime-version content-type content-transfer-encoding approved "
    "x-newsreader x-mailer "
    "originator in-reply-to news-software nntp-software ";

}  // namespace

std::optional<Fields> read_front_matter(std::string_view text) {
  std::size_t at = 0;
  std::string_view line;
  if (!next_line(text, at, line)) return std::nullopt;
  const std::string_view fence = trim(line);
  if (fence != "---" && fence != "+++") return std::nullopt;
  const char mark = fence == "---" ? ':' : '=';
  Fields out;
  std::string weak_source;
  std::size_t keys = 0;
  for (std::size_t lines = 0; lines < kFieldLines && next_line(text, at, line); ++lines) {
    const std::string_view bare = trim(line);
    if (bare == fence || (mark == ':' && bare == "...")) {
      if (keys == 0) return std::nullopt;
      if (out.source.empty()) out.source = weak_source;
      out.end = std::min(at, text.size());
      out.noise.push_back(range_of(text, trim(text.substr(0, out.end))));
      return out;
    }
    const std::size_t colon = line.find(mark);
    if (bare.empty() || bare.front() == '#' || bare.front() == '-' || line.front() == ' ' ||
        colon == line.npos)
      continue;
    const std::string key = lowered(line.substr(0, std::min<std::size_t>(colon, 60)));
    const std::string_view value = unquoted(line.substr(colon + 1));
    ++keys;
    if (listed(kTitleKeys, key)) set(out.title, value);
    if (listed(kDateKeys, key)) set(out.date, value);
    if (listed(kSourceKeys, key)) set(out.source, value);
    if (listed(kLanguageKeys, key)) set(out.language, value);
    if (key == "author") set(weak_source, value);
  }
  return std::nullopt;
}

std::optional<Fields> read_headers(std::string_view text) {
  Fields out;
  out.origin = Origin::Headers;
  std::string from;
  std::size_t at = 0, known = 0, lines = 0;
  std::string_view line;
  bool noisy = false;
  while (next_line(text, at, line)) {
    const std::string_view bare = trim(line);
    if (bare.empty()) {
      if (lines == 0) continue;
      break;
    }
    if (++lines > kFieldLines) return std::nullopt;
    if (line.front() == ' ' || line.front() == '\t') {  // a folded line continues the one before
      if (lines == 1) return std::nullopt;
      if (noisy) out.noise.push_back(range_of(text, bare));
      continue;
    }
    const std::size_t colon = bare.find(':');
    constexpr std::size_t kNameBytes = 40;  // of a field's name; no colon at all is past it, too
    if (colon > kNameBytes || bare.substr(0, colon).find(' ') != std::string_view::npos) return std::nullopt;
    const std::string key = lowered(bare.substr(0, colon));
    const std::string_view value = trim(bare.substr(colon + 1));
    noisy = listed(kNoiseKeys, key) || key.starts_with("x-");
    if (noisy) out.noise.push_back(range_of(text, bare));
    if (listed(kTitleKeys, key)) {
      if (out.title.empty()) out.title_range = range_of(text, value);
      set(out.title, value), ++known;
    } else if (listed(kDateKeys, key)) {
      set(out.date, value), ++known;
    } else if (listed(kSourceKeys, key)) {
      set(out.source, value), ++known;
    } else if (listed(kLanguageKeys, key)) {
      set(out.language, value), ++known;
    } else if (key == "from" || key == "author" || key == "sender") {
      if (from.empty()) from = sender(value.substr(0, 1000));
      ++known;
    } else if (noisy || listed(kAuthorKeys, key)) {
      ++known;
    }
  }
  if (known < 2 || lines < 2 || (out.title.empty() && out.date.empty())) return std::nullopt;
  if (out.source.empty()) out.source = from;
  out.end = std::min(at, text.size());
  return out;
}

}  // namespace tidings::indexer
