// SPDX-License-Identifier: GPL-2.0-or-later
// catalogue.h — where each file's document is, and what was on disk when it was read: the writer's memory of the index.
//
// Made at the start by streaming the value slots of all segments, kept in step with each publication. So a crawl of unchanged files
// asks nothing of the disk but their stat. Keys are held by their XXH3-128 (two keys of one hash are not to be met in
// practice). About 100 bytes of memory a file.
// Each entry has the number of the crawl that last met it: what an older crawl left unmet, below the folder that was crawled, is gone.
// Entries are found by their inode too: a file that has another name now, and is otherwise as it was read, need not be read again. Of several
// names of one inode (hard links) one is found.
#pragma once
#include <cstdint>
#include <unordered_map>

#include "index/record.h"
#include "index/segments/manifest.h"

namespace tidings {

struct KeyHash {
  std::uint64_t high = 0, low = 0;
  auto operator<=>(const KeyHash&) const = default;
};
KeyHash hash_of(std::string_view key_text);

struct Place {
  SegmentId segment = 0;
  std::uint32_t document = 0;  ///< its id in that segment
  auto operator<=>(const Place&) const = default;
};

/// What the index has of one file.
struct Indexed {
  Place place;
  FileState stamp;  ///< without mtime
  Status status = Status::Indexed;
};

class Catalogue {
 public:
  struct Entry {
    Indexed indexed;
    std::uint32_t crawl = 0;
  };

  const Entry* find(const KeyHash& key) const {
    const auto it = entries_.find(key);
    return it == entries_.end() ? nullptr : &it->second;
  }
  /// The entry of a file with this stamp, whatever its name.
  const Entry* find(const FileState& stamp) const {
    const auto it = by_inode_.find(stamp.inode);
    return it != by_inode_.end() && it->second->indexed.stamp.same_stamp(stamp) ? it->second : nullptr;
  }
  void put(const KeyHash& key, const Indexed& indexed, std::uint32_t crawl) {
    const auto [it, fresh] = entries_.try_emplace(key);
    if (!fresh) forget_inode(it->second);
    it->second = {indexed, crawl};
    by_inode_[indexed.stamp.inode] = &it->second;
  }
  void remove(const KeyHash& key) {
    const auto it = entries_.find(key);
    if (it == entries_.end()) return;
    forget_inode(it->second);
    entries_.erase(it);
  }
  void met(const KeyHash& key, std::uint32_t crawl) {
    if (const auto it = entries_.find(key); it != entries_.end()) it->second.crawl = crawl;
  }
  /// The document was renumbered by a merge; nothing where the file has another one by now.
  void moved(const KeyHash& key, const Place& from, const Place& to) {
    const auto it = entries_.find(key);
    if (it != entries_.end() && it->second.indexed.place == from) it->second.indexed.place = to;
  }
  std::size_t size() const { return entries_.size(); }

 private:
  void forget_inode(const Entry& entry) {
    const auto it = by_inode_.find(entry.indexed.stamp.inode);
    if (it != by_inode_.end() && it->second == &entry) by_inode_.erase(it);
  }
  struct Hash {
    std::size_t operator()(const KeyHash& key) const { return key.low; }
  };
  std::unordered_map<KeyHash, Entry, Hash> entries_;  ///< its entries stay where they are
  std::unordered_map<std::uint64_t, const Entry*> by_inode_;
};

}  // namespace tidings
