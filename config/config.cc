// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/config.h"

#include <cstdlib>

#include "config/places.h"
#include "config/read_file.h"

namespace tidings::config {

namespace fs = std::filesystem;

namespace {

/// Anything but a plain "not there" counts as there, so that load() can say what is wrong with it.
bool may_be_there(const fs::path& file) {
  std::error_code ec;
  return fs::status(file, ec).type() != fs::file_type::not_found;
}

}  // namespace

Config load(const fs::path& file) {
  if (file.empty()) throw ConfigError({Problem{{}, 0, 0, "the name of the configuration file is empty", {}}});
  return parse(read_file(file, "copy the commented tidings.toml there, or name another file with --config",
                         "is it a tidings.toml at all?"),
               file);
}

std::optional<fs::path> find_default() {
  if (const char* named = std::getenv("TIDINGS_CONFIG"); named != nullptr && *named != '\0') return named;
  // A daemon of the system may have no home at all; it is then not asked for one.
  if (const auto home = find_config_home(); home && may_be_there(*home / "tidings/tidings.toml")) {
    return *home / "tidings/tidings.toml";
  }
  if (may_be_there(kSystemFile)) return kSystemFile;
  return std::nullopt;
}

Config load_default() {
  const auto file = find_default();
  return file ? load(*file) : Config{};
}

fs::path index_folder(const Config& config) {
  if (!config.index.folder.empty()) return config.index.folder;
  return config.file == kSystemFile ? fs::path(kSystemData) / "index" : data_home() / "tidings/index";
}

fs::path control_socket(const Config& config) {
  return config.daemon.control_socket.empty() ? control_socket(index_folder(config))
                                              : config.daemon.control_socket;
}

fs::path api_socket(const Config& config) {
  return config.serve.socket.empty() ? api_socket(index_folder(config)) : config.serve.socket;
}

fs::path state_folder(const Config& config) {
  if (!config.serve.state_folder.empty()) return config.serve.state_folder;
  return config.file == kSystemFile ? fs::path(kSystemData) / "state" : state_home() / "tidings";
}

}  // namespace tidings::config
