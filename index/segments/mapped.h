// SPDX-License-Identifier: GPL-2.0-or-later
// mapped.h — the files beside a segment: written once from front to end, mapped into memory, checked by a sum.
//
// FORMAT: a magic of the file's kind; what is its own affair; 8 bytes: XXH3-64 of all before.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "index/error.h"

namespace tidings {

/// Read by any thread while it lives.
class MappedFile {
 public:
  /// Looks at the magic, not at the sum. `kind` names the file in errors: IndexCorrupt where it is none; NotFound; Unreadable; Io.
  static Result<MappedFile> open(const std::filesystem::path& path, std::string_view magic,
                                 std::string_view kind);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&&) = delete;

  /// Whether the sum is right. The file is read, not mapped: where the disk cannot read it, that is an error (IndexCorrupt) and no
  /// signal.
  static Result<bool> is_sound(const std::filesystem::path& path);

  /// All but the sum.
  std::string_view bytes() const { return bytes_.substr(0, bytes_.size() - kSumBytes); }

 private:
  friend class FileWriter;
  static constexpr std::size_t kSumBytes = 8;
  explicit MappedFile(std::string_view bytes) : bytes_(bytes) {}

  std::string_view bytes_;
};

/// The file is removed again unless finish() was reached.
class FileWriter {
 public:
  explicit FileWriter(std::filesystem::path path);
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  Result<void> write(std::string_view bytes);
  std::uint64_t written() const { return written_; }
  /// Adds the sum of what the file holds by now, and syncs it.
  Result<void> finish();
  const std::filesystem::path& path() const { return path_; }

 private:
  const std::filesystem::path path_;
  int fd_;
  int error_;  ///< of opening it
  bool finished_ = false;
  std::uint64_t written_ = 0;
};

}  // namespace tidings
