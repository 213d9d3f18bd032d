// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/extract/html.h"

#include <libxml/HTMLparser.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <exception>
#include <memory>
#include <mutex>

#include "indexer/extract/html_bounds.h"
#include "indexer/extract/linked_data.h"
#include "indexer/extract/text.h"
#include "indexer/extract/text_flow.h"

namespace tidings::indexer {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kFieldBytes = 4096;  ///< of a title or another field of metadata; the rest is dropped
constexpr int kChunkBytes = 64 * 1024;     ///< given to libxml2 at a time

constexpr std::string_view kSkipped =
    " script style template svg iframe object embed canvas audio video datalist noframes map title ";
constexpr std::string_view kParagraphs =
    " p h1 h2 h3 h4 h5 h6 blockquote article section main header footer nav aside form table ul ol dl "
    "pre figure figcaption address hr fieldset details center ";
constexpr std::string_view kLines =
    " div li dt dd tr caption br option legend summary body html thead tbody tfoot menu dir ";
constexpr std::string_view kCells = " td th select button label input img textarea ";

/// Words of class and id by which sites call what is no story.
constexpr std::string_view kFurnitureWords =
    " nav navbar navigation menu breadcrumb breadcrumbs cookie cookies consent gdpr footer sidebar share "
    "sharing sharedaddy social newsletter subscribe subscription signup related recommended recommendations "
    "advert advertisement ads promo sponsor sponsored "
    "respond commentform pagination toolbar popup modal skip tagcloud colophon sharebar sharetools copyright "
    "masthead paywall ";
constexpr std::string_view kFurnitureRoles =
    " navigation banner contentinfo complementary search menu menubar toolbar dialog alertdialog ";

bool furniture_class(std::string_view names) {
  std::string word, before;
  const auto speaks = [&] {
    const bool negated =
        before == "has" || before == "with" || before == "no" || before == "without" || before == "is";
    return !negated && listed(kFurnitureWords, word);
  };
  for (const char c : names.substr(0, 400)) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      word += static_cast<char>(c | 0x20);
      continue;
    }
    if (speaks()) return true;
    before = std::exchange(word, {});
    if (c == ' ') before.clear();
  }
  if (speaks()) return true;
  const std::string low = lowered(names.substr(0, 400));
  return low.find("comment-form") != low.npos || low.find("comment-respond") != low.npos ||
         low.find("cookie-") != low.npos;
}

struct Attributes {
  std::string_view name, property, content, class_, id, role, datetime, itemprop, lang, type, style, rel,
      open;
  bool hidden = false;
};

Attributes read_attributes(const xmlChar** list) {
  Attributes out;
  for (; list != nullptr && list[0] != nullptr; list += 2) {
    const std::string_view key(reinterpret_cast<const char*>(list[0]));
    const std::string_view value(list[1] == nullptr ? "" : reinterpret_cast<const char*>(list[1]));
    if (key == "name")
      out.name = value;
    else if (key == "property")
      out.property = value;
    else if (key == "content")
      out.content = value;
    else if (key == "class")
      out.class_ = value;
    else if (key == "id")
      out.id = value;
    else if (key == "role")
      out.role = value;
    else if (key == "datetime")
      out.datetime = value;
    else if (key == "itemprop")
      out.itemprop = value;
    else if (key == "lang" || key == "xml:lang")
      out.lang = value;
    else if (key == "type")
      out.type = value;
    else if (key == "style")
      out.style = value;
    else if (key == "hidden" || (key == "aria-hidden" && value == "true"))
      out.hidden = true;
  }
  return out;
}

struct Open {
  std::string name;
  std::uint32_t begin = 0;     ///< where its text begins
  std::uint32_t headings = 0;  ///< h1 elements seen before it
  bool skipped = false, furniture = false, by_class = false;
};

struct Candidate {
  Range range;
  bool by_class = false;
};

class HtmlReader {
 public:
  explicit HtmlReader(std::uint64_t text_bytes) : flow_(text_bytes) {}

  void run(std::string_view html) {
    static std::once_flag once;
    std::call_once(once, [] { xmlInitParser(); });
    htmlSAXHandler sax{};
    sax.startElement = [](void* self, const xmlChar* name, const xmlChar** attributes) {
      static_cast<HtmlReader*>(self)->guarded(
          [&](HtmlReader& r) { r.start(reinterpret_cast<const char*>(name), attributes); });
    };
    sax.endElement = [](void* self, const xmlChar* name) {
      static_cast<HtmlReader*>(self)->guarded(
          [&](HtmlReader& r) { r.end(reinterpret_cast<const char*>(name)); });
    };
    sax.characters = [](void* self, const xmlChar* text, int size) {
      static_cast<HtmlReader*>(self)->guarded([&](HtmlReader& r) {
        r.characters({reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)});
      });
    };
    sax.ignorableWhitespace = sax.characters;
    sax.cdataBlock = sax.characters;

    struct Free {
      void operator()(htmlParserCtxt* c) const { htmlFreeParserCtxt(c); }
    };
    const std::unique_ptr<htmlParserCtxt, Free> parser(
        htmlCreatePushParserCtxt(&sax, this, nullptr, 0, nullptr, XML_CHAR_ENCODING_UTF8));
    if (parser == nullptr) throw std::bad_alloc();
    htmlCtxtUseOptions(parser.get(), HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                         HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
    parser->options |= XML_PARSE_HUGE;  // or a text of 10 MB ends the reading
    parser_ = parser.get();
    for (std::size_t at = 0; at < html.size() && !failure_ && !flow_.full();) {
      const std::string_view chunk = utf8_prefix(html.substr(at), kChunkBytes);
      htmlParseChunk(parser.get(), chunk.data(), static_cast<int>(chunk.size()), 0);
      at += chunk.size();
    }
    if (!failure_ && !flow_.full()) htmlParseChunk(parser.get(), nullptr, 0, 1);
    parser_ = nullptr;
    if (failure_) std::rethrow_exception(failure_);
    while (!open_.empty()) close_last();
  }

  HtmlPage take() {
    const auto whole = static_cast<std::uint64_t>(flow_.size());
    for (const Candidate& c : candidates_) {
      const std::uint64_t share = c.range.end - c.range.begin;
      if (share * (c.by_class ? 4 : 2) > whole) continue;
      page_.furniture.push_back(c.range);
    }
    const auto in_furniture = [&](const Range& h) {
      return std::any_of(page_.furniture.begin(), page_.furniture.end(),
                         [&](const Range& f) { return f.begin <= h.begin && h.end <= f.end; });
    };
    for (const Range& h : headings_)
      if (page_.heading.empty() && !in_furniture(h)) page_.heading = h;
    LinkedData data;
    if (!linked_data_.empty()) data = read_linked_data(linked_data_);
    const auto prefer = [](std::initializer_list<std::string_view> list) {
      for (std::string_view s : list)
        if (!trim(s).empty()) return one_line(s);
      return std::string();
    };
    page_.title = one_line(page_.title);
    page_.social_title = prefer({og_title_, data.headline});
    page_.site = prefer({og_site_, data.publisher, application_});
    page_.date = prefer({published_, data.date, itemprop_date_, dublin_core_, meta_date_, time_});
    page_.cut = flow_.full();
    page_.text = flow_.take();
    return std::move(page_);
  }

 private:
  template <class F>
  void guarded(F f) {
    if (failure_) return;
    try {
      f(*this);
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  static void keep(std::string& field, std::string_view value) {
    if (field.empty()) field = utf8_prefix(value, kFieldBytes);
  }

  void start(std::string_view name, const xmlChar** list) {
    const Attributes a = read_attributes(list);
    gap(name);
    if (name == "html" && page_.language.empty()) page_.language = a.lang.substr(0, 40);
    if (name == "meta") meta(a);
    if (name == "time" && !a.datetime.empty() && skipped_ == 0) {
      if (a.itemprop == "datePublished") keep(itemprop_date_, a.datetime);
      keep(time_, a.datetime);
    }
    if (a.itemprop == "datePublished" && !a.content.empty()) keep(itemprop_date_, a.content);
    if (parser_->nameNr > kDepthMax) {  // off the parser's stack: see html.h
      parser_->nameNr--;
      parser_->name = parser_->nameTab[parser_->nameNr - 1];
      return;
    }
    if (const htmlElemDesc* known =
            htmlTagLookup(reinterpret_cast<const xmlChar*>(std::string(name).c_str()));
        known != nullptr && known->empty != 0)
      return;
    Open open;
    open.name = name;
    open.begin = flow_.size();
    open.headings = static_cast<std::uint32_t>(headings_.size());
    open.skipped = listed(kSkipped, name);
    if (name == "nav" || name == "footer" || name == "aside" || name == "noscript" || name == "button" ||
        name == "select" || name == "dialog" || (name == "header" && articles_ == 0))
      open.furniture = true;
    if (listed(kFurnitureRoles, a.role)) open.furniture = true;
    const std::string style = a.style.empty() ? std::string() : lowered(a.style.substr(0, 400));
    if (a.hidden || style.find("display:none") != style.npos || style.find("display: none") != style.npos)
      open.furniture = open.by_class = true;
    if (!open.furniture && name != "html" && name != "body" && name != "article" && name != "main" &&
        name != "h1" && (furniture_class(a.class_) || furniture_class(a.id)))
      open.furniture = open.by_class = true;
    if (name == "script" && a.type.find("ld+json") != a.type.npos) in_linked_data_ = true;
    if (name == "title" && page_.title.empty()) in_title_ = true;
    if (name == "article" || name == "main") ++articles_;
    if (name == "pre") ++pre_;
    if (open.skipped) ++skipped_;
    open_.push_back(std::move(open));
  }

  void end(std::string_view name) {
    gap(name);
    // The parser closes in order; only what was nested past kDepthMax is not on our stack.
    if (!open_.empty() && open_.back().name == name) close_last();
  }

  void close_last() {
    const Open& open = open_.back();
    if (open.name == "script" && in_linked_data_) in_linked_data_ = false;
    if (open.name == "title") in_title_ = false;
    if (open.name == "article" || open.name == "main") --articles_;
    if (open.name == "pre") --pre_;
    if (open.skipped) --skipped_;
    const Range range{open.begin, flow_.size()};
    if (open.name == "h1" && skipped_ == 0 && !range.empty() && headings_.size() < 16) {
      const std::string_view line = trim(slice(flow_.view(), range));
      if (!line.empty()) headings_.push_back(range_of(flow_.view(), line));
    }
    // A site's header may be an h1 too, so only what is surely page furniture is taken with one in it.
    if (open.furniture && !range.empty() &&
        (open.headings == headings_.size() || open.name == "nav" || open.name == "footer"))
      candidates_.push_back({range, open.by_class});
    open_.pop_back();
  }

  void gap(std::string_view name) {
    if (skipped_ > 0) return;
    if (listed(kParagraphs, name))
      flow_.blank_line();
    else if (listed(kLines, name))
      flow_.line_end();
    else if (listed(kCells, name))
      flow_.add(" ");
  }

  void characters(std::string_view text) {
    if (in_title_) {
      if (page_.title.size() + text.size() <= kFieldBytes) page_.title.append(text);
    } else if (in_linked_data_) {
      if (linked_data_.size() + text.size() <= kLinkedDataBytes) linked_data_.append(text);
    } else if (skipped_ == 0) {
      if (pre_ > 0)
        flow_.add_lines(text);
      else
        flow_.add(text);
    }
  }

  void meta(const Attributes& a) {
    const std::string key = lowered(!a.property.empty() ? a.property : a.name);
    if (a.content.empty() || key.empty()) return;
    if (key == "og:title" || key == "twitter:title")
      keep(og_title_, a.content);
    else if (key == "og:site_name")
      keep(og_site_, a.content);
    else if (key == "application-name" || key == "publisher" || key == "dc.publisher")
      keep(application_, a.content);
    else if (key == "article:published_time" || key == "og:article:published_time" || key == "datepublished")
      keep(published_, a.content);
    else if (key == "dc.date" || key == "dcterms.date" || key == "dc.date.issued" ||
             key == "dcterms.issued" || key == "dcterms.created")
      keep(dublin_core_, a.content);
    else if (key == "date" || key == "pubdate" || key == "publish-date" || key == "parsely-pub-date" ||
             key == "sailthru.date")
      keep(meta_date_, a.content);
  }

  TextFlow flow_;
  HtmlPage page_;
  htmlParserCtxt* parser_ = nullptr;
  std::exception_ptr failure_;
  std::vector<Open> open_;  ///< at most kDepthMax
  std::vector<Candidate> candidates_;
  std::vector<Range> headings_;
  std::string og_title_, og_site_, application_, published_, itemprop_date_, dublin_core_, meta_date_, time_,
      linked_data_;
  int skipped_ = 0, articles_ = 0, pre_ = 0;
  bool in_title_ = false, in_linked_data_ = false;
};

}  // namespace

HtmlPage read_html(std::string_view html, std::uint64_t text_bytes) {
  HtmlReader reader(text_bytes);
  reader.run(bounded_attributes(html, kAttributesMax));
  return reader.take();
}

std::string utf8_of(std::uint32_t code_point) {
  std::string out(4, '\0');
  std::int32_t size = 0;
  UBool error = 0;
  U8_APPEND(reinterpret_cast<std::uint8_t*>(out.data()), size, 4, static_cast<UChar32>(code_point), error);
  out.resize(error != 0 ? 0 : static_cast<std::size_t>(size));
  return out;
}

}  // namespace tidings::indexer
