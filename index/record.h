// SPDX-License-Identifier: GPL-2.0-or-later
// record.h — a report as it was read, and the form in which its document keeps it.
//
// The extractor makes a Report; the builder makes a Xapian document of it; a reader gets a Record back from the
// document's data and value slots. Text is UTF-8, valid, with '\n' as the only line end, and keeps the document's own
// spelling. Byte ranges refer to that text.
#pragma once
#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "index/error.h"
#include "index/schema.h"

namespace tidings {

struct Range {
  std::uint32_t begin = 0, end = 0;  ///< bytes, end excluded
  bool empty() const { return begin >= end; }
  auto operator<=>(const Range&) const = default;
};

/// Where the date, title or source came from; told in the answer.
enum class Origin : std::uint8_t {
  None,
  Metadata,
  FrontMatter,
  Headers,
  Leading,
  Dateline,
  Text,
  FileName,
  FileTime,
  Folder
};
std::string_view name(
    Origin
        o);  ///< none, metadata, front_matter, headers, leading, dateline, text, file_name, file_time, folder

/// A date at its known precision: "2023", "2023-02", "2023-02-27" or "2023-02-27T10:00:00Z" (always UTC). Empty if unknown.
struct Date {
  std::string iso;
  Origin from = Origin::None;
};
/// Seconds since 1970 UTC of the beginning of a Date's iso; error when it is none.
Result<std::int64_t> seconds_of(std::string_view iso);
/// The ISO date and time, to the second, UTC. Beyond the years 0000 to 9999 the nearest second of them.
std::string iso_of(std::int64_t seconds);

struct Report {
  std::string title;
  Origin title_from = Origin::None;
  Date date;           ///< never empty after reading: the file's mtime at least (Origin::FileTime)
  std::string source;  ///< who published it: site name, mail sender; or the folder's name
  Origin source_from = Origin::None;
  std::string type = "text";       ///< text, markdown, html, pdf, office, mail, binary
  std::string language;            ///< ISO 639-1 where declared, else empty
  std::string text;                ///< the whole readable text, the headline and the boilerplate included
  std::vector<Range> boilerplate;  ///< ranges of text, sorted and disjoint
  Range headline;                  ///< where the title stands in the text; empty when it was read elsewhere
  Status status = Status::Indexed;
  std::string reason;  ///< why it is not Indexed, in words for the user
};

/// What stat(2) said of the file.
struct FileState {
  std::uint64_t size = 0;  ///< bytes
  std::int64_t ctime_ns = 0, mtime_ns = 0;
  std::uint64_t inode = 0;
  bool same_stamp(const FileState& o) const {
    return size == o.size && ctime_ns == o.ctime_ns && inode == o.inode;
  }
};

/// What stat(2) says of a file.
FileState state_of(const struct stat& file);

/// A document as a reader sees it.
struct Record {
  Key key;
  Report report;
  FileState file;
  std::string hash;  ///< 16 bytes
  Cause cause = Cause::Arrival;
  std::uint64_t generation = 0;
  std::int64_t first_seen_ms = 0, indexed_ms = 0;
};

/// The document data: lines "field value", an empty line, then the text. Fields hold no line ends (they are made
/// spaces). Read back by decode; an unknown field is skipped, a missing or empty one is its default. What stands in value
/// slots (key, size, ctime, inode, status, cause, generation, first seen, hash) is not repeated here.
///   title title_from date date_from source source_from type language reason   as in Report
///   headline B-E, boilerplate B-E B-E …   byte ranges of the text
///   mtime_ns, indexed_ms   decimal
std::string encode_data(const Record& record);
/// Where the text begins in it.
std::size_t text_begins(std::string_view data);
/// Fills those fields alone; IndexCorrupt when the data is not in that form or a range goes past the text.
Result<Record> decode_data(std::string_view data);

}  // namespace tidings
