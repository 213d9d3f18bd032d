// SPDX-License-Identifier: GPL-2.0-or-later
// read_file.h — one regular file from disk, with what stat(2) said of it and the hash of what was read.
//
// The file is opened without following a link in its last part, without waiting (a FIFO never blocks us) and,
// where the kernel allows it, without touching its access time. It is stat'ed before and after reading: if
// the two differ, `changed_while_reading` is set, `state` is the later one, and the caller reads again later.
// Reads at most `limits.file_bytes` bytes; past it `cut` is set. Any thread may call it.
//
// Errors: NotFound (no such file, or a part of the path is gone), Unreadable (no permission; not a regular
// file, a link among them), Io (the disk failed, too many open files). Each names the path, and Unreadable
// has a hint.
#pragma once
#include <filesystem>
#include <string>

#include "index/error.h"
#include "index/record.h"
#include "indexer/extract/extract.h"

namespace tidings::indexer {

struct FileContents {
  std::string bytes;
  FileState state;
  std::string hash;  ///< of `bytes` (index/content_hash.h)
  bool cut = false;  ///< the file holds more than limits.file_bytes
  bool changed_while_reading = false;
};

Result<FileContents> read_file(const std::filesystem::path& path, const Limits& limits);

/// What the rest of extract needs to know of the file at `relative` (a path below its corpus).
FileFacts facts_of(std::string_view relative, const FileContents& contents);

}  // namespace tidings::indexer
