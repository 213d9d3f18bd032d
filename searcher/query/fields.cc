// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/fields.h"

#include <algorithm>
#include <array>

#include "config/nearest.h"
#include "index/analyzer.h"
#include "index/characters.h"
#include "index/schema.h"

namespace tidings::searcher {
namespace {

/// Calls f with each word of a space-separated list until it returns true.
template <class F>
bool any_word(std::string_view list, F f) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    if (f(list.substr(0, end))) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}
bool has_word(std::string_view list, std::string_view word) {
  return any_word(list, [&](std::string_view w) { return w == word; });
}

/// A value in the index, and what people call it: names, file name extensions, MIME types.
struct Value {
  std::string_view value;
  std::string_view names;
};
constexpr Value kTypes[] = {
    {"text", "text txt plain log csv text/plain text/csv"},
    {"markdown", "markdown md text/markdown"},
    {"html", "html htm xhtml web text/html application/xhtml+xml"},
    {"pdf", "pdf application/pdf"},
    {"office",
     "office doc docx odt ods odp xlsx pptx rtf epub application/rtf application/msword application/epub+zip "
     "application/vnd.oasis.opendocument.text application/vnd.oasis.opendocument.spreadsheet "
     "application/vnd.oasis.opendocument.presentation "
     "application/vnd.openxmlformats-officedocument.wordprocessingml.document "
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet "
     "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"mail", "mail email eml mbox message/rfc822 application/mbox"},
    {"binary", "binary bin application/octet-stream"},
};
constexpr Value kLanguages[] = {
    {"en", "english"}, {"de", "german deutsch"}, {"fr", "french français"}, {"es", "spanish español"},
    {"it", "italian"}, {"pt", "portuguese"},     {"nl", "dutch"},           {"sv", "swedish"},
    {"da", "danish"},  {"no", "norwegian"},      {"pl", "polish"},          {"ru", "russian"},
    {"zh", "chinese"}, {"ja", "japanese"},       {"ar", "arabic"},          {"tr", "turkish"},
};

template <std::size_t N>
const Value* find_value(const Value (&table)[N], std::string_view typed) {
  for (const Value& row : table)
    if (has_word(row.names, typed)) return &row;
  return nullptr;
}

Result<std::string> canonical_type(std::string_view typed) {
  std::string wanted = ascii_lower(typed);
  if (wanted.starts_with('.')) wanted.erase(0, 1);
  if (const Value* row = find_value(kTypes, wanted)) return std::string(row->value);
  std::string known;
  for (const Value& row : kTypes) known.append(known.empty() ? "" : ", ").append(row.value);
  return failure(Error::Code::BadQuery, "\"" + std::string(typed) + "\" is no type of report",
                 "the types are " + known + "; file name extensions and MIME types are taken too");
}

Result<std::string> canonical_language(std::string_view typed) {
  const std::string wanted = ascii_lower(typed);
  if (const Value* row = find_value(kLanguages, wanted)) return std::string(row->value);
  // Also "en-GB": the index holds the language alone.
  const std::string code = wanted.substr(0, wanted.find_first_of("-_"));
  if (code.size() == 2 && std::all_of(code.begin(), code.end(), [](char c) { return c >= 'a' && c <= 'z'; }))
    return code;
  return failure(Error::Code::BadQuery, "\"" + std::string(typed) + "\" is no language",
                 "use its code of two letters, such as en, de or fr");
}

Result<std::string> canonical_folder(std::string_view typed) {
  while (typed.starts_with('/')) typed.remove_prefix(1);
  while (typed.ends_with('/')) typed.remove_suffix(1);
  return std::string(typed);
}

Result<std::string> canonical_source(std::string_view typed) {
  return fold(typed);
}

/// "Not yet read" and not-yet-read are not_yet_read.
Result<std::string> canonical_status(std::string_view typed) {
  std::string wanted = ascii_lower(typed);
  std::replace_if(
      wanted.begin(), wanted.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
  if (wanted == kDuplicate) return wanted;
  std::string known(kDuplicate);
  for (const std::string_view status : kStatusNames) {
    if (status == wanted) return wanted;
    known.append(", ").append(status);
  }
  return failure(Error::Code::BadQuery, "\"" + std::string(typed) + "\" says nothing of how a file was read",
                 "there are " + known);
}

Result<std::string> canonical_ending(std::string_view typed) {
  while (typed.starts_with('.')) typed.remove_prefix(1);
  return typed.empty() ? std::string() : "." + ascii_lower(typed);
}

std::vector<std::string> corpus_terms(const FieldSpec& field, std::string_view value,
                                      std::span<const std::string>) {
  return {boolean_term(field.prefix, std::string(value) + ":")};
}

/// The folder in any corpus; "corpus:folder" names the corpus.
std::vector<std::string> folder_terms(const FieldSpec& field, std::string_view value,
                                      std::span<const std::string> corpora) {
  std::vector<std::string> terms;
  for (const auto& corpus : corpora) {
    if (value.starts_with(corpus) && value.substr(corpus.size()).starts_with(':'))
      terms.push_back(boolean_term(field.prefix, value));
    terms.push_back(boolean_term(field.prefix, corpus + ":" + std::string(value)));
  }
  return terms;
}

constexpr FieldSpec kFields[] = {
    {.name = "title",
     .aliases = "subject headline",
     .kind = FieldKind::Words,
     .prefix = prefix::kTitle,
     .any_form = true,
     .in_text = true,
     .echo = "in title",
     .help = "words of the headline"},
    {.name = "path",
     .aliases = "filename file",
     .kind = FieldKind::Words,
     .prefix = prefix::kPathWord,
     .in_order = false,
     .echo = "in path",
     .help = "words of the path below the corpus, exactly"},
    {.name = "type",
     .aliases = "mime",
     .kind = FieldKind::Boolean,
     .prefix = prefix::kType,
     .echo = "of type",
     .help = "text, markdown, html, pdf, office, mail or binary; an extension or MIME type",
     .canonical = canonical_type},
    {.name = "ext",
     .aliases = "extension",
     .kind = FieldKind::Ending,
     .echo = "with a name ending in",
     .help = "how the file's name ends: ext:md, ext:tar.gz",
     .canonical = canonical_ending},
    {.name = "is",
     .aliases = "status",
     .kind = FieldKind::Status,
     .prefix = prefix::kStatus,
     .echo = "with status",
     .help = "how far it was read: indexed, partial, empty, not_yet_read, not_text, unreadable or failed; or "
             "duplicate: there are "
             "near-copies of it",
     .canonical = canonical_status},
    {.name = "size",
     .aliases = "",
     .kind = FieldKind::Size,
     .slot = slot::kSize,
     .help = "of the file: size:>10k, size:1M.., size:..200"},
    {.name = "folder",
     .aliases = "dir",
     .kind = FieldKind::Boolean,
     .prefix = prefix::kFolder,
     .echo = "in folder",
     .help = "at any depth below that folder of a corpus: folder:2023/march",
     .canonical = canonical_folder,
     .terms = folder_terms},
    {.name = "corpus",
     .aliases = "",
     .kind = FieldKind::Boolean,
     .prefix = prefix::kFolder,
     .echo = "in corpus",
     .help = "the corpus of that name",
     .terms = corpus_terms},
    {.name = "source",
     .aliases = "publisher author",
     .kind = FieldKind::Boolean,
     .prefix = prefix::kSource,
     .echo = "from source",
     .help = "who published it, the whole name: source:\"labour notes\"",
     .canonical = canonical_source},
    {.name = "lang",
     .aliases = "language",
     .kind = FieldKind::Boolean,
     .prefix = prefix::kLanguage,
     .echo = "in language",
     .help = "its code, such as de, or its English name",
     .canonical = canonical_language},
    {.name = "date",
     .aliases = "",
     .kind = FieldKind::Date,
     .slot = slot::kDate,
     .side = DateSide::Within,
     .help = "date:2023, date:2023-02-27, date:2023-01..2023-03, date:last-week, date:3d"},
    {.name = "before",
     .aliases = "",
     .kind = FieldKind::Date,
     .slot = slot::kDate,
     .side = DateSide::Before,
     .help = "earlier than the beginning of that year, month or day"},
    {.name = "after",
     .aliases = "",
     .kind = FieldKind::Date,
     .slot = slot::kDate,
     .side = DateSide::After,
     .help = "later than the end of that year, month or day"},
    {.name = "since",
     .aliases = "",
     .kind = FieldKind::Date,
     .slot = slot::kDate,
     .side = DateSide::Since,
     .help = "from the beginning of that year, month or day on"},
    {.name = "until",
     .aliases = "",
     .kind = FieldKind::Date,
     .slot = slot::kDate,
     .side = DateSide::Until,
     .help = "up to the end of that year, month or day"},
};

}  // namespace

std::span<const FieldSpec> fields() {
  return kFields;
}

const FieldSpec* find_field(std::string_view name) {
  const std::string wanted = ascii_lower(name);
  for (const FieldSpec& field : kFields)
    if (field.name == wanted || has_word(field.aliases, wanted)) return &field;
  return nullptr;
}

std::string_view nearest_field(std::string_view name) {
  constexpr std::size_t kEdits = 2, kLongest = 16;  // no field name is longer than that with two edits
  if (name.size() > kLongest) return {};
  const std::string wanted = ascii_lower(name);
  std::string_view nearest;
  std::size_t best = std::min(kEdits, wanted.size() / 2) + 1;
  for (const FieldSpec& field : kFields) {
    const auto consider = [&](std::string_view candidate) {
      const std::size_t distance = config::edit_distance(wanted, candidate);
      if (distance < best) best = distance, nearest = candidate;
      return false;
    };
    consider(field.name);
    any_word(field.aliases, consider);
  }
  return nearest;
}

std::vector<std::string> boolean_terms(const FieldSpec& field, std::string_view value,
                                       std::span<const std::string> corpora) {
  if (field.terms) return field.terms(field, value, corpora);
  return {boolean_term(field.prefix, value)};
}

}  // namespace tidings::searcher
