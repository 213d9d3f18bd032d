// SPDX-License-Identifier: GPL-2.0-or-later
// quarantine.h — files that were taken out of the index because they are damaged: kept for a while, read by nothing of ours.
//
// <index>/quarantine/N/ has what one repair took out, under its old names; N grows. At most kQuarantineFolders of them are kept, and
// kQuarantineBytes in all: past either the oldest goes first, and what is larger alone is not kept. `tidings purge` empties it, for it has the texts
// of reports. Only the writer of the index calls what changes it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "index/error.h"

namespace tidings {

inline constexpr std::size_t kQuarantineFolders = 16;
inline constexpr std::uint64_t kQuarantineBytes = std::uint64_t{256} << 20;

struct Quarantine {
  std::size_t folders = 0;
  std::uint64_t bytes = 0;
};

std::filesystem::path quarantine_path(const std::filesystem::path& index);
/// Moves files and folders there, as far as they are there; what cannot be moved is removed.
void put_into_quarantine(const std::filesystem::path& index, const std::vector<std::filesystem::path>& files);
/// What is there.
Quarantine quarantine_of(const std::filesystem::path& index);
Result<void> empty_quarantine(const std::filesystem::path& index);
/// The folder has nothing that put_into_quarantine() would not make.
bool is_quarantine(const std::filesystem::path& folder);

}  // namespace tidings
