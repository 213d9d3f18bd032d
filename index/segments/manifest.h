// SPDX-License-Identifier: GPL-2.0-or-later
// manifest.h — which segments make up the index: one small file, replaced as a whole.
//
// <index>/manifest names the live segment and the sealed ones. It is written to a file beside it, synced, renamed over, and
// the folder is synced: a reader sees the one before or the one after, also past a power cut. What no manifest
// names is not part of the index, and is swept when a writer opens it.
//
// An index of another format is not read, and stays whole while another is made beside it in the same folder (store.h), whose manifest is
// <index>/manifest.next until it is complete.
//
// FORMAT, lines of text:
//   tidings manifest 4
//   identity UUID            made with the index; cursors name it
//   number N                 grows by one with each manifest; a live commit records the one that it builds on
//   generation N             as of this manifest; the live segment's may be later
//   committed MS             when that generation was published, ms since 1970
//   next N                   segment numbers from here on are free
//   live N                   the live segment: the folder live-N
//   beside N                 only in manifest.next: files of segments from N on are of this index, those below of the one it is made beside
//   sealed N folder|file documents=N dead=N words=N texts=N order=N sketches=N bytes=N sum=HEX     one each, oldest first
//   end HEX                  XXH3-64 of all lines before
// A sealed segment is the single file sealed-N.glass, whose XXH3-64 is `sum`; or still the folder live-N that it was as a
// live one, until it is merged (sum is that of its files, or 0 where it was not taken). dead=K names SEGMENT.dead-K, its tombstones
// (0: none), and words=K the file SEGMENT.words-K, its vocabulary (vocabulary.h); texts=1: SEGMENT.texts holds its texts (texts.h);
// order=1: SEGMENT.order their words in order (word_order.h); sketches=1: SEGMENT.sketches what near-copies are found by (sketches.h).
//
// Errors: NotFound where there is no manifest; IndexVersion for another format; IndexCorrupt; Unreadable; Io.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "index/analyzer.h"
#include "index/error.h"

namespace tidings {

using SegmentId = std::uint32_t;

struct SegmentEntry {
  SegmentId id = 0;
  bool folder = false;          ///< was live, and is not compacted yet
  std::uint64_t documents = 0;  ///< the dead ones included
  std::uint64_t dead = 0;       ///< number of its file of tombstones
  std::uint64_t words = 0;      ///< number of its vocabulary file
  std::uint64_t texts = 0;      ///< 1: it has a file of texts
  std::uint64_t order = 0;      ///< 1: it has a file of words in order
  std::uint64_t sketches = 0;   ///< 1: it has a file of sketches
  std::uint64_t bytes = 0;      ///< on disk, about
  std::uint64_t sum = 0;        ///< of the file, or of the folder's files; 0: not known
  auto operator<=>(const SegmentEntry&) const = default;

  std::filesystem::path path(const std::filesystem::path& index) const;
  std::filesystem::path dead_path(const std::filesystem::path& index) const;
  std::filesystem::path words_path(const std::filesystem::path& index) const;
  std::filesystem::path texts_path(const std::filesystem::path& index) const;
  std::filesystem::path order_path(const std::filesystem::path& index) const;
  std::filesystem::path sketches_path(const std::filesystem::path& index) const;
  /// All of them that there are.
  std::vector<std::filesystem::path> files(const std::filesystem::path& index) const;

 private:
  std::string stem() const;
};

struct Manifest {
  static constexpr int kFormat = 4;
  static constexpr std::size_t kBytesMax = std::size_t{1} << 20;

  std::string identity;
  std::uint64_t number = 0;
  std::uint64_t generation = 0;
  std::int64_t committed_ms = 0;
  SegmentId next = 1;
  SegmentId live = 0;
  SegmentId beside = 0;  ///< made beside another index: the first number of its own; else 0
  std::vector<SegmentEntry> sealed;

  std::filesystem::path live_path(const std::filesystem::path& index) const;

  static Result<Manifest> read(const std::filesystem::path& index);
  /// Of the index that is made beside this one.
  static Result<Manifest> read_next(const std::filesystem::path& index);
  /// What the writer of the index goes by: of one that is made beside another its own, until it has taken over.
  static Result<Manifest> read_for_writer(const std::filesystem::path& index, bool beside);
  /// To manifest.next, where it is made beside another.
  Result<void> write(const std::filesystem::path& index) const;
  std::string text() const;
  static Result<Manifest> parse(std::string_view text);

 private:
  static Result<Manifest> read_file(const std::filesystem::path& index, const std::filesystem::path& file);
};

std::filesystem::path manifest_path(const std::filesystem::path& index);
std::filesystem::path next_manifest_path(const std::filesystem::path& index);
/// The segment that a file of the index folder belongs to, by its name; nothing for other files.
std::optional<SegmentId> segment_of(std::string_view file_name);
/// The index in this folder is of format `theirs`: what is the matter, and what to do.
Error another_format(const std::filesystem::path& index, const std::string& theirs);

/// Writes a file whole: beside it, synced, renamed over it, the folder synced.
Result<void> replace_file(const std::filesystem::path& path, std::string_view bytes);
/// Syncs a file or folder that another library wrote.
Result<void> sync_to_disk(const std::filesystem::path& path);
/// Whether the disk of this folder has so many bytes free for others than root; Io where it has not.
Result<void> room_for(const std::filesystem::path& folder, std::uint64_t bytes);
/// What errno says of a file: NotFound, Unreadable or Io.
tl::unexpected<Error> io_failure(const std::filesystem::path& path, int error);
/// The same of opening or reading one of the index: IndexCorrupt where the disk could not read it (EIO).
tl::unexpected<Error> read_failure(const std::filesystem::path& path, int error);
/// Gives the sink the file from front to end, until it returns false.
Result<void> read_pieces(const std::filesystem::path& path, FunctionRef<bool(std::string_view)> sink);
Result<std::string> read_whole(const std::filesystem::path& path, std::size_t bytes_max);
/// Of the files of a folder; throws filesystem_error.
std::uint64_t bytes_below(const std::filesystem::path& folder);
/// All files of the folder, at once.
Result<void> can_be_opened(const std::filesystem::path& folder);
/// XXH3-64 of a file's bytes; of a folder, of the names and bytes of its files, in order of the names.
Result<std::uint64_t> checksum(const std::filesystem::path& path);

}  // namespace tidings
