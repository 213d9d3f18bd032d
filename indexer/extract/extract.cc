// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/extract/extract.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "indexer/extract/boilerplate.h"
#include "indexer/extract/date.h"
#include "indexer/extract/detect.h"
#include "indexer/extract/encoding.h"
#include "indexer/extract/front_matter.h"
#include "indexer/extract/html.h"
#include "indexer/extract/markdown.h"
#include "indexer/extract/source.h"
#include "indexer/extract/text.h"
#include "indexer/extract/title.h"

namespace tidings::indexer {
namespace {

constexpr std::size_t kDateLines = 8;  ///< lines of a text's head in which its date is looked for

constexpr std::size_t kBrokenLineBytes =
    45;  ///< a line this long without a sentence's end may go on in the next

/// "64 MiB", "12 bytes".
std::string bytes_in_words(std::uint64_t bytes) {
  if (bytes >= (1u << 20) && bytes % (1u << 20) == 0) return std::to_string(bytes >> 20) + " MiB";
  if (bytes >= 10u << 20) return std::to_string(bytes >> 20) + " MiB";
  return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
}

/// What programs put where nobody wrote a title.
bool says_nothing(std::string_view title) {
  static constexpr std::array<std::string_view, 16> kNames = {
      "untitled document", "untitled",   "untitled page", "no title",  "document", "new page",
      "new page 1",        "index",      "home",          "home page", "welcome",  "unbenanntes dokument",
      "sans titre",        "sin título", "senza titolo",  "page title"};
  return std::find(kNames.begin(), kNames.end(), lowered(title)) != kNames.end();
}

/// ISO 639-1 of "de-AT", or empty.
std::string language_code(std::string_view tag) {
  const std::string low = lowered(tag);
  const std::size_t end = std::min(low.find_first_of("-_"), low.size());
  const bool letters = std::all_of(low.begin(), low.begin() + static_cast<std::ptrdiff_t>(end),
                                   [](char c) { return c >= 'a' && c <= 'z'; });
  return end == 2 && letters ? low.substr(0, 2) : std::string();
}

class Reading {
 public:
  Reading(const FileFacts& facts, const Limits& limits) : facts_(facts), limits_(limits) {}

  Report read(std::string_view bytes) {
    FileType type = detect_container(bytes, facts_.name);
    report_.type = name(type);
    if (type == FileType::Text && !bytes.empty()) type = read_text(bytes);
    report_.type = name(type);
    if (bytes.empty()) {
      report_.status = Status::Empty;
      report_.reason = "the file is empty";
    } else if (type == FileType::Pdf || type == FileType::Office || type == FileType::Mail) {
      report_ = Report{};
      report_.type = name(type);
      report_.status = Status::NotYetRead;
      report_.reason = type == FileType::Pdf    ? "PDF files are not read yet"
                       : type == FileType::Mail ? "mail files are not read yet"
                                                : "office files are not read yet";
    } else if (type == FileType::Binary) {
      report_.status = Status::NotText;
      report_.reason = "the file holds no text: it is a picture, a program, an archive or other data";
    } else if (trim(report_.text).empty()) {
      report_.status = Status::Empty;
      report_.reason =
          report_.type == "html" ? "the page has no visible text" : "the file holds white space alone";
      report_.text.clear();
      report_.boilerplate.clear();
      report_.headline = {};
    } else {
      say_losses();
    }
    fall_back();
    return std::move(report_);
  }

 private:
  FileType read_text(std::string_view bytes) {
    std::string declared;
    if (wide_encoding(bytes).empty()) declared = declared_charset(bytes);
    Decoded decoded = decode(bytes, declared, facts_.cut);
    lost_bytes_ = decoded.lost_bytes;
    encoding_ = std::move(decoded.encoding);
    std::string text = clean(std::move(decoded.text));
    const FileType type = detect_text(text, facts_.name);
    if (type == FileType::Html) {
      html(text);
    } else if (type == FileType::Markdown || type == FileType::Text) {
      plain(std::move(text), type == FileType::Markdown);
    }
    return type;
  }

  void html(std::string_view source) {
    HtmlPage page = read_html(source, limits_.text_bytes);
    report_.text = std::move(page.text);
    text_cut_ = page.cut;
    report_.language = language_code(page.language);
    if (!page.site.empty()) {
      report_.source = page.site;
      report_.source_from = Origin::Metadata;
    }
    set_date(date_of_value(page.date), Origin::Metadata);
    boilerplate_ = boilerplate_lines(report_.text);
    boilerplate_.insert(boilerplate_.end(), page.furniture.begin(), page.furniture.end());
    boilerplate_ = merged(report_.text, std::move(boilerplate_));

    const std::string heading = one_line(slice(report_.text, page.heading));
    const std::string social = without_site(page.social_title, page.site, heading);
    const std::string title = without_site(page.title, page.site, heading);
    if (!social.empty()) set_title(social, Origin::Metadata);
    // A title that names the page and the site alike on every page says less than the page's own heading.
    else if (!heading.empty() &&
             (title.empty() || says_nothing(title) || lowered(title) == lowered(page.site)))
      set_title(heading, Origin::Text);
    else
      set_title(title, Origin::Metadata);
    if (!heading.empty() && lowered(heading) == lowered(report_.title)) report_.headline = page.heading;
    head(0);
  }

  void plain(std::string text, bool markdown) {
    std::optional<Fields> fields = read_front_matter(text);
    std::size_t begin = 0;
    if (!fields && !markdown) fields = read_headers(text);
    if (fields) begin = fields->end;
    Range heading;
    if (markdown) {
      // Front matter stays in the text, findable, as boilerplate; what follows is rendered.
      std::string whole =
          fields ? std::string(trim(std::string_view(text).substr(0, begin))) + "\n\n" : std::string();
      MarkdownPage page = read_markdown(std::string_view(text).substr(begin), limits_.text_bytes);
      begin = whole.size();
      whole += page.text;
      text = std::move(whole);
      text_cut_ = page.cut;
      if (!page.heading.empty()) {
        const auto shift = static_cast<std::uint32_t>(begin);
        heading = {page.heading.begin + shift, page.heading.end + shift};
      }
    }
    if (text.size() > limits_.text_bytes) {
      text.resize(utf8_prefix(text, limits_.text_bytes).size());
      text_cut_ = true;
      begin = std::min(begin, text.size());
      heading = {};
    }
    report_.text = std::move(text);
    boilerplate_ = boilerplate_lines(report_.text, begin);
    if (fields) {
      boilerplate_.insert(boilerplate_.end(), fields->noise.begin(), fields->noise.end());
      set_title(fields->title, fields->origin);
      set_date(date_of_value(fields->date), fields->origin);
      report_.source = fields->source;
      if (!report_.source.empty()) report_.source_from = fields->origin;
      report_.language = language_code(fields->language);
      if (!fields->title_range.empty() && fields->title_range.end <= report_.text.size())
        report_.headline = fields->title_range;
    }
    boilerplate_ = merged(report_.text, std::move(boilerplate_));
    if (!heading.empty()) {
      const std::string words = one_line(slice(report_.text, heading));
      set_title(words, Origin::Text);
      if (lowered(words) == lowered(report_.title)) report_.headline = heading;
    }
    head(begin, fields && fields->origin == Origin::Headers);
  }

  /// Title and date from the text's own head, where nothing better is known, and its taglines.
  void head(std::size_t begin, bool posted = false) {
    const std::string_view text = report_.text;
    const Heading found = find_heading(text, begin, boilerplate_, report_.source, limits_.title_chars);
    if (!posted) boilerplate_.insert(boilerplate_.end(), found.taglines.begin(), found.taglines.end());
    if (report_.title.empty()) {
      set_title(found.title, Origin::Text);
      report_.headline = found.range;
    } else if (report_.headline.empty() && !found.range.empty() &&
               lowered(found.title) == lowered(report_.title)) {
      report_.headline = found.range;
    }
    if (!posted) date_of_head(begin, found.range);  // a post's body quotes the dates of others
    report_.boilerplate = merged(text, std::move(boilerplate_));
    // The headline is never boilerplate, whatever a page's mark-up says of the block that it stands in.
    std::erase_if(report_.boilerplate, [&](const Range& r) {
      return !report_.headline.empty() && r.begin < report_.headline.end && report_.headline.begin < r.end;
    });
  }

  void date_of_head(std::size_t begin, Range headline) {
    const std::string_view text = report_.text;
    const std::string_view body = text.substr(begin);
    if (const auto leading = leading_date(body)) set_date(leading->iso, Origin::Leading);
    std::string in_line, in_dateline;
    bool first = true, inside = false;  // inside a paragraph whose lines were broken
    for (const Line& line : head_lines(body, kDateLines)) {
      const std::string_view s = slice(body, line.range);
      if (std::exchange(first, false)) {
        // A first line that is a date and no more stands there for the report.
        if (const auto alone = date_at_start(s); alone && trim(s.substr(alone->end)).empty())
          set_date(alone->iso, Origin::Leading);
      }
      if (in_dateline.empty())
        if (const auto place = dateline(s)) in_dateline = place->iso;
      if (in_line.empty() && range_of(text, s) != headline && (line.blank_before || !inside))
        in_line = date_of_line(s);
      inside = s.size() >= kBrokenLineBytes && !ends_like_sentence(s);
    }
    set_date(in_dateline, Origin::Dateline);
    // A day after the file was written is the day of something announced.
    const auto said = seconds_of(in_line);
    if (said && (facts_.mtime_ns <= 0 || *said <= facts_.mtime_ns / 1'000'000'000 + 24 * 3600))
      set_date(in_line, Origin::Text);
  }

  void fall_back() {
    if (trim(report_.title).empty()) {
      report_.title = one_line(clean(valid_utf8(facts_.name)));
      report_.title_from = Origin::FileName;
      report_.headline = {};
    }
    set_date(date_of_name(facts_.name), Origin::FileName);
    constexpr std::int64_t kSecond = 1'000'000'000;
    const std::int64_t seconds = facts_.mtime_ns / kSecond - (facts_.mtime_ns % kSecond < 0 ? 1 : 0);
    set_date(iso_of(seconds), Origin::FileTime);
    if (report_.source.empty()) {
      report_.source = source_of_folder(facts_);
      report_.source_from = report_.source.empty() ? Origin::None : Origin::Folder;
    }
  }

  void say_losses() {
    const auto lose = [&](const std::string& what) {
      report_.status = Status::Partial;
      report_.reason += (report_.reason.empty() ? "" : "; ") + what;
    };
    if (facts_.cut)
      lose("the first " + bytes_in_words(limits_.file_bytes) + " of " + bytes_in_words(facts_.size) +
           " were read");
    if (text_cut_) lose("the first " + bytes_in_words(limits_.text_bytes) + " of its text were kept");
    if (lost_bytes_ > 0)
      lose(std::to_string(lost_bytes_) + (lost_bytes_ == 1 ? " byte" : " bytes") +
           " could not be decoded as " + encoding_);
  }

  void set_title(std::string_view title, Origin from) {
    if (!report_.title.empty() || trim(title).empty()) return;
    report_.title = shortened(one_line(title), std::size_t{4} * limits_.title_chars);
    report_.title_from = from;
  }
  void set_date(std::string iso, Origin from) {
    if (report_.date.iso.empty() && !iso.empty()) report_.date = {std::move(iso), from};
  }

  const FileFacts& facts_;
  const Limits& limits_;
  Report report_;
  std::vector<Range> boilerplate_;
  std::uint64_t lost_bytes_ = 0;
  std::string encoding_;
  bool text_cut_ = false;
};

}  // namespace

Report extract(std::string_view bytes, const FileFacts& facts, const Limits& limits) {
  return Reading(facts, limits).read(bytes);
}

}  // namespace tidings::indexer
