// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/bulk.h"

#include <cerrno>
#include <cstring>

#include "index/segments/sketches.h"
#include "index/segments/vocabulary.h"
#include "index/snapshot.h"

namespace tidings {
namespace fs = std::filesystem;
namespace {

/// Where a commit failed, Xapian tells only that DB_DANGEROUS cannot cancel it; what failed is in errno still.
Error error_of(const Xapian::Error& e, int error_number, const BulkPlace& place) {
  if (e.get_type() != std::string_view("InvalidOperationError") || error_number == 0)
    return from_xapian(e, place.index);
  return {Error::Code::Io,
          place.index.string() + ": a segment cannot be written to " + place.scratch.string() + ": " +
              std::strerror(error_number),
          {}};
}

/// Metadata that more than one source has is left out, and the source that is there for nothing else has all of it.
class WithoutMetadata : public Xapian::Compactor {
 public:
  std::string resolve_duplicate_metadata(const std::string&, std::size_t, const std::string*) override {
    return {};
  }
};

/// A folder that goes with its owner: an error leaves nothing in the scratch folder, which may be memory.
struct TemporaryFolder {
  fs::path path;
  ~TemporaryFolder() {
    std::error_code ignored;  // the scratch folder is emptied by the next writer at the latest
    fs::remove_all(path, ignored);
  }
};

}  // namespace

Result<SegmentEntry> compact(const BulkPlace& place, const std::vector<fs::path>& sources) {
  SegmentEntry entry{.id = place.id, .words = 1};
  std::vector<Xapian::Database> opened;
  opened.reserve(sources.size());
  for (const auto& source : sources) opened.emplace_back(source.string());
  // One source without term lists makes the result so: this one, without documents. It has each key of the others' metadata too.
  const TemporaryFolder empty{place.scratch / ("empty-" + std::to_string(place.id))};
  Xapian::WritableDatabase none(empty.path.string(), Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_NO_TERMLIST |
                                                         Xapian::DB_DANGEROUS | Xapian::DB_BACKEND_GLASS);
  for (const auto& source : opened)
    for (auto key = source.metadata_keys_begin(); key != source.metadata_keys_end(); ++key)
      none.set_metadata(*key, "left out");
  none.commit();
  none.close();
  Xapian::Database all(empty.path.string());
  for (const auto& source : opened) all.add_database(source);
  const fs::path file = entry.path(place.index);
  fs::remove(file);
  WithoutMetadata compactor;
  all.compact(file.string(), Xapian::DBCOMPACT_SINGLE_FILE, 0, compactor);
  if (auto synced = sync_to_disk(file); !synced) return tl::unexpected(synced.error());
  auto sum = checksum(file);
  if (!sum) return tl::unexpected(sum.error());
  const Xapian::Database made(file.string());
  Analyzer analyzer(place.languages);
  if (auto written = Vocabulary::write(entry.words_path(place.index), made, analyzer); !written)
    return tl::unexpected(written.error());
  if (auto written = Sketches::write(entry.sketches_path(place.index), made); !written)
    return tl::unexpected(written.error());
  entry.sketches = 1;
  entry.documents = made.get_doccount();
  entry.bytes = fs::file_size(file);
  entry.sum = *sum;
  return entry;
}

BulkWriter::BulkWriter(BulkPlace place)
    : place_(std::move(place)),
      folder_(place_.scratch / std::to_string(place_.id)),
      texts_(SegmentEntry{.id = place_.id}.texts_path(place_.index)),
      order_(SegmentEntry{.id = place_.id}.order_path(place_.index)) {}

BulkWriter::~BulkWriter() {
  part_.reset();
  std::error_code ignored;  // the scratch folder is emptied by the next writer at the latest
  fs::remove_all(folder_, ignored);
  if (finished_) return;
  const SegmentEntry half{.id = place_.id, .words = 1, .texts = 1, .order = 1, .sketches = 1};
  for (const auto& file : half.files(place_.index)) fs::remove(file, ignored);
}

void BulkWriter::close_part() {
  if (!part_) return;
  part_->commit();
  part_.reset();
  if (parts_.size() - compacted_ >= kPartsAtOnce) compact_parts();
}

void BulkWriter::compact_parts() {
  const auto first = parts_.begin() + static_cast<std::ptrdiff_t>(compacted_);
  Xapian::Database all;
  for (auto part = first; part != parts_.end(); ++part) all.add_database(Xapian::Database(part->string()));
  const fs::path whole = folder_ / std::to_string(made_++);
  all.compact(whole.string(), Xapian::DBCOMPACT_SINGLE_FILE);
  all.close();
  for (auto part = first; part != parts_.end(); ++part) fs::remove_all(*part);
  parts_.erase(first, parts_.end());
  parts_.push_back(whole);
  compacted_ = parts_.size();
}

Result<void> BulkWriter::add(Xapian::Document document, const WordsInOrder& words) {
  errno = 0;
  try {
    if (part_ && (part_documents_ >= kPartDocuments || part_bytes_ >= kPartBytes)) close_part();
    if (!part_) {
      fs::create_directories(folder_);
      parts_.push_back(folder_ / std::to_string(made_++));
      part_ = std::make_unique<Xapian::WritableDatabase>(
          parts_.back().string(), Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_NO_TERMLIST |
                                      Xapian::DB_DANGEROUS | Xapian::DB_BACKEND_GLASS);
      part_documents_ = part_bytes_ = 0;
    }
    const std::string data = document.get_data();
    const std::size_t text = text_begins(data);
    if (auto added = texts_.add(std::string_view(data).substr(text)); !added) return added;
    const auto id = static_cast<Xapian::docid>(documents_.size() + 1);
    if (auto put = order_.put(id, words.title, words.text); !put) return put;
    document.set_data(data.substr(0, text));
    part_->add_document(document);
    document.set_data(data);  // a handle: the caller's is as it was
    ++part_documents_;
    part_bytes_ += data.size();
    bytes_ += data.size();
    documents_.push_back({hash_of(document.get_value(slot::kPath)), stamp_of(document), status_of(document)});
    return {};
  } catch (const Xapian::Error& e) {
    return tl::unexpected(error_of(e, errno, place_));
  } catch (const fs::filesystem_error& e) {
    return failure(Error::Code::Io, e.what());
  }
}

Result<BulkSegment> BulkWriter::finish() {
  errno = 0;
  try {
    close_part();
    auto entry = compact(place_, parts_);
    if (!entry) return tl::unexpected(entry.error());
    if (entry->documents != documents_.size())
      return failure(Error::Code::Io, entry->path(place_.index).string() + ": " +
                                          std::to_string(entry->documents) + " documents after compacting " +
                                          std::to_string(documents_.size()));
    if (auto written = texts_.finish(); !written) return tl::unexpected(written.error());
    if (auto written = order_.finish(); !written) return tl::unexpected(written.error());
    entry->texts = entry->order = 1;
    finished_ = true;
    return BulkSegment{*entry, std::move(documents_)};
  } catch (const Xapian::Error& e) {
    return tl::unexpected(error_of(e, errno, place_));
  } catch (const fs::filesystem_error& e) {
    return failure(Error::Code::Io, e.what());
  }
}

}  // namespace tidings
