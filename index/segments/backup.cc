// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/backup.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>

#include "index/segments/courtesy.h"
#include "index/segments/manifest.h"
#include "index/segments/soundness.h"
#include "index/snapshot.h"

namespace tidings {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kLiveFileBytes = std::size_t{4}
                                       << 30;  ///< more in one file of the live segment is an error

tl::unexpected<Error> failed(const fs::path& path, const std::error_code& error) {
  return failure(error == std::errc::no_such_file_or_directory ? Error::Code::NotFound : Error::Code::Io,
                 path.string() + ": " + error.message());
}

bool is_within(const fs::path& inner, const fs::path& outer) {
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

/// The folder of the copy; all in it goes again unless keep() was called.
class Target {
 public:
  explicit Target(fs::path folder) : folder_(std::move(folder)) {}
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;
  ~Target() {
    if (!ours_) return;
    std::error_code ignored;  // nothing to be done about it here
    if (made_) {
      fs::remove_all(folder_, ignored);
      return;
    }
    std::vector<fs::path> entries(fs::directory_iterator(folder_, ignored), fs::directory_iterator());
    for (const auto& entry : entries) fs::remove_all(entry, ignored);
  }

  Result<void> make() {
    std::error_code error;
    const auto type = fs::symlink_status(folder_, error).type();
    if (type == fs::file_type::not_found) {
      if (!fs::create_directory(folder_, error))
        return failure(Error::Code::Io, folder_.string() + ": cannot be made: " + error.message());
      made_ = true;
    } else if (!fs::is_directory(folder_, error) || !fs::is_empty(folder_, error)) {
      return failure(Error::Code::BadRequest, folder_.string() + ": is no empty folder",
                     "name one that is empty, or not there yet");
    }
    ours_ = true;
    fs::permissions(folder_, fs::perms::owner_all, error);
    if (error)
      return failure(Error::Code::Io, folder_.string() + ": cannot be made private: " + error.message());
    return {};
  }
  void keep() { ours_ = false; }

 private:
  const fs::path folder_;
  bool ours_ = false, made_ = false;
};

class Copy {
 public:
  Copy(const fs::path& index, const fs::path& to) : index_(index), to_(to) {}

  Result<Manifest> take() {
    for (int attempt = 0; attempt < kBackupTries; ++attempt) {
      auto manifest = Manifest::read(index_);
      if (!manifest) return manifest;
      if (manifest->identity != identity_) {  // made anew: its files may have the names of before
        clear();
        identity_ = manifest->identity;
      }
      Result<void> copied = copy_sealed(*manifest);
      Result<bool> live = false;
      if (copied) live = read_live(manifest->live_path(index_));
      if (!copied || !live) {
        const Error& error = copied ? live.error() : copied.error();
        if (error.code == Error::Code::NotFound) continue;
        return tl::unexpected(error);
      }
      if (!*live) continue;
      const auto now = Manifest::read(index_);
      if (!now || now->text() != manifest->text()) continue;
      if (auto finished = finish(*manifest); !finished) return tl::unexpected(finished.error());
      return manifest;
    }
    return failure(Error::Code::Busy, index_.string() + ": the index changed faster than it could be copied",
                   "try again");
  }
  std::uint64_t bytes() const { return bytes_; }

 private:
  Result<void> copy_sealed(const Manifest& manifest) {
    for (const auto& entry : manifest.sealed)
      for (const auto& path : entry.files(index_)) {
        const fs::path name = path.filename();
        if (copied_.contains(name)) continue;
        std::error_code error;
        fs::copy(path, to_ / name, fs::copy_options::recursive | fs::copy_options::overwrite_existing, error);
        if (error)
          return failure(
              error == std::errc::no_such_file_or_directory ? Error::Code::NotFound : Error::Code::Io,
              path.string() + ": cannot be copied to " + to_.string() + ": " + error.message());
        copied_.insert(name);
      }
    return {};
  }

  /// False where a commit came between.
  Result<bool> read_live(const fs::path& live) {
    live_.clear();
    const auto courtesy = Courtesy::of_reader(index_);
    const fs::path revision = live / "iamglass";
    auto before = read_whole(revision, kLiveFileBytes);
    if (!before) return tl::unexpected(before.error());
    std::error_code error;
    for (fs::directory_iterator entry(live, error), end; !error && entry != end; entry.increment(error)) {
      const fs::path path = entry->path();
      if (path == revision || path.extension() != ".glass") continue;
      auto bytes = read_whole(path, kLiveFileBytes);
      if (!bytes) return tl::unexpected(bytes.error());
      live_.emplace(path.filename(), std::move(*bytes));
    }
    if (error) return failed(live, error);
    auto after = read_whole(revision, kLiveFileBytes);
    if (!after) return tl::unexpected(after.error());
    if (*before != *after) return false;
    live_.emplace(revision.filename(), std::move(*before));
    return true;
  }

  /// All but the manifest, on disk.
  Result<void> finish(const Manifest& manifest) {
    std::set<fs::path> named;
    for (const auto& entry : manifest.sealed) {
      const auto damaged = damage_of(entry, to_);
      if (!damaged) return tl::unexpected(damaged.error());
      for (const auto& damage : *damaged)
        return failure(
            Error::Code::IndexCorrupt,
            (index_ / damage.file.filename()).string() + ": damaged, so nothing was copied: " + damage.what,
            "`tidings verify --repair` reads again what it held");
      for (const auto& file : entry.files(to_)) named.insert(file.filename());
    }
    std::error_code error;
    const std::vector<fs::path> there(fs::directory_iterator(to_, error), fs::directory_iterator());
    for (const auto& path : there)
      if (!named.contains(path.filename())) fs::remove_all(path, error);
    if (error) return failed(to_, error);
    const fs::path live = manifest.live_path(to_);
    fs::create_directory(live, error);
    if (error) return failed(live, error);
    for (const auto& [name, bytes] : live_)
      if (auto written = replace_file(live / name, bytes); !written) return written;
    std::vector<fs::path> folders = {to_};
    for (fs::recursive_directory_iterator entry(to_, error), end; !error && entry != end;
         entry.increment(error)) {
      if (entry->is_directory(error)) {
        folders.push_back(entry->path());
        continue;
      }
      bytes_ += entry->file_size(error);
      if (auto synced = sync_to_disk(entry->path()); !synced) return synced;
    }
    if (error) return failed(to_, error);
    for (const auto& folder : folders)
      if (auto synced = sync_to_disk(folder); !synced) return synced;
    return {};
  }

  void clear() {
    std::error_code ignored;  // what is left is written over, or removed at the end
    for (const auto& name : copied_) fs::remove_all(to_ / name, ignored);
    copied_.clear();
  }

  const fs::path& index_;
  const fs::path& to_;
  std::string identity_;
  std::set<fs::path> copied_;             ///< names
  std::map<fs::path, std::string> live_;  ///< by name
  std::uint64_t bytes_ = 0;
};

}  // namespace

Result<BackedUp> back_up(const fs::path& index, const fs::path& folder) {
  const fs::path to = fs::absolute(folder / "").lexically_normal().parent_path();
  std::error_code error;
  if (is_within(fs::weakly_canonical(to, error), fs::weakly_canonical(index, error)))
    return failure(Error::Code::BadRequest, to.string() + ": lies in the index folder itself",
                   "name a folder elsewhere, on another disk at best");
  if (auto there = Manifest::read(index); !there) return tl::unexpected(there.error());
  Target target(to);
  if (auto made = target.make(); !made) return tl::unexpected(made.error());
  try {
    Copy copy(index, to);
    const auto manifest = copy.take();
    if (!manifest) return tl::unexpected(manifest.error());
    if (auto written = manifest->write(to); !written) return tl::unexpected(written.error());
    if (auto synced = sync_to_disk(to.parent_path()); !synced) return tl::unexpected(synced.error());
    const auto facts = Reader(to).facts();
    if (!facts) return tl::unexpected(facts.error());
    target.keep();
    return BackedUp{facts->generation, facts->documents, copy.bytes(), manifest->sealed.size()};
  } catch (const fs::filesystem_error& e) {
    return failure(Error::Code::Io, e.what());
  }
}

}  // namespace tidings
