// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/sketches.h"

#include <algorithm>
#include <bit>

#include "index/schema.h"
#include "index/segments/little_endian.h"
#include "index/sketch.h"

namespace tidings {
namespace {

constexpr std::string_view kSketchesMagic("tids\1\0\0\0", 8);
constexpr std::size_t kSketchesHead = 16, kHashNumber = 4, kSketchEntry = 8;
constexpr std::uint32_t kMostBits = 30;
/// Entries in a bucket, on average between half of it and all: a line of the processor's cache. A table as long as the entries
/// would be a quarter of the file and no faster.
constexpr std::size_t kInBucket = 8;

std::uint32_t upper(std::uint32_t hash, std::uint32_t bits) {
  return bits == 0 ? 0 : hash >> (32 - bits);
}

}  // namespace

std::vector<SketchEntry> sketch_entries(const Xapian::Database& database) {
  std::vector<SketchEntry> entries;
  const auto end = database.valuestream_end(slot::kSketch);
  for (auto value = database.valuestream_begin(slot::kSketch); value != end; ++value)
    for (const std::uint32_t hash : sketch_of(*value)) entries.push_back({hash, value.get_docid()});
  std::sort(entries.begin(), entries.end());
  return entries;
}

Result<void> Sketches::write(const std::filesystem::path& path, const Xapian::Database& segment) {
  const auto entries = sketch_entries(segment);
  const auto bits = static_cast<std::uint32_t>(std::bit_width(entries.size() / kInBucket));
  std::string bytes(kSketchesMagic);
  bytes.reserve(kSketchesHead + ((std::size_t{1} << bits) + 1) * kHashNumber + entries.size() * kSketchEntry);
  append_number(bytes, bits, kHashNumber);
  append_number(bytes, entries.size(), kHashNumber);
  std::size_t next = 0;
  for (std::uint64_t bucket = 0; bucket <= std::uint64_t{1} << bits; ++bucket) {
    while (next < entries.size() && upper(entries[next].hash, bits) < bucket) ++next;
    append_number(bytes, next, kHashNumber);
  }
  for (const auto& [hash, document] : entries) {
    append_number(bytes, hash, kHashNumber);
    append_number(bytes, document, kHashNumber);
  }
  FileWriter file(path);
  if (auto written = file.write(bytes); !written) return written;
  return file.finish();
}

Result<std::shared_ptr<const Sketches>> Sketches::open(const std::filesystem::path& path) {
  auto file = MappedFile::open(path, kSketchesMagic, "file of sketches");
  if (!file) return tl::unexpected(file.error());
  std::shared_ptr<Sketches> sketches(new Sketches(std::move(*file)));
  const std::string_view bytes = sketches->file_.bytes();
  const auto damaged = failure(Error::Code::IndexCorrupt, path.string() + ": not a file of sketches of ours",
                               "`tidings verify --repair` makes it anew from the corpus folders");
  if (bytes.size() < kSketchesHead) return damaged;
  sketches->bits_ = static_cast<std::uint32_t>(number_at(bytes.data() + kSketchesMagic.size(), kHashNumber));
  sketches->count_ =
      static_cast<std::uint32_t>(number_at(bytes.data() + kSketchesMagic.size() + kHashNumber, kHashNumber));
  if (sketches->bits_ > kMostBits) return damaged;
  const std::size_t table = ((std::size_t{1} << sketches->bits_) + 1) * kHashNumber;
  if (bytes.size() != kSketchesHead + table + sketches->count_ * kSketchEntry) return damaged;
  sketches->first_ = bytes.data() + kSketchesHead;
  sketches->entries_ = sketches->first_ + table;
  return sketches;
}

SketchEntry Sketches::entry(std::uint32_t number) const {
  const char* at = entries_ + number * kSketchEntry;
  return {static_cast<std::uint32_t>(number_at(at, kHashNumber)),
          static_cast<Xapian::docid>(number_at(at + kHashNumber, kHashNumber))};
}

void Sketches::each(std::uint32_t hash, FunctionRef<void(Xapian::docid)> sink) const {
  const char* bucket = first_ + upper(hash, bits_) * kHashNumber;
  const auto begin = static_cast<std::uint32_t>(number_at(bucket, kHashNumber)),
             end = static_cast<std::uint32_t>(number_at(bucket + kHashNumber, kHashNumber));
  if (begin > end || end > count_)
    throw Xapian::DatabaseCorruptError("the sketches of a segment are damaged");
  for (std::uint32_t number = begin; number < end; ++number)
    if (const SketchEntry found = entry(number); found.hash == hash) sink(found.document);
}

void Sketches::each(FunctionRef<void(const SketchEntry&)> sink) const {
  for (std::uint32_t number = 0; number < count_; ++number) sink(entry(number));
}

}  // namespace tidings
