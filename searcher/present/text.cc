// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/present/text.h"

#include <sys/ioctl.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "index/characters.h"

namespace tidings::searcher {
namespace {

constexpr std::string_view kBold = "\x1b[1m", kDim = "\x1b[2m", kMark = "\x1b[1;33m", kPlain = "\x1b[0m";

std::string coloured(std::string_view how, const std::string& text, const TextStyle& style) {
  return style.colour ? std::string(how) + text + std::string(kPlain) : text;
}

/// What a terminal acts upon: control characters, line separators, and what turns the direction of writing.
bool acts(UChar32 c) {
  return u_charType(c) == U_CONTROL_CHAR || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/// Those made spaces.
std::string harmless(std::string_view utf8) {
  icu::UnicodeString text =
      icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
  icu::UnicodeString out;
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    out.append(acts(c) ? static_cast<UChar32>(' ') : c);
  }
  std::string result;
  out.toUTF8String(result);
  return result;
}

std::size_t width_of(UChar32 c) {
  if (u_charType(c) == U_NON_SPACING_MARK || u_charType(c) == U_ENCLOSING_MARK ||
      u_charType(c) == U_FORMAT_CHAR)
    return 0;
  const auto width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

/// A passage's characters with their marks; then words of them are laid out.
struct Glyph {
  UChar32 c;
  bool marked;
};

std::vector<Glyph> glyphs_of(const Passage& passage) {
  const icu::UnicodeString text = icu::UnicodeString::fromUTF8(harmless(passage.text));
  std::vector<Glyph> glyphs;
  std::uint32_t point = 0;
  auto mark = passage.marks.begin();
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1), ++point) {
    while (mark != passage.marks.end() && mark->second <= point) ++mark;
    glyphs.push_back({text.char32At(i), mark != passage.marks.end() && mark->first <= point});
  }
  return glyphs;
}

void append(std::string& out, UChar32 c) {
  icu::UnicodeString(c).toUTF8String(out);
}

std::string wrapped(const std::vector<Glyph>& glyphs, std::size_t indent, const TextStyle& style) {
  const std::string_view open = style.colour ? kMark : std::string_view("«");
  const std::string_view close = style.colour ? kPlain : std::string_view("»");
  const std::string margin(indent, ' ');
  const std::size_t extra = style.colour ? 0 : 2;  // what the signs of a mark take
  std::string out = margin;
  std::size_t column = indent;
  for (std::size_t i = 0; i < glyphs.size();) {
    std::size_t end = i, width = 0;
    for (bool on = false; end < glyphs.size() && glyphs[end].c != ' '; ++end) {
      width += width_of(glyphs[end].c) + (glyphs[end].marked && !on ? extra : 0);
      on = glyphs[end].marked;
    }
    if (column > indent && column + 1 + width > style.columns) {
      out += "\n" + margin;
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    bool on = false;
    for (; i < end; ++i) {
      const std::size_t wide = width_of(glyphs[i].c) + (glyphs[i].marked && !on ? extra : 0);
      if (column > indent &&
          column + wide > style.columns) {  // longer than a line, or written without spaces
        if (on) out += close;
        on = false;
        out += "\n" + margin;
        column = indent;
      }
      if (glyphs[i].marked != on) out += (on = !on) ? open : close;
      append(out, glyphs[i].c);
      column += wide;
    }
    if (on) out += close;
    while (i < glyphs.size() && glyphs[i].c == ' ') ++i;
  }
  return out + "\n";
}

std::string wrapped_text(const std::string& text, std::size_t indent, const TextStyle& style) {
  return wrapped(glyphs_of({text, {}}), indent, style);
}

std::string ago(std::int64_t ms) {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  const std::int64_t seconds = std::max<std::int64_t>(0, (now - ms) / 1000);
  if (seconds < 120) return std::to_string(seconds) + " s ago";
  if (seconds < 7200) return std::to_string(seconds / 60) + " min ago";
  if (seconds < 172800) return std::to_string(seconds / 3600) + " h ago";
  return std::to_string(seconds / 86400) + " days ago";
}

/// A day that is only the file's says so.
std::string about(const Date& date, const std::string& source, const std::string& more) {
  std::string line = (date.from == Origin::FileTime ? "file of " : "") + harmless(date.iso.substr(0, 10));
  if (!source.empty()) line += " · " + harmless(source);
  if (!more.empty()) line += " · " + more;
  return line;
}

std::string shown(double score) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", score);
  return text;
}

/// "5.310 = coventry 3.100 + strike, strikes 2.100 + recent 0.110"
std::string sum_of(const Hit& hit) {
  std::string sum = shown(hit.score);
  for (std::size_t i = 0; i < hit.explanation.size(); ++i)
    sum += (i == 0 ? " = " : " + ") + hit.explanation[i].what + " " + shown(hit.explanation[i].score);
  return sum;
}

}  // namespace

std::string printable_line(std::string_view text) {
  return harmless(text);
}

std::size_t columns_of(std::string_view utf8) {
  const icu::UnicodeString text =
      icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
  std::size_t columns = 0;
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1))
    columns += width_of(text.char32At(i));
  return columns;
}

TextStyle style_of_stdout() {
  TextStyle style;
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  style.colour = terminal && (!no_color || !*no_color) && term && std::string_view(term) != "dumb";
  winsize size{};
  if (terminal && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    style.columns = size.ws_col;
  if (const char* columns = std::getenv("COLUMNS"))
    if (const int n = std::atoi(columns); n > 0) style.columns = static_cast<std::size_t>(n);
  style.columns = std::clamp<std::size_t>(style.columns, 40, 120);
  return style;
}

std::string printable_path(const std::string& path) {
  std::string out;
  Character c;
  for (std::uint32_t i = 0; i < path.size(); i = c.end) {
    c = character_at(path, i);
    const std::string_view bytes(path.data() + i, c.end - i);
    if (c.code != 0xFFFD && !acts(static_cast<UChar32>(c.code))) {
      out += bytes;
      continue;
    }
    for (const char byte : bytes) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\x%02X",
                    static_cast<unsigned>(static_cast<unsigned char>(byte)));
      out += escaped;
    }
  }
  return out;
}

std::string hit_text(const Hit& hit, std::size_t number, const TextStyle& style) {
  const std::string label = std::to_string(number) + ". ";
  std::string more = hit.partial ? "partial: not all of the words" : "";
  if (hit.status != Status::Indexed)
    more += (more.empty() ? "" : " · ") + std::string(name(hit.status)) + ": " + harmless(hit.reason);
  if (hit.similar > 0) more += (more.empty() ? "+" : " · +") + std::to_string(hit.similar) + " similar";
  const std::string title = wrapped_text(hit.title.empty() ? hit.key.path : hit.title, 3, style);
  std::string first = label;
  if (label.size() < 3) first.resize(3, ' ');
  std::string out = coloured(kBold, first + title.substr(3, title.size() - 4), style) + "\n";
  out += "   " + coloured(kDim, about(hit.date, hit.source, more), style) + "\n";
  out += "   " + printable_path(hit.path) + "\n";
  for (const auto& passage : hit.passages) out += wrapped(glyphs_of(passage), 5, style);
  if (!hit.explanation.empty()) out += wrapped_text(sum_of(hit), 5, style);
  return out + "\n";
}

std::string answer_notes(const Answer& answer, const TextStyle& style) {
  std::string out;
  for (const auto& warning : answer.warnings)
    out += "note: " + (warning.column ? "column " + std::to_string(warning.column) + ": " : std::string()) +
           harmless(warning.text) + "\n";
  if (answer.suggestion) out += "did you mean: " + harmless(*answer.suggestion) + "?\n";
  const auto partial =
      std::count_if(answer.hits.begin(), answer.hits.end(), [](const Hit& hit) { return hit.partial; });
  std::string understood = harmless(answer.understood);
  if (answer.total == 1 && understood.starts_with("reports")) understood.erase(6, 1);
  out += (answer.total_exact ? "" : "about ") + std::to_string(answer.total) + " " + understood;
  if (partial > 0) out += "; then " + std::to_string(partial) + " with some of the words";
  out += "\nindex as of " + ago(answer.as_of_ms) + ", generation " + std::to_string(answer.generation);
  out += answer.pending
             ? (*answer.pending ? "; " + std::to_string(*answer.pending) + " changes pending" : std::string())
             : "; not watched: no daemon is running";
  char took[32];
  std::snprintf(took, sizeof took, "; %.1f ms", answer.took_ms);
  return out + coloured("", took, style) + "\n";
}

std::string suggestions_text(const SuggestAnswer& suggestions, const TextStyle& style) {
  std::string out;
  std::size_t widest = 0;
  for (const auto& word : suggestions.words) widest = std::max(widest, columns_of(harmless(word.text)));
  for (const auto& word : suggestions.words) {
    const std::string text = harmless(word.text);
    out += text + std::string(widest - columns_of(text) + 2, ' ') + std::to_string(word.reports) + "\n";
  }
  for (const auto& title : suggestions.titles) {
    std::string lines = wrapped_text(title.title, 0, style);
    lines.pop_back();
    out += coloured(kBold, lines, style) + "\n  " + printable_path(title.path) + "\n";
  }
  return out;
}

std::string document_text(const DocumentAnswer& document, const TextStyle& style) {
  const Record& record = document.record;
  const Report& report = record.report;
  std::string out = coloured(kBold, harmless(report.title), style) + "\n";
  out += coloured(kDim, about(report.date, report.source, report.type), style) + "\n";
  out += printable_path(document.path) + "\n";
  if (report.status != Status::Indexed)
    out += std::string(name(report.status)) + ": " + harmless(report.reason) + "\n";
  out += "\n";
  for (std::size_t line = 0; line < report.text.size();) {
    const std::size_t end = std::min(report.text.find('\n', line), report.text.size());
    const auto from = static_cast<std::uint32_t>(line), to = static_cast<std::uint32_t>(end);
    const bool dim = std::any_of(report.boilerplate.begin(), report.boilerplate.end(),
                                 [&](const Range& r) { return r.begin <= from && to <= r.end; });
    const std::string text = harmless(std::string_view(report.text).substr(line, end - line));
    out += (dim && from < to ? coloured(kDim, text, style) : text) + "\n";
    line = end + 1;
  }
  return out;
}

}  // namespace tidings::searcher
