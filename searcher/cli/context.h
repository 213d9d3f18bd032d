// SPDX-License-Identifier: GPL-2.0-or-later
// context.h — what every command of `tidings` shares: configuration, index, exit codes, how errors are told.
//
// Exit codes, as grep's: 0 found (or done), 1 nothing found, 2 an error. Data goes to stdout, talk to stderr.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "config/config.h"
#include "config/synonyms.h"
#include "index/error.h"
#include "index/snapshot.h"
#include "searcher/match/daemon_client.h"

namespace tidings::searcher {

inline constexpr int kFound = 0, kNothing = 1, kFailed = 2;

struct Context {
  config::Config config;
  std::filesystem::path index;  ///< absolute

  /// The daemon of this index: where the index says its control socket is, or else where the configuration
  /// puts it.
  DaemonClient daemon() const;
  /// The user's, read from their file now. Throws ConfigError.
  std::shared_ptr<const config::Synonyms> synonyms() const;
};

/// The configuration named, or the default one; an index folder named on the command line goes before it.
/// Throws ConfigError.
Context make_context(const std::string& config_file, const std::string& index_folder);

/// "tidings: what went wrong", and the way out below it; returns kFailed.
int tell(const Error& error);

/// The same; of an index that is just being made, also how far its daemon is.
int tell(const Context& context, Error error);

/// Writes to stdout at once; false when nobody reads any more (a closed pipe).
bool put(const std::string& text);

/// How many changes the daemon has seen that are not searchable yet; none when no daemon answers within 20
/// ms.
std::optional<std::uint64_t> pending_now(const Context& context);

}  // namespace tidings::searcher
