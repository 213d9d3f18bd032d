// SPDX-License-Identifier: GPL-2.0-or-later
// An index made beside one of another format, and put in its place. See store.h.
#include <algorithm>
#include <charconv>
#include <sstream>

#include "index/store.h"

namespace tidings {
namespace fs = std::filesystem;
namespace {

/// The number in a line "FIELD N" of a manifest of any format; 0 where there is none.
std::uint64_t number_in(const std::string& manifest, std::string_view field) {
  std::istringstream lines(manifest);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name;
    std::uint64_t number = 0;
    if (words >> name && name == field && words >> number) return number;
  }
  return 0;
}

/// The generation that the old index was at, as far as it can be told: our formats wrote it into the live segment's metadata.
std::uint64_t generation_of_old(const fs::path& folder) {
  const std::string manifest = read_whole(manifest_path(folder), Manifest::kBytesMax).value_or("");
  std::uint64_t generation = number_in(manifest, "generation");
  for (const fs::path& live :
       {folder / ("live-" + std::to_string(number_in(manifest, "live"))), folder / "live"}) {
    try {
      const std::string text = Xapian::Database(live.string()).get_metadata("tidings.generation");
      std::uint64_t committed = 0;
      std::from_chars(text.data(), text.data() + text.size(), committed);
      generation = std::max(generation, committed);
    } catch (const Xapian::Error&) {  // it is no database, or none that we can read
    }
  }
  return generation;
}

/// Above every number that a file in the folder has.
SegmentId free_number(const fs::path& folder) {
  SegmentId free = 1;
  for (const auto& entry : fs::directory_iterator(folder))
    if (const auto id = segment_of(entry.path().filename().string()); id && *id < ~SegmentId{0})
      free = std::max(free, *id + 1);
  return free;
}

}  // namespace

Result<void> Store::open_beside() {
  beside_ = true;
  const fs::path next = next_manifest_path(folder_);
  std::error_code error;
  if (fs::exists(next, error)) {
    auto loaded = load_mended();
    if (loaded) return {};
    if (!is_damage(loaded.error()) && loaded.error().code != Error::Code::IndexVersion) return loaded;
    // Of yet another format, or damaged past mending: begun again. Its files are told by the number from which they are counted.
    const std::uint64_t from = number_in(read_whole(next, Manifest::kBytesMax).value_or(""), "beside");
    fs::remove(next, error);
    if (error) return failure(Error::Code::Io, next.string() + ": cannot be removed: " + error.message());
    manifest_ = {};
    if (from) sweep([&](std::optional<SegmentId> segment) { return segment && *segment >= from; });
  }
  manifest_ = {};
  manifest_.generation = generation_of_old(folder_) + 1;
  manifest_.committed_ms = now_ms();
  try {
    manifest_.beside = free_number(folder_);
  } catch (const fs::filesystem_error& e) {
    return failure(Error::Code::Io, e.what());
  }
  if (auto made = make(); !made) return made;
  return load();
}

Result<void> Store::take_over() {
  if (!beside_) return {};
  auto done = guarded([&](Xapian::WritableDatabase&) -> Result<void> {
    Manifest whole = manifest_;
    const SegmentId ours = std::exchange(whole.beside, 0);
    if (auto published = publish(std::move(whole)); !published) return published;
    beside_ = false;
    // Not the files of segments that are being made: these the manifest does not name yet.
    sweep([&](std::optional<SegmentId> segment) { return segment && *segment < ours; });
    std::error_code ignored;  // swept at the next start
    fs::remove(next_manifest_path(folder_), ignored);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return *done;
}

}  // namespace tidings
