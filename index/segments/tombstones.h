// SPDX-License-Identifier: GPL-2.0-or-later
// tombstones.h — documents of sealed segments that are no more: replaced, removed or moved.
//
// A sealed segment never changes; its dead are listed beside it, in a file that the manifest names, and those since
// in the live segment's metadata, which is committed in one atom with what replaces them. A reader leaves out both.
//
//   SEGMENT.dead-K     document ids, 4 bytes each, little endian, ascending; then their XXH3-64
//   metadata "dead.SEGMENT.CHUNK"  up to kChunk ids of the same form, in order of death
#pragma once
#include <xapian.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "index/error.h"
#include "index/segments/manifest.h"

namespace tidings {

/// The dead of one segment: ascending, each once.
using Dead = std::vector<Xapian::docid>;

bool contains(const Dead& dead, Xapian::docid id);
Dead united(const Dead& a, const Dead& b);

Result<Dead> read_dead(const std::filesystem::path& path);
Result<void> write_dead(const std::filesystem::path& path, const Dead& dead);

/// Tombstones in the live segment's metadata.
namespace live_dead {
inline constexpr std::size_t kChunk = 256;  ///< ids; so that one more rewrites at most a kilobyte
std::string key(SegmentId segment, std::size_t chunk);
/// All there are, by segment; ascending. Throws what Xapian throws.
std::map<SegmentId, Dead> read(const Xapian::Database& live);
std::string encode(const std::vector<Xapian::docid>& ids, std::size_t begin, std::size_t end);
}  // namespace live_dead

}  // namespace tidings
