// SPDX-License-Identifier: GPL-2.0-or-later
// moves.h — reports on their way from one name to another, all to be seen under the new ones in one generation.
//
// A file that lies elsewhere now and is otherwise as it was read (inode, ctime, size: a folder above it was renamed) need not be read
// again: a reader makes its document anew from the stored text, into a segment made in bulk. Until all of them are in segments that are
// handed over, nothing of it is published; then the segments and the removal of the old names are, at once.
//
// claim() notes a file that a crawl met; from then on its old name is leaving(): that nothing is there is no removal of its own. Whatever
// else becomes known of a name undoes its part: a new name whose document went another way is given up, an old name where a file is
// again is back(). Where nothing is claimed, all calls do nothing.
// Memory: two keys a file, at most kMost; past that files are read again. The index thread owns it.
#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "index/schema.h"
#include "indexer/pending.h"

namespace tidings::indexer {

class Moves {
 public:
  static constexpr std::size_t kMost = 100'000;  ///< files at once

  bool empty() const { return claims_.empty() && tickets_.empty(); }
  /// False where there are too many. What was claimed for the new name before is to be given up first.
  bool claim(const Key& to, const Key& from);
  /// The document is in a segment that is being made.
  void made(const Key& to) { set(to, State::Made); }
  /// That segment is handed over.
  void handed_over(const Key& to) { set(to, State::HandedOver); }
  /// Whether this very claim is made, or handed over.
  bool is_made(const Key& to, const Key& from) const;
  /// The document went another way, or none. The old name, if it was claimed, is to be looked at again.
  std::optional<Key> give_up(const Key& to);

  bool leaving(const Key& from) const { return leaving_.contains(from); }
  /// A ticket that is held, to be released at the publication: of a look that found nothing at a name that is leaving.
  void wait(Ticket ticket) { tickets_.push_back(ticket); }
  /// A file is at the old name again.
  void back(const Key& from) { leaving_.erase(from); }

  bool all_made() const { return claimed_ == 0; }
  bool all_handed_over() const { return claimed_ == 0 && made_ == 0; }
  /// The old names, to be removed with the publication of the segments.
  std::vector<Key> removals() const;
  /// Published: begins anew, and gives the tickets to be released.
  std::vector<Ticket> published();

 private:
  enum class State { Claimed, Made, HandedOver };
  struct Claim {
    Key from;
    State state = State::Claimed;
  };
  void set(const Key& to, State state);
  void count(State state, std::ptrdiff_t by);

  std::map<Key, Claim> claims_;         ///< by the new name
  std::map<Key, std::size_t> leaving_;  ///< old names, with the claims on each
  std::vector<Ticket> tickets_;
  std::size_t claimed_ = 0, made_ = 0;  ///< claims in these states
};

}  // namespace tidings::indexer
