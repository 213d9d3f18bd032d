// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/cli/context.h"

#include <cstdio>

#include "searcher/present/text.h"

namespace tidings::searcher {

DaemonClient Context::daemon() const {
  if (auto facts = read_facts(index); facts && !facts->control_socket.empty())
    return DaemonClient(facts->control_socket, index);
  return DaemonClient(config::control_socket(config).string(), index);
}

std::shared_ptr<const config::Synonyms> Context::synonyms() const {
  return std::make_shared<const config::Synonyms>(config::load_synonyms(config));
}

Context make_context(const std::string& config_file, const std::string& index_folder) {
  Context context;
  context.config = config_file.empty() ? config::load_default() : config::load(config_file);
  if (!index_folder.empty()) context.config.index.folder = std::filesystem::absolute(index_folder);
  context.index = config::index_folder(context.config);
  return context;
}

int tell(const Error& error) {
  // A message may hold the name of a file, and a name may hold anything.
  std::fprintf(stderr, "tidings: %s\n", printable_path(error.what).c_str());
  if (!error.hint.empty()) std::fprintf(stderr, "  %s\n", printable_path(error.hint).c_str());
  return kFailed;
}

int tell(const Context& context, Error error) {
  constexpr std::chrono::milliseconds kWait{1000};
  if (error.code == Error::Code::IndexVersion)
    if (const auto daemon = context.daemon().status(kWait))
      if (const std::string progress = progress_text(*daemon); !progress.empty())
        error.what += ": " + printable_path(progress);
  return tell(error);
}

bool put(const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
}

std::optional<std::uint64_t> pending_now(const Context& context) {
  constexpr std::chrono::milliseconds kWait{20};
  auto status = context.daemon().status(kWait);
  if (!status || !status->contains("pending")) return std::nullopt;
  return (*status)["pending"].get<std::uint64_t>();
}

}  // namespace tidings::searcher
