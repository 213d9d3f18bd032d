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
      "<link rel=\"stylesheet\" href=\"/style.css\">\n<title>";
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
  return html + "</select><button type=\"submit\">Search</button></form></header>\n<main>\n";
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

/// "coventry · 2023-02-27 · html · +2 similar", what is not known left out.
std::string meta(const std::string& source, const Date& date, const std::string& type,
                 std::uint64_t similar = 0) {
  std::string html = "<p class=\"meta\">";
  auto add = [&, first = true](const std::string& part) mutable {
    if (!std::exchange(first, false)) html += " · ";
    html += part;
  };
  if (!source.empty()) add("<bdi>" + escape(source) + "</bdi>");
  if (!date.iso.empty()) add(time_of(date.iso) + (date.from == Origin::FileTime ? " (the file’s)" : ""));
  if (!type.empty()) add(escape(type));
  if (similar > 0) add("+" + std::to_string(similar) + " similar");
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
  std::string to = address("/report", asked, asked.offset) + "&path=" + percent_encode(hit.path);
  std::string html = "<li class=\"hit\"><article><h2 dir=\"auto\">";
  html += link(to, escape(hit.title.empty() ? file_name(hit.path) : hit.title)) + "</h2>";
  html += meta(hit.source, hit.date, hit.type, hit.similar);
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

std::string pages(const Asked& asked, const Answer& answer) {
  const bool more = answer.hits.size() == asked.limit && answer.total > asked.offset + asked.limit;
  if (asked.offset == 0 && !more) return {};
  const std::size_t before = asked.offset > asked.limit ? asked.offset - asked.limit : 0;
  std::string html = "<nav class=\"pages\" aria-label=\"Pages\"><span>";
  if (asked.offset > 0) html += link(address("/", asked, before), "← Previous", " rel=\"prev\"");
  html += "</span><span>";
  if (more) html += link(address("/", asked, asked.offset + asked.limit), "Next →", " rel=\"next\"");
  return html + "</span></nav>\n";
}

/// The ranges are sorted and disjoint; what lies beyond `size` is left out.
std::string text_of(const Report& report) {
  std::size_t size = std::min(report.text.size(), kMaxText);
  while (size > 0 && size < report.text.size() && U8_IS_TRAIL(report.text[size])) --size;
  const std::string_view text(report.text.data(), size);
  std::string html = "<div class=\"text\" dir=\"auto\">";
  std::size_t at = 0;
  for (const Range& range : report.boilerplate) {
    const std::size_t begin = std::clamp<std::size_t>(range.begin, at, size),
                      end = std::clamp<std::size_t>(range.end, begin, size);
    escape_into(html, text.substr(at, begin - at));
    html += "<span class=\"boilerplate\">";
    escape_into(html, text.substr(begin, end - begin));
    html += "</span>";
    at = end;
  }
  escape_into(html, text.substr(at));
  html += "</div>\n";
  if (size < report.text.size())
    html += "<div class=\"note\"><p>Only the first " + std::to_string(kMaxText >> 20) +
            " MiB are shown here; the file holds more.</p></div>\n";
  return html;
}

}  // namespace

std::string start_page() {
  return head("tidings", {}) +
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
  html += list(asked, answer.hits, false) + list(asked, answer.hits, true) + pages(asked, answer);
  return html.append(kFoot);
}

std::string report_page(const Asked& asked, const DocumentAnswer& document) {
  const Report& report = document.record.report;
  const std::string title = report.title.empty() ? file_name(document.path) : report.title;
  std::string html = head(title + " – tidings", asked);
  html += "<article class=\"report\"><h1 dir=\"auto\">" + escape(title) + "</h1>\n";
  html +=
      meta(report.source, report.date, report.type) + "<p class=\"path\">" + escape(document.path) + "</p>\n";
  if (report.status != Status::Indexed)
    html += "<div class=\"note\"><p>" + escape(name(report.status)) +
            (report.reason.empty() ? "" : ": " + escape(report.reason)) + "</p></div>\n";
  html += text_of(report) + "</article>\n";
  if (!asked.q.empty())
    html += "<nav class=\"pages\" aria-label=\"Back\">" +
            link(address("/", asked, asked.offset), "← Results for “" + escape(asked.q) + "”") + "</nav>\n";
  return html.append(kFoot);
}

std::string error_page(const Asked& asked, const Error& error) {
  std::string html =
      head("tidings", asked) + "<div class=\"note\" role=\"alert\"><p>" + escape(error.what) + "</p>";
  if (!error.hint.empty()) html += "<p>" + escape(error.hint) + "</p>";
  return html.append("</div>\n").append(kFoot);
}

}  // namespace tidings::searcher::web
