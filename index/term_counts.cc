// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/term_counts.h"

#include <algorithm>

#define XXH_INLINE_ALL  // a call costs as much as the hash of a word
#include <xxhash.h>

namespace tidings {

void TermCounts::add(std::string_view term, std::uint32_t count) {
  const std::uint64_t hash = XXH3_64bits(term.data(), term.size());
  std::size_t slot = hash & (table_.size() - 1);
  for (; table_[slot] != 0; slot = (slot + 1) & (table_.size() - 1)) {
    Entry& entry = entries_[table_[slot] - 1];
    if (entry.hash != hash || std::string_view(text_).substr(entry.begin, entry.size) != term) continue;
    entry.count += count;
    return;
  }
  entries_.push_back({hash, text_.size(), static_cast<std::uint32_t>(term.size()), count});
  text_.append(term);
  table_[slot] = static_cast<std::uint32_t>(entries_.size());
  if (entries_.size() * 2 > table_.size()) grow();
}

void TermCounts::grow() {
  table_.assign(table_.size() * 2, 0);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::size_t slot = entries_[i].hash & (table_.size() - 1);
    while (table_[slot] != 0) slot = (slot + 1) & (table_.size() - 1);
    table_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

void TermCounts::clear() {
  if (entries_.size() > kKeptTerms) {
    *this = TermCounts();
    return;
  }
  // Of a table that one large document made, only what this one took is emptied.
  for (const Entry& entry : entries_) {
    std::size_t slot = entry.hash & (table_.size() - 1);
    while (table_[slot] != 0) {
      table_[slot] = 0;
      slot = (slot + 1) & (table_.size() - 1);
    }
  }
  entries_.clear();
  text_.clear();
}

}  // namespace tidings
