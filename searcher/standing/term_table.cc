// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/standing/term_table.h"

#define XXH_INLINE_ALL  // a call costs as much as the hash of a word
#include <xxhash.h>

namespace tidings::searcher {

std::size_t TermTable::slot_of(std::string_view term, std::uint64_t hash) const {
  std::size_t slot = hash & (slots_.size() - 1);
  for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
    const TermId id = slots_[slot] - 1;
    if (entries_[id].hash == hash && text(id) == term) break;
  }
  return slot;
}

TermId TermTable::find(std::string_view term) const {
  return slots_[slot_of(term, XXH3_64bits(term.data(), term.size()))] - 1;  // an empty slot is kNone
}

TermId TermTable::add(std::string_view term) {
  const std::uint64_t hash = XXH3_64bits(term.data(), term.size());
  const std::size_t slot = slot_of(term, hash);
  if (slots_[slot] != 0) return slots_[slot] - 1;
  entries_.push_back(
      {hash, static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(term.size())});
  text_.append(term);
  slots_[slot] = static_cast<std::uint32_t>(entries_.size());
  if (entries_.size() * 2 > slots_.size()) grow();
  return static_cast<TermId>(entries_.size() - 1);
}

void TermTable::grow() {
  slots_.assign(slots_.size() * 2, 0);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::size_t slot = entries_[i].hash & (slots_.size() - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

std::string stem_term(std::string_view prefix, std::string_view stem) {
  return std::string("Z").append(prefix).append(stem);
}

std::string start_term(std::string_view prefix, std::string_view start) {
  return std::string("Y").append(prefix).append(start.substr(0, kStartBytes));
}

}  // namespace tidings::searcher
