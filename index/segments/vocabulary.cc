// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/vocabulary.h"

#include <algorithm>
#include <array>

#include "index/segments/little_endian.h"
#include "index/segments/manifest.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tidings {
namespace {

constexpr std::string_view kVocabularyMagic = "tidw\1";
constexpr std::size_t kVocabularyTrailer = 8;
constexpr std::size_t kFormsMax = 65535;

void append_string(std::string& out, std::string_view text) {
  out.push_back(static_cast<char>(text.size()));
  out.append(text);
}

std::size_t byte_at(const char* bytes) {
  return static_cast<unsigned char>(*bytes);
}

std::size_t shared_length(std::string_view a, std::string_view b) {
  std::size_t n = 0;
  while (n < a.size() && n < b.size() && a[n] == b[n]) ++n;
  return n;
}

}  // namespace

bool is_word_term(std::string_view term) {
  return !term.empty() && !(term.front() >= 'A' && term.front() <= 'Z');
}

bool each_word(const Xapian::Database& database, std::string_view prefix, std::string_view start,
               WordSink sink) {
  const std::string first = std::string(prefix).append(start);
  const auto end = database.allterms_end(first);
  for (auto it = database.allterms_begin(first); it != end;) {
    const std::string term = *it;
    if (prefix.empty() && !is_word_term(term)) {
      it.skip_to("[");  // behind 'Z': prefixed terms begin with a capital letter
      continue;
    }
    if (!sink(std::string_view(term).substr(prefix.size()))) return false;
    ++it;
  }
  return true;
}

std::string joined(const std::vector<std::string>& languages) {
  std::string text;
  for (const auto& code : languages) text += (text.empty() ? "" : " ") + code;
  return text;
}

Result<void> Vocabulary::write(const std::filesystem::path& path, const Xapian::Database& segment,
                               Analyzer& analyzer) {
  std::vector<std::pair<std::string, std::string>> pairs;  // stem, form
  const auto end = segment.allterms_end();
  for (auto it = segment.allterms_begin(); it != end;) {
    std::string term = *it;
    if (!is_word_term(term)) {
      it.skip_to("[");  // behind 'Z': prefixed terms begin with a capital letter
      continue;
    }
    for (const auto& stem : analyzer.stems(term)) pairs.emplace_back(stem, term);
    ++it;
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out(kVocabularyMagic), offsets;
  append_string(out, joined(analyzer.languages()));
  std::size_t records = 0;
  for (auto at = pairs.begin(); at != pairs.end(); ++records) {
    const std::string& stem = at->first;
    const auto last = std::find_if(at, pairs.end(), [&](const auto& pair) { return pair.first != stem; });
    if (records % kStride == 0) append_number(offsets, out.size(), 4);
    append_string(out, stem);
    const std::size_t count = std::min(static_cast<std::size_t>(last - at), kFormsMax);
    append_number(out, count, 2);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string& form = (at + static_cast<std::ptrdiff_t>(i))->second;
      const std::size_t shared = shared_length(stem, form);
      append_number(out, shared, 1);
      append_string(out, std::string_view(form).substr(shared));
    }
    at = last;
  }
  out += offsets;
  append_number(out, records, 4);
  append_number(out, offsets.size() / 4, 4);
  const std::uint64_t sum = XXH3_64bits(out.data(), out.size());
  append_number(out, sum, 8);
  return replace_file(path, out);
}

Result<std::shared_ptr<const Vocabulary>> Vocabulary::open(const std::filesystem::path& path) {
  auto file = MappedFile::open(path, kVocabularyMagic, "vocabulary");
  if (!file) return tl::unexpected(file.error());
  std::shared_ptr<Vocabulary> words(new Vocabulary(std::move(*file)));
  const auto damaged = failure(Error::Code::IndexCorrupt, path.string() + ": not a vocabulary of ours",
                               "`tidings verify --repair` makes it anew");
  const std::size_t size = words->file_.bytes().size(), head = kVocabularyMagic.size() + 1;
  if (size < head + kVocabularyTrailer) return damaged;
  const std::size_t named = byte_at(words->bytes_ + kVocabularyMagic.size());
  words->offsets_ = number_at(words->bytes_ + size - 4, 4);
  if (head + named + words->offsets_ * 4 + kVocabularyTrailer > size) return damaged;
  words->languages_ = {words->bytes_ + head, named};
  words->records_begin_ = head + named;
  words->records_end_ = size - kVocabularyTrailer - words->offsets_ * 4;
  return words;
}

std::string_view Vocabulary::stem_at(std::size_t at) const {
  if (at >= records_end_) return {};
  const std::size_t length = byte_at(bytes_ + at);
  return at + 1 + length > records_end_ ? std::string_view() : std::string_view(bytes_ + at + 1, length);
}

std::optional<Vocabulary::Head> Vocabulary::head_at(std::size_t& at) const {
  const std::string_view stem = stem_at(at);
  at += 1 + stem.size();
  if (at + 2 > records_end_) return std::nullopt;
  const std::size_t forms = number_at(bytes_ + at, 2);
  at += 2;
  return Head{stem, forms};
}

std::optional<Vocabulary::Form> Vocabulary::form_at(std::string_view stem, std::size_t& at) const {
  if (at + 2 > records_end_) return std::nullopt;
  const std::size_t shared = byte_at(bytes_ + at), rest = byte_at(bytes_ + at + 1);
  if (shared > stem.size() || at + 2 + rest > records_end_) return std::nullopt;
  const Form form{stem.substr(0, shared), {bytes_ + at + 2, rest}};
  at += 2 + rest;
  return form;
}

void Vocabulary::forms(std::string_view stem, std::vector<std::string>& forms) const {
  const auto record_of = [&](std::size_t n) { return number_at(bytes_ + records_end_ + 4 * n, 4); };
  std::size_t low = 0, high = offsets_;  // the last block whose first stem is not after ours
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (stem_at(record_of(middle)) <= stem)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == 0) return;
  std::size_t at = record_of(low - 1);
  for (std::size_t n = 0; n < kStride && at < records_end_; ++n) {
    const auto head = head_at(at);
    if (!head || head->stem > stem) return;
    const bool ours = head->stem == stem;
    for (std::size_t i = 0; i < head->forms; ++i) {
      const auto form = form_at(head->stem, at);
      if (!form) return;
      if (ours) forms.push_back(std::string(form->shared).append(form->rest));
    }
    if (ours) return;
  }
}

bool Vocabulary::each(WordSink sink) const {
  std::array<char, 2 * 255> word;  // the length of either part has one byte
  for (std::size_t at = records_begin_; at < records_end_;) {
    const auto head = head_at(at);
    if (!head) return true;
    for (std::size_t i = 0; i < head->forms; ++i) {
      const auto form = form_at(head->stem, at);
      if (!form) return true;
      form->shared.copy(word.data(), form->shared.size());
      form->rest.copy(word.data() + form->shared.size(), form->rest.size());
      if (!sink({word.data(), form->shared.size() + form->rest.size()})) return false;
    }
  }
  return true;
}

std::string LiveForms::key(std::string_view stem) {
  return std::string("form.").append(stem);
}

void LiveForms::forms(const Xapian::Database& live, std::string_view stem, std::vector<std::string>& forms) {
  const std::string words = live.get_metadata(key(stem));
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t space = std::min(words.find(' ', at), words.size());
    forms.push_back(words.substr(at, space - at));
    at = space + 1;
  }
}

void LiveForms::load(const Xapian::Database& live) {
  by_stem_.clear();
  const std::string all = key({});
  const auto end = live.metadata_keys_end(all);
  for (auto it = live.metadata_keys_begin(all); it != end; ++it) {
    const std::string name = *it;
    forms(live, std::string_view(name).substr(all.size()), by_stem_[name.substr(all.size())]);
  }
}

void LiveForms::add(Xapian::WritableDatabase& live, const Xapian::Document& document) {
  const auto end = document.termlist_end();
  for (auto it = document.termlist_begin(); it != end;) {
    const std::string term = *it;
    if (!is_word_term(term)) {
      it.skip_to("[");
      continue;
    }
    ++it;
    for (const auto& stem : analyzer_.stems(term)) {
      auto& known = by_stem_[stem];
      if (std::find(known.begin(), known.end(), term) != known.end()) continue;
      known.push_back(term);
      std::string words;
      for (const auto& form : known) words += (words.empty() ? "" : " ") + form;
      live.set_metadata(key(stem), words);
    }
  }
}

}  // namespace tidings
