// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/word_order.h"

#include <algorithm>
#include <bit>

#include "index/segments/little_endian.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tidings {
namespace {

static_assert(std::endian::native == std::endian::little, "words are mapped as they are in the file");

constexpr std::string_view kOrderMagic("tido\1\0\0\0", 8);
constexpr std::size_t kWord = sizeof(std::uint32_t), kPlace = 16, kOrderTrailer = 8, kBufferWords = 1 << 14;

std::string_view bytes_of(std::span<const std::uint32_t> words) {
  return {reinterpret_cast<const char*>(words.data()), words.size_bytes()};
}

}  // namespace

std::uint32_t word_hash(std::string_view word) {
  return static_cast<std::uint32_t>(XXH3_64bits(word.data(), word.size())) & kWordHash;
}

/// The next place from `at` on and before `end` that has the word; `end` where none has. Blocks of words are compared without a branch in between.
static std::size_t place_of(std::span<const std::uint32_t> all, std::size_t at, std::size_t end,
                            std::uint32_t word) {
  constexpr std::size_t kAtOnce = 16;
  for (; at + kAtOnce <= end; at += kAtOnce) {
    std::uint32_t found = 0;
    for (std::size_t i = 0; i < kAtOnce; ++i) found |= (all[at + i] & kWordHash) == word ? 1U : 0U;
    if (found) break;
  }
  while (at < end && (all[at] & kWordHash) != word) ++at;
  return at;
}

/// Whether they follow each other from a place in [begin, end) on.
static bool in_order_from(std::span<const std::uint32_t> all, std::size_t begin, std::size_t end,
                          std::span<const std::uint32_t> words) {
  const auto place_has = [&](std::size_t at, std::uint32_t word) {
    do
      if ((all[at] & kWordHash) == word) return true;
    while (++at < all.size() && (all[at] & kSamePlace));
    return false;
  };
  const auto next_place = [&](std::size_t at) {
    do ++at;
    while (at < all.size() && (all[at] & kSamePlace));
    return at;
  };
  for (std::size_t at = begin; (at = place_of(all, at, end, words.front())) < end; ++at) {
    std::size_t place = at;
    while (place > 0 && (all[place] & kSamePlace)) --place;
    std::size_t matched = 1;
    while (matched < words.size() && (place = next_place(place)) < all.size() &&
           place_has(place, words[matched]))
      ++matched;
    if (matched == words.size()) return true;
  }
  return false;
}

bool in_order(std::span<const std::uint32_t> all, std::span<const std::uint32_t> words,
              const WordBlocks* blocks) {
  if (!blocks || words.size() > WordBlocks::kMostWords) return in_order_from(all, 0, all.size(), words);
  for (std::size_t begin = 0; begin < all.size(); begin += WordBlocks::kBlock)
    if (blocks->may_begin(begin / WordBlocks::kBlock, words) &&
        in_order_from(all, begin, std::min(begin + WordBlocks::kBlock, all.size()), words))
      return true;
  return false;
}

const WordBlocks* WordOrder::blocks(Xapian::docid id, std::span<const std::uint32_t> text) const {
  const std::lock_guard lock(mutex_);
  const auto known = blocks_.find(id);
  if (known != blocks_.end()) return &known->second;
  if (text.size() > words_left_) return nullptr;
  words_left_ -= text.size();
  return &blocks_.emplace(id, WordBlocks(text)).first->second;
}

Result<std::shared_ptr<const WordOrder>> WordOrder::open(const std::filesystem::path& path) {
  auto file = MappedFile::open(path, kOrderMagic, "file of words in order");
  if (!file) return tl::unexpected(file.error());
  std::shared_ptr<WordOrder> order(new WordOrder(std::move(*file)));
  const std::string_view bytes = order->file_.bytes();
  const auto damaged =
      failure(Error::Code::IndexCorrupt, path.string() + ": not a file of words in order of ours",
              "`tidings verify --repair` makes it anew from the corpus folders");
  if (bytes.size() < kOrderMagic.size() + kOrderTrailer) return damaged;
  order->documents_ = static_cast<std::uint32_t>(number_at(bytes.data() + bytes.size() - kOrderTrailer, 4));
  const std::size_t tables = order->documents_ * kPlace + kOrderTrailer;
  if (bytes.size() < kOrderMagic.size() + tables || (bytes.size() - kOrderMagic.size() - tables) % kWord != 0)
    return damaged;
  order->words_ = {reinterpret_cast<const std::uint32_t*>(bytes.data() + kOrderMagic.size()),
                   (bytes.size() - kOrderMagic.size() - tables) / kWord};
  order->table_ = bytes.data() + bytes.size() - tables;
  return order;
}

WordOrder::Row WordOrder::of(Xapian::docid id) const {
  if (id == 0 || id > documents_)
    throw Xapian::DatabaseCorruptError("document " + std::to_string(id) + " has no words in order");
  const char* place = table_ + (id - 1) * kPlace;
  const std::uint64_t first = number_at(place, 8), title = number_at(place + 8, 4),
                      all = number_at(place + 12, 4);
  if (title > all || first > words_.size() || all > words_.size() - first)
    throw Xapian::DatabaseCorruptError("the words of document " + std::to_string(id) + " are not there");
  return {words_.subspan(first, title), words_.subspan(first + title, all - title)};
}

void WordOrderWriter::append(std::span<const std::uint32_t> words) {
  buffer_.insert(buffer_.end(), words.begin(), words.end());
}

Result<void> WordOrderWriter::flush() {
  if (file_.written() == 0)
    if (auto begun = file_.write(kOrderMagic); !begun) return begun;
  auto written = file_.write(bytes_of(buffer_));
  buffer_.clear();
  return written;
}

Result<void> WordOrderWriter::put(Xapian::docid id, std::span<const std::uint32_t> title,
                                  std::span<const std::uint32_t> text) {
  if (documents_.size() < id) documents_.resize(id);
  documents_[id - 1] = {words_, static_cast<std::uint32_t>(title.size()),
                        static_cast<std::uint32_t>(title.size() + text.size())};
  append(title);
  append(text);
  words_ += title.size() + text.size();
  return buffer_.size() < kBufferWords ? Result<void>() : flush();
}

Result<void> WordOrderWriter::take(const WordOrder& source, const std::vector<Xapian::docid>& renumbered) {
  for (Xapian::docid old = 1; old < renumbered.size(); ++old) {
    if (renumbered[old] == 0) continue;
    const auto row = source.of(old);
    if (auto done = put(renumbered[old], row.title, row.text); !done) return done;
  }
  return {};
}

Result<void> WordOrderWriter::finish() {
  if (auto done = flush(); !done) return done;
  std::string tables;
  tables.reserve(documents_.size() * kPlace + kOrderTrailer);
  for (const auto& place : documents_) {
    append_number(tables, place.first, 8);
    append_number(tables, place.title, 4);
    append_number(tables, place.all, 4);
  }
  append_number(tables, documents_.size(), 4);
  append_number(tables, 0, 4);
  if (auto done = file_.write(tables); !done) return done;
  return file_.finish();
}

}  // namespace tidings
