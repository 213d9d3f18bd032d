// SPDX-License-Identifier: GPL-2.0-or-later
// content_hash.h — what a file holds, as 16 bytes: XXH3-128, canonical (big endian). Any thread.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "index/error.h"

namespace tidings {

std::string content_hash(std::string_view bytes);

/// Of the first `bytes_max` bytes of the file. It is read in pieces; links are not followed. Errors: NotFound, Unreadable, Io.
Result<std::string> content_hash_of(const std::filesystem::path& path, std::uint64_t bytes_max);

}  // namespace tidings
