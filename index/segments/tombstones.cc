// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/tombstones.h"

#include <algorithm>
#include <charconv>

#include "index/segments/little_endian.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tidings {
namespace {

constexpr std::size_t kIdBytes = 4, kSumBytes = 8;
constexpr std::string_view kPrefix = "dead.";

void decode(std::string_view bytes, Dead& ids) {
  for (std::size_t at = 0; at + kIdBytes <= bytes.size(); at += kIdBytes)
    ids.push_back(static_cast<Xapian::docid>(number_at(bytes.data() + at, kIdBytes)));
}

}  // namespace

bool contains(const Dead& dead, Xapian::docid id) {
  return std::binary_search(dead.begin(), dead.end(), id);
}

Dead united(const Dead& a, const Dead& b) {
  Dead both;
  both.reserve(a.size() + b.size());
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both;
}

Result<Dead> read_dead(const std::filesystem::path& path) {
  auto bytes = read_whole(path, std::size_t{1} << 32);
  if (!bytes) return tl::unexpected(bytes.error());
  const auto damaged = failure(Error::Code::IndexCorrupt, path.string() + ": its checksum is wrong",
                               "`tidings verify --repair` mends it; `tidingsd --rebuild` makes the index "
                               "anew from the corpus folders");
  const std::string_view whole = *bytes;
  if (whole.size() < kSumBytes || (whole.size() - kSumBytes) % kIdBytes != 0) return damaged;
  const std::string_view ids = whole.substr(0, whole.size() - kSumBytes);
  if (number_at(whole.data() + ids.size(), kSumBytes) != XXH3_64bits(ids.data(), ids.size())) return damaged;
  Dead dead;
  dead.reserve(ids.size() / kIdBytes);
  decode(ids, dead);
  return dead;
}

Result<void> write_dead(const std::filesystem::path& path, const Dead& dead) {
  std::string bytes;
  bytes.reserve(dead.size() * kIdBytes + kSumBytes);
  for (const Xapian::docid id : dead) append_number(bytes, id, kIdBytes);
  const std::uint64_t sum = XXH3_64bits(bytes.data(), bytes.size());
  append_number(bytes, sum, kSumBytes);
  return replace_file(path, bytes);
}

namespace live_dead {

std::string key(SegmentId segment, std::size_t chunk) {
  return std::string(kPrefix) + std::to_string(segment) + "." + std::to_string(chunk);
}

std::map<SegmentId, Dead> read(const Xapian::Database& live) {
  std::map<SegmentId, Dead> all;
  const auto end = live.metadata_keys_end(std::string(kPrefix));
  for (auto it = live.metadata_keys_begin(std::string(kPrefix)); it != end; ++it) {
    const std::string name = *it;
    SegmentId segment = 0;
    std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), segment);
    decode(live.get_metadata(name), all[segment]);
  }
  for (auto& [segment, dead] : all) {
    std::sort(dead.begin(), dead.end());
    dead.erase(std::unique(dead.begin(), dead.end()), dead.end());
  }
  return all;
}

std::string encode(const std::vector<Xapian::docid>& ids, std::size_t begin, std::size_t end) {
  std::string bytes;
  for (std::size_t i = begin; i < end; ++i) append_number(bytes, ids[i], kIdBytes);
  return bytes;
}

}  // namespace live_dead

}  // namespace tidings
