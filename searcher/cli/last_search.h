// SPDX-License-Identifier: GPL-2.0-or-later
// last_search.h — the hits of the last search, so that `tidings open N` knows the N-th.
//
// <state>/last-search, where <state> is $XDG_STATE_HOME/tidings (config/places.h): 0600 in a folder 0700, replaced as a whole, so that two searches
// at a time leave one list or the other. Each `tidings search` and `tidings similar` writes it, but not a run of many queries.
//
// FORMAT  "tidings last-search 1\n", the number of the first hit in decimal, "\n", then the paths, bytes as on disk, each ended by a NUL.
//
// Errors: NotFound (there was no search yet), BadRequest (no hit of that number), Unreadable (what lies there is not such a list), Io.
#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "index/error.h"
#include "searcher/match/answer.h"

namespace tidings::searcher {

class LastSearch {
 public:
  static constexpr std::size_t kBytesMax = std::size_t{64} << 20;  ///< of the file; a longer one is not read

  explicit LastSearch(std::filesystem::path state_folder) : folder_(std::move(state_folder)) {}
  /// Where the user's list is; NotFound where there is no home.
  static Result<LastSearch> of_user();

  /// Where it cannot be written, the list of before is removed: no number must open the hit of another search.
  Result<void> keep(const std::vector<Hit>& hits, std::size_t offset) const;
  /// The path of the hit that was shown with this number.
  Result<std::string> path_of(std::size_t number) const;

  std::filesystem::path file() const { return folder_ / "last-search"; }

 private:
  Result<void> write(const std::string& bytes) const;

  std::filesystem::path folder_;
};

}  // namespace tidings::searcher
