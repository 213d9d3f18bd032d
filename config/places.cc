// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/places.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

#include "config/error.h"

namespace tidings::config {

namespace fs = std::filesystem;

namespace {

std::optional<fs::path> absolute_from(const char* variable) {
  const char* value = std::getenv(variable);
  if (value == nullptr || *value != '/') return std::nullopt;
  return fs::path(value);
}

fs::path place(const char* variable, const char* below_home) {
  if (auto set = absolute_from(variable)) return *set;
  if (auto home = find_home()) return *home / below_home;
  throw ConfigError(
      {Problem{"", 0, 0, "there is no home folder: HOME is not an absolute path, and passwd has none",
               "set HOME, or the folders in the configuration"}});
}

fs::path without_last_slash(const fs::path& path) {
  return path.has_filename() || path == path.root_path() ? path : path.parent_path();
}

fs::path socket_in(const fs::path& index_folder, const char* name, const char* key) {
  fs::path socket = runtime_folder(index_folder) / name;
  if (const std::size_t bytes = socket.native().size(); bytes > kSocketPathMax) {
    throw ConfigError(
        {Problem{"", 0, 0,
                 socket.native() + ": a socket's path ends at " + std::to_string(kSocketPathMax) +
                     " bytes, and this has " + std::to_string(bytes),
                 std::string("set a shorter ") + key + ", or XDG_RUNTIME_DIR"}});
  }
  return socket;
}

}  // namespace

std::optional<fs::path> find_home() {
  if (auto home = absolute_from("HOME")) return home;
  std::array<char, 16384> buffer;
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(getuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr ||
      found->pw_dir == nullptr || found->pw_dir[0] != '/') {
    return std::nullopt;
  }
  return fs::path(found->pw_dir);
}

std::optional<fs::path> find_config_home() {
  if (auto set = absolute_from("XDG_CONFIG_HOME")) return set;
  if (auto found = find_home()) return *found / ".config";
  return std::nullopt;
}

fs::path data_home() {
  return place("XDG_DATA_HOME", ".local/share");
}
fs::path state_home() {
  return place("XDG_STATE_HOME", ".local/state");
}

fs::path canonical_spelling(const fs::path& path) {
  // What cannot be looked into (a folder without permission, a loop of links) keeps the spelling it was
  // given.
  std::error_code ec;
  fs::path resolved = fs::weakly_canonical(fs::absolute(path), ec);
  if (ec) resolved = fs::absolute(path).lexically_normal();
  return without_last_slash(resolved);
}

bool is_within(const fs::path& inner, const fs::path& outer) {
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

std::string short_hash(const fs::path& index_folder) {
  const fs::path path = canonical_spelling(index_folder);
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a: offset basis and prime of 64 bits
  for (const char c : path.native()) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  std::string hex(16, '0');
  for (std::size_t i = hex.size(); i-- > 0; hash >>= 4) hex[i] = "0123456789abcdef"[hash & 15];
  return hex;
}

fs::path runtime_folder(const fs::path& index_folder) {
  const std::string hash = short_hash(index_folder);
  if (auto set = absolute_from("XDG_RUNTIME_DIR")) return *set / "tidings" / hash;
  std::error_code ec;
  if (const fs::path run = "/run/user/" + std::to_string(getuid()); fs::is_directory(run, ec)) {
    return run / "tidings" / hash;
  }
  return canonical_spelling(index_folder).parent_path() / "run" / "tidings" / hash;
}

fs::path control_socket(const fs::path& index_folder) {
  return socket_in(index_folder, "control.sock", "control_socket in [daemon]");
}

fs::path api_socket(const fs::path& index_folder) {
  return socket_in(index_folder, "api.sock", "socket in [serve]");
}

}  // namespace tidings::config
