// SPDX-License-Identifier: GPL-2.0-or-later
// places.h — where things lie that nobody has placed, by the XDG Base Directory Specification 0.8.
//
//   configuration  $XDG_CONFIG_HOME (~/.config)/tidings/tidings.toml       /etc/tidings/tidings.toml
//   index          $XDG_DATA_HOME (~/.local/share)/tidings/index           /var/lib/tidings/index
//   state of serve $XDG_STATE_HOME (~/.local/state)/tidings                /var/lib/tidings/state
//   sockets        RUNTIME/tidings/HASH/control.sock and api.sock
// The right column is used when the configuration is /etc/tidings/tidings.toml itself.
//
// RUNTIME/tidings is $XDG_RUNTIME_DIR/tidings; without that variable (cron, sudo, a system service)
// /run/user/UID/tidings if /run/user/UID is a folder; else the folder "run" beside the index folder, which
// its owner can always write. HASH is short_hash() of the index folder, so that two indexes never share a
// socket. The index records the control socket that its daemon really uses; look there first.
//
// A variable that is empty or no absolute path is ignored, as the specification says. Home is $HOME, else
// passwd's. Errors: ConfigError when a folder of the home is asked for and there is no home, or when a
// socket's path is longer than the kernel takes.
#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace tidings::config {

inline constexpr const char* kSystemFile = "/etc/tidings/tidings.toml";
inline constexpr const char* kSystemData = "/var/lib/tidings";

/// sockaddr_un holds 108 bytes, the last of them NUL.
inline constexpr std::size_t kSocketPathMax = 107;

std::optional<std::filesystem::path> find_home();
std::optional<std::filesystem::path> find_config_home();  ///< none where there is no home
std::filesystem::path data_home();
std::filesystem::path state_home();

/// 16 hex digits: 64-bit FNV-1a of the absolute path, links resolved as far as it exists. The same however
/// the folder is spelt. It keeps namesakes apart, not enemies: the folder above the socket is 0700.
std::string short_hash(const std::filesystem::path& index_folder);

std::filesystem::path runtime_folder(const std::filesystem::path& index_folder);  ///< RUNTIME/tidings/HASH
std::filesystem::path control_socket(const std::filesystem::path& index_folder);
std::filesystem::path api_socket(const std::filesystem::path& index_folder);

/// Absolute, normal, links resolved as far as the path exists, no '/' at its end.
std::filesystem::path canonical_spelling(const std::filesystem::path& path);

/// True if both are the same path or `inner` lies below `outer`; both in one spelling.
bool is_within(const std::filesystem::path& inner, const std::filesystem::path& outer);

}  // namespace tidings::config
