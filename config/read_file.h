// SPDX-License-Identifier: GPL-2.0-or-later
// read_file.h — a file that a user writes, as a whole; and how its text is shown in a message.
//
// Errors: ConfigError, where it cannot be read or has more than kFileBytesMax bytes.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace tidings::config {

/// `missing` is the way out where it is not there, `too_long` where it is longer.
std::string read_file(const std::filesystem::path& file, const std::string& missing,
                      const std::string& too_long);

/// As in TOML, so that a value can neither break a line of the report nor command a terminal.
std::string in_quotes(std::string_view text);
/// A key's name, escaped likewise: a quoted key may hold anything.
std::string ticked(std::string_view name);

}  // namespace tidings::config
