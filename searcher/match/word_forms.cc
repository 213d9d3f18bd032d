// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/word_forms.h"

#include "searcher/match/rarity.h"

namespace tidings::searcher {

FormsOf WordForms::of(const Snapshot& snapshot) {
  if (snapshot_ != snapshot.number()) {
    words_.clear();
    corrections_.clear();
    bytes_ = 0;
    snapshot_ = snapshot.number();
  }
  return {.words = [this, &snapshot](std::string_view stem) { return words(snapshot, stem); },
          .correction =
              [this, &snapshot](std::span<const std::string> words) { return correction(snapshot, words); }};
}

std::vector<std::string> WordForms::words(const Snapshot& snapshot, std::string_view stem) {
  if (const auto known = words_.find(std::string(stem)); known != words_.end()) return known->second;
  auto found = snapshot.forms(stem);
  if (found.size() > kKeptForms) return found;
  std::size_t bytes = stem.size();
  for (const auto& word : found) bytes += word.size();
  make_room(bytes);
  return words_.emplace(stem, std::move(found)).first->second;
}

double WordForms::correction(const Snapshot& snapshot, std::span<const std::string> words) {
  if (words.size() < 2 || words.size() > kKeptForms) return form_correction(snapshot.database(), words);
  std::string all;
  for (const auto& word : words) all.append(word).push_back('\0');
  if (const auto known = corrections_.find(all); known != corrections_.end()) return known->second;
  make_room(all.size());
  return corrections_.emplace(std::move(all), form_correction(snapshot.database(), words)).first->second;
}

void WordForms::make_room(std::size_t bytes) {
  bytes_ += bytes;
  if (bytes_ <= kKeptBytes) return;
  words_.clear();
  corrections_.clear();
  bytes_ = bytes;
}

}  // namespace tidings::searcher
