// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/extract/detect.h"

#include <algorithm>
#include <array>
#include <string>

#include "index/characters.h"
#include "indexer/extract/encoding.h"
#include "indexer/extract/text.h"

namespace tidings::indexer {
namespace {

using namespace std::string_view_literals;

std::string extension(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == name.npos || dot == 0) return {};
  return ascii_lower(name.substr(dot + 1));
}

template <std::size_t N>
bool among(std::string_view s, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), s) != list.end();
}

constexpr std::array kMarkdownNames = {"md"sv, "markdown"sv, "mdown"sv, "mkd"sv};
constexpr std::array kHtmlNames = {"html"sv, "htm"sv, "xhtml"sv, "shtml"sv};
constexpr std::array kMailNames = {"eml"sv, "mbox"sv, "mbx"sv, "msg"sv};
constexpr std::array kOfficeNames = {"docx"sv, "docm"sv, "dotx"sv, "xlsx"sv, "xlsm"sv, "pptx"sv,
                                     "ppsx"sv, "odt"sv,  "ods"sv,  "odp"sv,  "ott"sv,  "epub"sv,
                                     "doc"sv,  "xls"sv,  "ppt"sv,  "dot"sv};

/// Beginnings of files that hold no text of their own.
constexpr std::array kBinaryMagic = {"\x89PNG\r\n"sv,
                                     "\xFF\xD8\xFF"sv,
                                     "GIF87a"sv,
                                     "GIF89a"sv,
                                     "\x1F\x8B"sv,
                                     "BZh"sv,
                                     "\xFD"
                                     "7zXZ\0"sv,
                                     "\x28\xB5\x2F\xFD"sv,
                                     "7z\xBC\xAF"sv,
                                     "Rar!\x1A"sv,
                                     "\x7F"
                                     "ELF"sv,
                                     "MZ\x90\0"sv,
                                     "SQLite format 3\0"sv,
                                     "OggS"sv,
                                     "ID3"sv,
                                     "fLaC"sv,
                                     "\xCA\xFE\xBA\xBE"sv,
                                     "II*\0"sv,
                                     "MM\0*"sv,
                                     "wOFF"sv,
                                     "wOF2"sv,
                                     "\0asm"sv};

/// An office document or a book, by the first member's name or any that its first bytes show; other archives
/// are binary.
FileType zip_type(std::string_view head, std::string_view ext) {
  for (std::string_view member :
       {"word/"sv, "xl/"sv, "ppt/"sv, "[Content_Types].xml"sv, "mimetypeapplication/"sv})
    if (head.find(member) != head.npos) return FileType::Office;
  return among(ext, kOfficeNames) ? FileType::Office : FileType::Binary;
}

/// More than one NUL in a thousand bytes or one control character in fifty, in what is no wide encoding. Up
/// to one in seven is forgiven in what is well-formed UTF-8 otherwise: overstruck or damaged text.
bool holds_binary(std::string_view head) {
  if (!wide_encoding(head).empty()) return false;
  std::size_t nuls = 0, controls = 0;
  for (const char ch : head) {
    const auto c = static_cast<unsigned char>(ch);
    if (c == 0) ++nuls;
    if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1B) || c == 0x7F) ++controls;
  }
  if (nuls * 1000 <= head.size() && controls * 50 <= head.size()) return false;
  return controls * 7 > head.size() || !begins_as_utf8(head);
}

/// Does the text begin with lines of mail's transport, rather than of a post or a note?
bool transported(std::string_view text) {
  const bool mbox = text.starts_with("From ");
  std::size_t at = 0, lines = 0, known = 0;
  std::string_view line;
  bool received = false, news = false;
  while (lines < 60 && next_line(text, at, line) && !trim(line).empty()) {
    const std::string low = lowered(line.substr(0, 80));
    const std::size_t colon = low.find(':');
    const std::string_view field = std::string_view(low).substr(0, colon);
    if (++lines == 1 && mbox) continue;
    if (line.front() == ' ' || line.front() == '\t') continue;
    if (colon == low.npos || field.find(' ') != field.npos) return false;
    if (field == "newsgroups" || field == "xref" || field == "path") news = true;
    if (field == "received" || field == "return-path" || field == "delivered-to" || field == "mime-version")
      received = true;
    if (field == "from" || field == "to" || field == "date" || field == "message-id" || field == "subject")
      ++known;
  }
  return !news && (received || mbox) && known >= 2;
}

bool marked_up(std::string_view text) {
  const std::string head = lowered(trim(text.substr(0, std::min<std::size_t>(text.size(), 1024))));
  for (std::string_view mark : {"<!doctype html"sv, "<html"sv, "<head"sv, "<body"sv, "<title"sv})
    if (head.starts_with(mark)) return true;
  if (head.starts_with("<?xml") || head.starts_with("<!--") || head.starts_with("<!doctype"))
    return head.find("<html") != head.npos || head.find("<!doctype html") != head.npos;
  return false;
}

}  // namespace

std::string_view name(FileType type) {
  static constexpr std::array kNames = {"text"sv,   "markdown"sv, "html"sv,  "pdf"sv,
                                        "office"sv, "mail"sv,     "binary"sv};
  return kNames[static_cast<std::size_t>(type)];
}

FileType detect_container(std::string_view bytes, std::string_view file_name) {
  const std::string_view head = bytes.substr(0, kDetectBytes);
  const std::string ext = extension(file_name);
  // Readers of PDF accept the mark anywhere in the first KiB; we ask that only white space or a BOM stands
  // before it.
  if (const std::size_t at = head.find("%PDF-");
      at < 1024 && head.substr(0, at).find_first_not_of(" \t\r\n\0\xEF\xBB\xBF"sv) == head.npos)
    return FileType::Pdf;
  if (head.starts_with("PK\x03\x04"sv)) return zip_type(head, ext);
  if (head.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv))
    return ext == "msg" ? FileType::Mail : FileType::Office;
  if (head.starts_with("{\\rtf"sv)) return FileType::Office;
  for (std::string_view magic : kBinaryMagic)
    if (head.starts_with(magic)) return FileType::Binary;
  if (head.starts_with("RIFF"sv) && head.size() > 12 && holds_binary(head)) return FileType::Binary;
  if (head.size() > 262 && head.substr(257, 5) == "ustar"sv) return FileType::Binary;
  if (head.size() > 12 && head.substr(4, 4) == "ftyp"sv) return FileType::Binary;
  if (holds_binary(head)) return among(ext, kMailNames) ? FileType::Mail : FileType::Binary;
  return FileType::Text;
}

FileType detect_text(std::string_view utf8, std::string_view file_name) {
  const std::string_view head = utf8_prefix(utf8, kDetectBytes);
  const std::string ext = extension(file_name);
  if (among(ext, kMailNames) || transported(head)) return FileType::Mail;
  if (among(ext, kHtmlNames) || marked_up(head)) return FileType::Html;
  if (among(ext, kMarkdownNames)) return FileType::Markdown;
  return FileType::Text;
}

}  // namespace tidings::indexer
