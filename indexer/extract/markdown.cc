// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/extract/markdown.h"

#include <libxml/HTMLparser.h>
#include <md4c.h>

#include <charconv>
#include <exception>

#include "indexer/extract/html.h"
#include "indexer/extract/text.h"
#include "indexer/extract/text_flow.h"

namespace tidings::indexer {
namespace {

class MarkdownReader {
 public:
  MarkdownReader(std::uint64_t text_bytes, std::size_t source_bytes)
      : flow_(text_bytes), text_bytes_(text_bytes), events_left_(kEventsPerByte * source_bytes + 4096) {}

  /// False if md4c gave up, or we did.
  bool run(std::string_view source) {
    MD_PARSER parser{};
    parser.flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_PERMISSIVEAUTOLINKS;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
      return static_cast<MarkdownReader*>(self)->guarded([&](MarkdownReader& r) { r.enter(type, detail); });
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* self) {
      return static_cast<MarkdownReader*>(self)->guarded([&](MarkdownReader& r) { r.leave(type); });
    };
    parser.enter_span = [](MD_SPANTYPE, void*, void* self) {
      return static_cast<MarkdownReader*>(self)->guarded([](MarkdownReader&) {});
    };
    parser.leave_span = parser.enter_span;
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* self) {
      return static_cast<MarkdownReader*>(self)->guarded([&](MarkdownReader& r) {
        r.text(type, {text, size});
      });
    };
    const int rc = md_parse(source.data(), static_cast<MD_SIZE>(source.size()), &parser, this);
    if (failure_) std::rethrow_exception(failure_);
    return rc == 0;
  }

  MarkdownPage take() { return {flow_.take(), heading_, flow_.full()}; }

 private:
  /// A callback from C: nothing is thrown through md4c.
  template <class F>
  int guarded(F f) {
    if (events_left_ == 0) return 1;
    --events_left_;
    try {
      f(*this);
      return 0;
    } catch (...) {
      failure_ = std::current_exception();
      return 1;
    }
  }

  void enter(MD_BLOCKTYPE type, void* detail) {
    switch (type) {
      case MD_BLOCK_LI:
      case MD_BLOCK_THEAD:
      case MD_BLOCK_TBODY:
      case MD_BLOCK_TR:
        flow_.line_end();
        break;
      case MD_BLOCK_TD:
      case MD_BLOCK_TH:
        flow_.add(" ");
        break;
      case MD_BLOCK_H:
        flow_.blank_line();
        level_ = static_cast<MD_BLOCK_H_DETAIL*>(detail)->level;
        before_ = flow_.size();
        break;
      case MD_BLOCK_HTML:
        flow_.blank_line();
        html_block_ = true;
        html_.clear();
        break;
      case MD_BLOCK_CODE:
        code_ = true;
        flow_.blank_line();
        break;
      default:
        flow_.blank_line();
    }
  }

  void leave(MD_BLOCKTYPE type) {
    if (type == MD_BLOCK_H && heading_.empty() && (level_ == 1 || (level_ == 2 && before_ == 0))) {
      const std::string_view line = trim(flow_.view().substr(before_));
      heading_ = range_of(flow_.view(), line);
    }
    if (type == MD_BLOCK_HTML) {
      html_block_ = false;
      flow_.add_lines(read_html(html_, text_bytes_).text);
    }
    if (type == MD_BLOCK_CODE) code_ = false;
    if (type == MD_BLOCK_LI || type == MD_BLOCK_TR || type == MD_BLOCK_THEAD || type == MD_BLOCK_TBODY)
      flow_.line_end();
    else if (type != MD_BLOCK_TD && type != MD_BLOCK_TH)
      flow_.blank_line();
  }

  void text(MD_TEXTTYPE type, std::string_view s) {
    switch (type) {
      case MD_TEXT_BR:
        flow_.line_end();
        break;
      case MD_TEXT_SOFTBR:
        flow_.add(" ");
        break;
      case MD_TEXT_HTML:
        if (html_block_) html_.append(s);
        break;  // inline tags neither glue nor split words
      case MD_TEXT_ENTITY:
        entity(s);
        break;
      case MD_TEXT_NULLCHAR:
        break;
      default:
        if (code_)
          flow_.add_lines(s);
        else
          flow_.add(s);
    }
  }

  void entity(std::string_view s) {
    std::uint32_t c = 0;
    std::string_view body = s.substr(1, s.size() - 2);
    if (body.starts_with('#')) {
      const bool hex = body.size() > 1 && (body[1] == 'x' || body[1] == 'X');
      body.remove_prefix(hex ? 2 : 1);
      std::from_chars(body.data(), body.data() + body.size(), c, hex ? 16 : 10);
    } else if (const htmlEntityDesc* known =
                   htmlEntityLookup(reinterpret_cast<const xmlChar*>(std::string(body).c_str()))) {
      c = known->value;
    }
    if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return flow_.add(s);
    flow_.add(utf8_of(c));
  }

  TextFlow flow_;
  std::uint64_t text_bytes_;
  std::uint64_t events_left_;
  std::exception_ptr failure_;
  std::string html_;
  Range heading_;
  std::uint32_t before_ = 0;
  unsigned level_ = 0;
  bool html_block_ = false, code_ = false;
};

}  // namespace

MarkdownPage read_markdown(std::string_view source, std::uint64_t text_bytes) {
  MarkdownReader reader(text_bytes, source.size());
  if (reader.run(source)) return reader.take();
  MarkdownPage plain;
  plain.text = utf8_prefix(source, text_bytes);
  plain.cut = plain.text.size() < source.size();
  return plain;
}

}  // namespace tidings::indexer
