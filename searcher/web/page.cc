// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/web/page.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "searcher/api/target.h"
#include "searcher/web/escape.h"

namespace tidings::searcher::web {
namespace {

constexpr std::array<std::pair<Sort, std::string_view>, 4> kSorts = {{{Sort::Best, "best"},
                                                                      {Sort::Relevance, "relevance"},
                                                                      {Sort::Newest, "newest"},
                                                                      {Sort::Oldest, "oldest"}}};

std::string address(std::string_view path, const Asked& asked, std::size_t offset) {
  std::string a = std::string(path) + "?q=" + percent_encode(asked.q);
  for (const auto& [sort, name] : kSorts)
    if (sort == asked.sort && sort != Sort::Best) a += "&sort=" + std::string(name);
  if (offset > 0) a += "&offset=" + std::to_string(offset);
  return a;
}

std::string link(const std::string& to, const std::string& text, std::string_view more = {}) {
  return "<a href=\"" + escape(to) + "\"" + std::string(more) + ">" + text + "</a>";
}

std::string head(const std::string& title, const Asked& asked) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<link rel=\"stylesheet\" href=\"/style.css\"><script type=\"module\" "
      "src=\"/page.js\"></script>\n<title>";
  html += escape(title);
  html +=
      "</title></head><body>\n<header><p class=\"name\"><a href=\"/\">tidings</a></p>\n"
      "<form action=\"/\" method=\"get\" role=\"search\">"
      "<label class=\"visually-hidden\" for=\"q\">Search the reports</label>"
      "<input id=\"q\" name=\"q\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" "
      "placeholder=\"Search the reports\" value=\"";
  html += escape(asked.q) + "\"";
  html += asked.q.empty() ? " autofocus>" : ">";
  html += "<label class=\"visually-hidden\" for=\"sort\">Order</label><select id=\"sort\" name=\"sort\">";
  for (const auto& [sort, name] : kSorts)
    html.append("<option value=\"")
        .append(name)
        .append(sort == asked.sort ? "\" selected>" : "\">")
        .append(name) += sort == Sort::Best ? " first</option>" : "</option>";
  return html + "</select><button type=\"submit\">Search</button></form></header>\n<main data-limit=\"" +
         std::to_string(asked.limit) + "\">\n";
}

constexpr std::string_view kFoot = "</main></body></html>\n";

std::string count_of(std::uint64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

/// "2023-02-27T10:00:00Z" is read more easily as "2023-02-27 10:00 UTC"; shorter ones stand as they are.
std::string readable(const std::string& iso) {
  return iso.size() >= 17 && iso[10] == 'T' ? iso.substr(0, 10) + " " + iso.substr(11, 5) + " UTC" : iso;
}

std::string time_of(const std::string& iso) {
  return "<time datetime=\"" + escape(iso) + "\">" + escape(readable(iso)) + "</time>";
}

std::string as_of(std::int64_t ms) {
  return "as of " + time_of(iso_of(ms / 1000));
}

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// "coventry · 2023-02-27 · html · +2 similar", what is not known left out; `copies` is HTML.
std::string meta(const std::string& source, const Date& date, const std::string& type,
                 const std::string& copies = {}) {
  std::string html = "<p class=\"meta\">";
  auto add = [&, first = true](const std::string& part) mutable {
    if (!std::exchange(first, false)) html += " · ";
    html += part;
  };
  if (!source.empty()) add("<bdi>" + escape(source) + "</bdi>");
  if (!date.iso.empty()) add(time_of(date.iso) + (date.from == Origin::FileTime ? " (the file’s)" : ""));
  if (!type.empty()) add(escape(type));
  if (!copies.empty()) add(copies);
  return html + "</p>";
}

/// Marks count code points, and HTML wants bytes: both walk along the text together.
std::string marked(const Passage& passage) {
  const std::string& text = passage.text;
  const auto size = static_cast<std::int32_t>(text.size());
  std::string html = "<p class=\"passage\" dir=\"auto\">";
  std::int32_t at = 0;
  std::uint32_t point = 0;
  const auto go_to = [&](std::uint32_t until) {
    const std::int32_t from = at;
    while (point < until && at < size) {
      U8_FWD_1(text.data(), at, size);
      ++point;
    }
    escape_into(html, std::string_view(text).substr(static_cast<std::size_t>(from),
                                                    static_cast<std::size_t>(at - from)));
  };
  for (const auto& [begin, end] : passage.marks) {
    go_to(begin);
    html += "<mark>";
    go_to(end);
    html += "</mark>";
  }
  go_to(UINT32_MAX);
  return html + "</p>";
}

std::string item(const Asked& asked, const Hit& hit) {
  const std::string path = "&path=" + percent_encode(hit.path);
  const std::string to = address("/report", asked, asked.offset) + path;
  const std::string copies = hit.similar == 0 ? ""
                                              : link(address("/copies", asked, asked.offset) + path,
                                                     "+" + std::to_string(hit.similar) + " similar");
  std::string html = "<li class=\"hit\"><article><h2 dir=\"auto\">";
  html += link(to, escape(hit.title.empty() ? file_name(hit.path) : hit.title), " class=\"open\"") + "</h2>";
  html += meta(hit.source, hit.date, hit.type, copies);
  if (hit.status != Status::Indexed)
    html += "<p class=\"meta\">" + escape(name(hit.status)) +
            (hit.reason.empty() ? "" : ": " + escape(hit.reason)) + "</p>";
  for (const Passage& passage : hit.passages) html += marked(passage);
  return html + "<p class=\"path\">" + escape(hit.path) + "</p></article></li>\n";
}

std::string list(const Asked& asked, const std::vector<Hit>& hits, bool partial) {
  std::string items;
  for (const Hit& hit : hits)
    if (hit.partial == partial) items += item(asked, hit);
  if (items.empty()) return {};
  std::string html;
  if (partial) html = "<h2 class=\"part\">With most of the words, not all</h2>\n";
  return html + "<ol class=\"hits" + (partial ? " partial" : "") + "\">\n" + items + "</ol>\n";
}

std::string state_line(const Answer& answer) {
  std::string html = "<p class=\"state\" role=\"status\">";
  html += (answer.total_exact ? "" : "about ") + count_of(answer.total, "report", "reports");
  html += " · " + as_of(answer.as_of_ms) + " · ";
  html += answer.pending ? count_of(*answer.pending, "change", "changes") + " pending" : "not watched";
  return html + "</p>\n";
}

std::string notes(const Answer& answer) {
  std::string html;
  if (!answer.understood.empty() && answer.understood != answer.query)
    html = "<p class=\"state echo\">Read as: <bdi>" + escape(answer.understood) + "</bdi></p>\n";
  if (answer.warnings.empty()) return html;
  html += "<div class=\"note\"><ul>";
  for (const QueryWarning& w : answer.warnings)
    html += "<li>" + (w.column ? "column " + std::to_string(w.column) + ": " : "") + escape(w.text) + "</li>";
  return html + "</ul></div>\n";
}

std::string pages(const Asked& asked) {
  if (asked.offset == 0 && !asked.more) return {};
  const std::size_t before = asked.offset > asked.limit ? asked.offset - asked.limit : 0;
  std::string html = "<nav class=\"pages\" aria-label=\"Pages\"><span>";
  if (asked.offset > 0) html += link(address("/", asked, before), "← Previous", " rel=\"prev\"");
  html += "</span><span>";
  if (asked.more) html += link(address("/", asked, asked.offset + asked.limit), "Next →", " rel=\"next\"");
  return html + "</span></nav>\n";
}

/// At most kMaxText bytes, cut where a character begins.
std::string_view shown_of(const Report& report) {
  std::size_t size = std::min(report.text.size(), kMaxText);
  while (size > 0 && size < report.text.size() && U8_IS_TRAIL(report.text[size])) --size;
  return {report.text.data(), size};
}

/// A report's text from its beginning on, its marks numbered: #m1, #m2, ….
class MarkedText {
 public:
  MarkedText(std::string_view text, const std::vector<Range>& marks) : text_(text), marks_(marks) {}

  /// Up to there; back is no way.
  void until(std::size_t end) {
    end = std::clamp(end, at_, text_.size());
    while (next_ < marks_.size() && next_ < kMostMarks && marks_[next_].begin < end) {
      const Range& mark = marks_[next_];
      if (mark.begin >= at_) {
        plain(mark.begin);
        html += "<mark id=\"m" + std::to_string(next_ + 1) + "\">";
      } else {
        html += "<mark>";  // the rest of one that a bound of boilerplate cuts
      }
      plain(std::min<std::size_t>(mark.end, end));
      html += "</mark>";
      if (mark.end > end) break;
      ++next_;
    }
    plain(end);
  }

  std::string html;

 private:
  void plain(std::size_t end) {
    end = std::clamp(end, at_, text_.size());
    escape_into(html, text_.substr(at_, end - at_));
    at_ = end;
  }

  const std::string_view text_;
  const std::vector<Range>& marks_;
  std::size_t at_ = 0, next_ = 0;
};

/// The ranges are sorted and disjoint; what lies beyond what is shown is left out.
std::string text_of(const Report& report, const std::vector<Range>& marks) {
  MarkedText text(shown_of(report), marks);
  text.html = "<div class=\"text\" dir=\"auto\">";
  for (const Range& range : report.boilerplate) {
    text.until(range.begin);
    text.html += "<span class=\"boilerplate\">";
    text.until(range.end);
    text.html += "</span>";
  }
  text.until(report.text.size());
  text.html += "</div>\n";
  if (report.text.size() > kMaxText)
    text.html += "<div class=\"note\"><p>Only the first " + std::to_string(kMaxText >> 20) +
                 " MiB are shown here; the file holds more.</p></div>\n";
  return std::move(text.html);
}

/// How many places are marked, and a way to the first.
std::string marks_line(const Asked& asked, const Report& report, const std::vector<Range>& marks) {
  if (asked.q.empty()) return {};
  const auto begins = [size = shown_of(report).size()](const Range& mark) { return mark.begin < size; };
  const auto count = static_cast<std::uint64_t>(std::count_if(marks.begin(), marks.end(), begins));
  if (count == 0) return "<p class=\"state\">None of the words stands in its text.</p>\n";
  const std::string places = count > kMostMarks ? "the first " + std::to_string(kMostMarks) + " of " +
                                                      std::to_string(count) + " places are marked"
                                                : count_of(count, "place is marked", "places are marked");
  return "<p class=\"state marks\">" + link("#m1", places) + "</p>\n";
}

std::string back(const Asked& asked) {
  if (asked.q.empty()) return {};
  return "<nav class=\"back\" aria-label=\"Back\">" +
         link(address("/", asked, asked.offset), "← Results for “" + escape(asked.q) + "”") + "</nav>\n";
}

}  // namespace

std::string start_page(const Asked& asked) {
  return head("tidings", asked) +
         "<dl class=\"help\"><dt>coventry strike pay</dt><dd>reports that have all the words</dd>"
         "<dt>&quot;vote count&quot;</dt><dd>exactly these words, beside each other</dd>"
         "<dt>strike -warehouse</dt><dd>without a word</dd>"
         "<dt>dockers OR stevedores</dt><dd>one of them</dd>"
         "<dt>title:strike after:2024-01</dt><dd>in the title, and not older</dd></dl>\n" +
         std::string(kFoot);
}

std::string results_page(const Asked& asked, const Answer& answer) {
  std::string html = head(asked.q + " – tidings", asked);
  html += "<h1 class=\"visually-hidden\">Results</h1>\n" + state_line(answer) + notes(answer);
  if (answer.hits.empty())
    html +=
        asked.offset == 0 ? "<p>Nothing found. Fewer words find more.</p>\n" : "<p>No more reports.</p>\n";
  html += list(asked, answer.hits, false) + list(asked, answer.hits, true) + pages(asked);
  return html.append(kFoot);
}

std::string copies_page(const Asked& asked, const Answer& answer) {
  std::string html = head("Near-copies – tidings", asked) + back(asked);
  html += "<h1 class=\"part\">" + escape(answer.understood) + "</h1>\n" + state_line(answer);
  return html.append(list(asked, answer.hits, false)).append(kFoot);
}

std::string report_page(const Asked& asked, const DocumentAnswer& document) {
  const Report& report = document.record.report;
  const std::vector<Range> marks = document.marks.value_or(std::vector<Range>());
  const std::string title = report.title.empty() ? file_name(document.path) : report.title;
  std::string html = head(title + " – tidings", asked) + back(asked);
  html += "<article class=\"report\"><h1 dir=\"auto\">" + escape(title) + "</h1>\n";
  html +=
      meta(report.source, report.date, report.type) + "<p class=\"path\">" + escape(document.path) + "</p>\n";
  if (report.status != Status::Indexed)
    html += "<div class=\"note\"><p>" + escape(name(report.status)) +
            (report.reason.empty() ? "" : ": " + escape(report.reason)) + "</p></div>\n";
  html += marks_line(asked, report, marks) + text_of(report, marks) + "</article>\n";
  return html.append(kFoot);
}

std::string error_page(const Asked& asked, const Error& error) {
  std::string html =
      head("tidings", asked) + "<div class=\"note\" role=\"alert\"><p>" + escape(error.what) + "</p>";
  if (!error.hint.empty()) html += "<p>" + escape(error.hint) + "</p>";
  return html.append("</div>\n").append(kFoot);
}

}  // namespace tidings::searcher::web
