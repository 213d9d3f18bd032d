// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/quarantine.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

namespace tidings {
namespace fs = std::filesystem;
namespace {

std::optional<std::uint64_t> number_of(const fs::path& folder) {
  const std::string name = folder.filename().string();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

std::uint64_t bytes_of_tree(const fs::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error))
    if (std::error_code unknown; entry->is_regular_file(unknown)) bytes += entry->file_size(unknown);
  return bytes;
}

/// Bytes by number: oldest first.
std::map<std::uint64_t, std::uint64_t> folders_of(const fs::path& index) {
  std::map<std::uint64_t, std::uint64_t> folders;
  std::error_code error;
  for (fs::directory_iterator entry(quarantine_path(index), error), end; !error && entry != end;
       entry.increment(error))
    if (const auto number = number_of(entry->path())) folders[*number] = bytes_of_tree(entry->path());
  return folders;
}

}  // namespace

fs::path quarantine_path(const fs::path& index) {
  return index / "quarantine";
}

void put_into_quarantine(const fs::path& index, const std::vector<fs::path>& files) {
  auto folders = folders_of(index);
  const std::uint64_t number = folders.empty() ? 1 : folders.rbegin()->first + 1;
  const fs::path to = quarantine_path(index) / std::to_string(number);
  std::error_code ignored;  // what cannot be kept is removed, here or by the sweep of the next start
  fs::create_directories(to, ignored);
  fs::permissions(quarantine_path(index), fs::perms::owner_all, ignored);
  for (const auto& file : files) {
    std::error_code error;
    fs::rename(file, to / file.filename(), error);
    if (error) fs::remove_all(file, ignored);
  }
  folders[number] = bytes_of_tree(to);
  std::uint64_t bytes = 0;
  for (const auto& [n, size] : folders) bytes += size;
  while (!folders.empty() && (folders.size() > kQuarantineFolders || bytes > kQuarantineBytes)) {
    // One that is too large alone takes no older ones along.
    const auto first =
        folders.rbegin()->second > kQuarantineBytes ? std::prev(folders.end()) : folders.begin();
    fs::remove_all(quarantine_path(index) / std::to_string(first->first), ignored);
    bytes -= first->second;
    folders.erase(first);
  }
}

Quarantine quarantine_of(const fs::path& index) {
  Quarantine there;
  for (const auto& [number, bytes] : folders_of(index)) {
    ++there.folders;
    there.bytes += bytes;
  }
  return there;
}

Result<void> empty_quarantine(const fs::path& index) {
  std::error_code error;
  fs::remove_all(quarantine_path(index), error);
  if (error)
    return failure(Error::Code::Io,
                   quarantine_path(index).string() + ": cannot be removed: " + error.message());
  return {};
}

bool is_quarantine(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(fs::symlink_status(folder, error))) return false;
  return std::all_of(fs::directory_iterator(folder, error), fs::directory_iterator(),
                     [](const auto& entry) { return number_of(entry.path()).has_value(); });
}

}  // namespace tidings
