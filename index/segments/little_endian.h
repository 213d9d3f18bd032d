// SPDX-License-Identifier: GPL-2.0-or-later
// little_endian.h — whole numbers as the files beside a segment hold them: least byte first, in as many bytes as the file's format says.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace tidings {

inline void append_number(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}

/// Of `count` bytes, at most 8, that are there.
inline std::uint64_t number_at(const char* bytes, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i)
    value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return value;
}

}  // namespace tidings
