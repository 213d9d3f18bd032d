// SPDX-License-Identifier: GPL-2.0-or-later
// word_forms.h — what the index knows of words (query/forms.h), kept from query to query while a snapshot lasts.
//
// The forms of a stem are looked for in each segment's vocabulary, and what they weigh together takes their posting lists
// (rarity.h): more work than many a query. It depends on the snapshot alone, so it is done once for each word asked for. At most kKeptBytes of
// words are kept, of sets of at most kKeptForms; past that all are forgotten. One thread.
#pragma once
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "index/snapshot.h"
#include "searcher/query/forms.h"

namespace tidings::searcher {

class WordForms {
 public:
  static constexpr std::size_t kKeptBytes = std::size_t{1} << 20;
  static constexpr std::size_t kKeptForms = 64;

  /// As of that snapshot, which must outlive what is returned.
  FormsOf of(const Snapshot& snapshot);

 private:
  std::vector<std::string> words(const Snapshot& snapshot, std::string_view stem);
  double correction(const Snapshot& snapshot, std::span<const std::string> words);
  void make_room(std::size_t bytes);

  std::uint64_t snapshot_ = 0;
  std::size_t bytes_ = 0;
  std::unordered_map<std::string, std::vector<std::string>> words_;
  std::unordered_map<std::string, double> corrections_;  ///< by the words, one after another
};

}  // namespace tidings::searcher
