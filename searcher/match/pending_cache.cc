// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/pending_cache.h"

#include "searcher/match/daemon_client.h"

namespace tidings::searcher {

std::optional<std::uint64_t> PendingCache::get(const std::string& control_socket) {
  const auto known = [&](bool however_old) -> std::optional<std::optional<std::uint64_t>> {
    std::lock_guard lock(mutex_);
    if (!however_old && std::chrono::steady_clock::now() - asked_ >= kFresh) return std::nullopt;
    return pending_;
  };
  if (const auto fresh = known(false)) return *fresh;
  std::unique_lock turn(asking_, std::try_to_lock);
  if (!turn.owns_lock()) return *known(true);
  if (const auto fresh = known(false)) return *fresh;  // asked between the two looks

  std::optional<std::uint64_t> pending;
  if (const auto status = DaemonClient(control_socket, index_).status(kPatience))
    if (const auto field = status->find("pending"); field != status->end() && field->is_number_unsigned())
      pending = field->get<std::uint64_t>();
  std::lock_guard lock(mutex_);
  pending_ = pending;
  asked_ = std::chrono::steady_clock::now();
  return pending_;
}

}  // namespace tidings::searcher
