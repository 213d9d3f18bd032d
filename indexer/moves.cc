// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/moves.h"

#include <utility>

namespace tidings::indexer {

void Moves::count(State state, std::ptrdiff_t by) {
  if (state == State::Claimed) claimed_ += static_cast<std::size_t>(by);
  if (state == State::Made) made_ += static_cast<std::size_t>(by);
}

void Moves::set(const Key& to, State state) {
  const auto claim = claims_.find(to);
  if (claim == claims_.end()) return;
  count(claim->second.state, -1);
  count(claim->second.state = state, 1);
}

bool Moves::claim(const Key& to, const Key& from) {
  if (claims_.size() >= kMost || !claims_.emplace(to, Claim{from}).second) return false;
  count(State::Claimed, 1);
  ++leaving_[from];
  return true;
}

bool Moves::is_made(const Key& to, const Key& from) const {
  const auto claim = claims_.find(to);
  return claim != claims_.end() && claim->second.from == from && claim->second.state != State::Claimed;
}

std::optional<Key> Moves::give_up(const Key& to) {
  const auto claim = claims_.find(to);
  if (claim == claims_.end()) return std::nullopt;
  count(claim->second.state, -1);
  Key from = std::move(claim->second.from);
  claims_.erase(claim);
  if (const auto old = leaving_.find(from); old != leaving_.end() && --old->second == 0) leaving_.erase(old);
  return from;
}

std::vector<Key> Moves::removals() const {
  std::vector<Key> keys;
  for (const auto& [key, claims] : leaving_) keys.push_back(key);
  return keys;
}

std::vector<Ticket> Moves::published() {
  return std::exchange(*this, Moves()).tickets_;
}

}  // namespace tidings::indexer
