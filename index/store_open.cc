// SPDX-License-Identifier: GPL-2.0-or-later
// Opening an index for writing: the lock, the first manifest, what a killed writer left. See store.h.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "index/schema.h"
#include "index/segments/courtesy.h"
#include "index/store.h"

namespace tidings {
namespace fs = std::filesystem;
namespace {

bool take_number(std::string_view& text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(digits);
  return digits > 0;
}
bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

/// A Xapian database with documents that none of our writers made. A torn one may be ours.
bool is_another_programs(const fs::path& folder) {
  try {
    const Xapian::Database database(folder.string());
    return database.get_doccount() > 0 && database.get_metadata("tidings.schema").empty();
  } catch (const Xapian::Error&) {
    return false;
  }
}

bool is_our_database(const fs::path& folder) {
  return is_xapian_folder(folder) && !is_another_programs(folder);
}

/// Whether an entry of the index folder is one that a writer makes: by its whole name and its kind, for what is ours is removed.
bool is_ours(const fs::directory_entry& entry) {
  std::error_code error;
  const fs::file_type type = entry.symlink_status(error).type();
  const std::string name = entry.path().filename().string();
  if (name == "scratch") return type == fs::file_type::directory;
  if (name == "quarantine") return is_quarantine(entry.path());
  if (name == "lock" || name == "readers" || name == "running" || name == "manifest" ||
      name == "manifest.new" || name == "manifest.next" || name == "manifest.next.new")
    return type == fs::file_type::regular;
  std::string_view rest = name;
  const bool live = take(rest, "live-");
  if (!(live || take(rest, "sealed-")) || !take_number(rest)) return false;
  if (live && rest.empty()) return is_our_database(entry.path());
  const bool whole = (!live && (rest == ".glass" || rest == ".texts" || rest == ".order")) ||
                     rest == ".sketches" ||
                     ((take(rest, ".words-") || take(rest, ".dead-")) && take_number(rest) &&
                      (rest.empty() || rest == ".new"));
  return whole && type == fs::file_type::regular;
}

tl::unexpected<Error> io(const fs::path& path, const std::string& what) {
  return failure(Error::Code::Io, path.string() + ": " + what, "name another folder under [index] folder");
}

/// The manifest goes first: without it the rest is no index, whatever may end us meanwhile.
Result<void> remove_index(const fs::path& folder) {
  std::vector<fs::path> ours = {manifest_path(folder), folder / "scratch"};
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().filename() != "lock" && entry.path() != quarantine_path(folder) && is_ours(entry))
      ours.push_back(entry.path());
  for (const auto& path : ours) {
    fs::remove_all(path, error);
    if (error) return io(path, "cannot be removed: " + error.message());
  }
  return {};
}

}  // namespace

Result<IndexLock> IndexLock::take(const fs::path& index) {
  const fs::path path = index / "lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return io(path, std::strerror(errno));
  IndexLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return io(path, std::strerror(errno));
  return failure(Error::Code::IndexLocked, index.string() + ": another process is writing this index",
                 "only one tidingsd may run for an index folder: `tidings status` names it");
}

IndexLock::~IndexLock() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::unique_ptr<Store>> Store::open(const fs::path& folder, Options options) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return io(folder, error.message());
  // Looked at before anything is changed: a folder named by mistake stays as it is, also with a rebuild.
  const bool exists = fs::exists(manifest_path(folder), error);
  if (error) return io(manifest_path(folder), error.message());
  const bool first_format = !exists && is_first_format(folder);
  bool foreign = false;
  // Not where there is a manifest: what it names may be damaged, and Xapian does not survive to open everything.
  for (const auto& entry : exists ? fs::directory_iterator() : fs::directory_iterator(folder, error)) {
    // Without a manifest there is nothing in the scratch folder yet.
    const bool ours = is_ours(entry) && (entry.path().filename() != "scratch" || fs::is_empty(entry, error));
    foreign = foreign || !(ours || (first_format && entry.path().filename() == "live"));
  }
  if (error) return io(folder, error.message());
  if (foreign)
    return failure(Error::Code::BadRequest, folder.string() + ": holds files that are no index of tidings",
                   "name an empty or a new folder under [index] folder");
  fs::permissions(folder, fs::perms::owner_all, error);
  if (error) return io(folder, "cannot be made private: " + error.message());
  auto lock = IndexLock::take(folder);
  if (!lock) return tl::unexpected(lock.error());
  auto scratch = Scratch::make(folder);
  if (!scratch) return tl::unexpected(scratch.error());

  auto store =
      std::unique_ptr<Store>(new Store(folder, std::move(options), std::move(*lock), std::move(*scratch)));
  const auto manifest = Manifest::read(folder);
  const bool other_format = first_format || (!manifest && manifest.error().code == Error::Code::IndexVersion);
  Result<void> ready;
  if (other_format)
    ready = store->open_beside();
  else if (exists)
    ready = store->load_mended();
  const bool lost =
      !ready && ready.error().code == Error::Code::IndexCorrupt && store->options_.mend == Mend::All;
  const bool anew = !other_format && (!exists || (!ready && (store->options_.rebuild || lost)));
  if (anew) {
    if (lost) {
      store->mended_.manifest = true;
      store->mended_.what.push_back(ready.error().what);
      put_into_quarantine(folder, {manifest_path(folder)});
    }
    ready = remove_index(folder);
    if (ready) ready = store->make();
    if (ready) ready = store->load();
  }
  if (ready) {
    // What a killed writer left; but what lies below the index that this one is made beside is that one's.
    const Store& opened = *store;
    store->sweep([&](std::optional<SegmentId> segment) {
      return !segment || !opened.beside_ || *segment >= opened.manifest_.beside;
    });
    ready = store->record_options();
  }
  if (!ready) return tl::unexpected(ready.error());
  store->quarantine_ = quarantine_of(folder);
  return store;
}

/// An index without documents; what manifest_ says of its numbers and its generation is kept.
Result<void> Store::make() {
  try {
    manifest_.number = 1;
    manifest_.live = std::max<SegmentId>(manifest_.beside, 1);
    manifest_.next = manifest_.live + 1;
    Xapian::WritableDatabase live(manifest_.live_path(folder_).string(),
                                  Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_BACKEND_GLASS);
    manifest_.identity = live.get_uuid();
    facts_ = {};
    facts_.identity = manifest_.identity;
    write_options(live);
    live.commit();
    sync_live(manifest_);
    return manifest_.write(folder_);
  } catch (const Xapian::Error& e) {
    return tl::unexpected(from_xapian(e, folder_));
  }
}

/// Closes the live segment, which gives its lock back, and forgets what was not committed. Left to itself Xapian's destructor commits it:
/// also what a failed commit had put into the tables in part, so that lengths of documents were lost. A transaction it takes back.
void Store::abandon_live() {
  stale_ = true;
  if (!live_) return;
  try {
    live_->begin_transaction(false);
  } catch (const Xapian::Error&) {  // in a transaction already, or closed
  }
  live_.reset();
}

/// Everything in memory from what is on disk; after an error what was in memory stays, for find().
Result<void> Store::load() {
  abandon_live();
  auto manifest = on_disk();
  if (!manifest) return tl::unexpected(manifest.error());
  try {
    auto live = std::make_unique<Xapian::WritableDatabase>(manifest->live_path(folder_).string(),
                                                           Xapian::DB_OPEN | Xapian::DB_BACKEND_GLASS);
    auto forms = std::make_unique<LiveForms>(options_.languages);
    forms->load(*live);
    Catalogue catalogue;
    std::map<SegmentId, Sealed> all;
    std::map<SegmentId, Died> died;
    auto since = live_dead::read(*live);
    for (const auto& entry : manifest->sealed) {
      auto opened = open_segment(folder_, entry);
      if (!opened) return tl::unexpected(opened.error());
      Sealed sealed{std::move(*opened), {}};
      if (sealed.open.dead) sealed.dead = *sealed.open.dead;
      if (const auto more = since.find(entry.id); more != since.end()) {
        sealed.dead = united(sealed.dead, more->second);
        // The last chunk may be full or not: another one is begun.
        std::size_t& chunk = died[entry.id].chunk;
        while (!live->get_metadata(live_dead::key(entry.id, chunk)).empty()) ++chunk;
      }
      if (auto loaded = load_segment(catalogue, sealed.open.database, entry.id, sealed.dead); !loaded)
        return loaded;
      all.emplace(entry.id, std::move(sealed));
    }
    if (auto loaded = load_segment(catalogue, *live, manifest->live, {}); !loaded) return loaded;
    // It has no checksum. Without its length a document is none to Xapian: it throws DocNotFoundError, which is damage.
    for (auto path = live->valuestream_begin(slot::kPath); path != live->valuestream_end(slot::kPath); ++path)
      live->get_doclength(path.get_docid());
    const std::uint64_t live_bytes = bytes_below(manifest->live_path(folder_));
    IndexFacts facts = read_facts(*manifest, *live);
    facts.documents = catalogue.size();
    // From here on nothing throws: what is in memory is all of the one, or all of the other.
    const Manifest before = std::exchange(manifest_, std::move(*manifest));
    beside_ = manifest_.beside != 0;  // else it has taken over, whatever the call that did so returned
    if (next_id_ < manifest_.next) next_id_ = manifest_.next;
    facts_ = std::move(facts);
    live_ = std::move(live);
    forms_ = std::move(forms);
    catalogue_ = std::move(catalogue);
    sealed_ = std::move(all);
    died_ = std::move(died);
    live_bytes_ = live_bytes;
    stale_ = false;
    if (before.number != manifest_.number) drop(before);  // an error had come after the deed
    return {};
  } catch (const Xapian::Error& e) {
    return tl::unexpected(from_xapian(e, folder_));
  } catch (const fs::filesystem_error& e) {
    return failure(Error::Code::Io, e.what());
  }
}

/// Four value streams in step: every document has all of them.
Result<void> Store::load_segment(Catalogue& catalogue, const Xapian::Database& db, SegmentId id,
                                 const Dead& dead) const {
  auto path = db.valuestream_begin(slot::kPath), size = db.valuestream_begin(slot::kSize),
       stamp = db.valuestream_begin(slot::kStamp), status = db.valuestream_begin(slot::kStatus);
  const auto end = db.valuestream_end(slot::kPath);
  auto next_dead = dead.begin();
  Xapian::doccount documents = 0;
  const auto lacking = [&] {
    return failure(Error::Code::IndexCorrupt,
                   folder_.string() + ": segment " + std::to_string(id) + ": a document lacks its values",
                   "`tidings verify --repair` mends it; `tidingsd --rebuild` makes the index anew from the "
                   "corpus folders");
  };
  for (; path != end; ++path, ++size, ++stamp, ++status) {
    const Xapian::docid document = path.get_docid();
    const bool in_step = size != end && stamp != end && status != end && size.get_docid() == document &&
                         stamp.get_docid() == document && status.get_docid() == document;
    if (!in_step) return lacking();
    ++documents;
    while (next_dead != dead.end() && *next_dead < document) ++next_dead;
    if (next_dead != dead.end() && *next_dead == document) continue;
    catalogue.put(hash_of(*path), {{id, document}, stamp_of(*size, *stamp), status_of(*status)}, 0);
  }
  if (documents != db.get_doccount()) return lacking();
  return {};
}

/// What belongs to the index by this manifest.
std::set<fs::path> Store::named(const Manifest& manifest) const {
  std::set<fs::path> files = {folder_ / "lock",         courtesy_path(folder_), manifest_path(folder_),
                              quarantine_path(folder_), folder_ / "running",    manifest.live_path(folder_)};
  if (beside_) files.insert(next_manifest_path(folder_));
  for (const auto& entry : manifest.sealed) {
    for (const auto& file : entry.files(folder_)) files.insert(file);
  }
  return files;
}

/// Removes what the manifest does not name, of the segments that are chosen (none: of files that are of no segment).
void Store::sweep(FunctionRef<bool(std::optional<SegmentId>)> chosen) {
  const auto needed = named(manifest_);
  std::error_code ignored;  // what cannot be removed now is swept the next time
  std::vector<fs::path>
      left;  // all of it first: entries may be passed over where others are removed meanwhile
  for (const auto& entry : fs::directory_iterator(folder_, ignored))
    if (!needed.contains(entry.path()) && entry.path() != scratch_.folder() && is_ours(entry) &&
        chosen(segment_of(entry.path().filename().string())))
      left.push_back(entry.path());
  if (!beside_ && is_first_format(folder_)) left.push_back(folder_ / "live");
  for (const auto& path : left) fs::remove_all(path, ignored);
}

void Store::write_options(Xapian::WritableDatabase& db) const {
  std::string corpora;
  for (const auto& corpus : options_.corpora)
    corpora.append(corpus.name).append("\t").append(corpus.root).push_back('\0');
  db.set_metadata("tidings.schema", std::to_string(kSchemaVersion));
  db.set_metadata("tidings.manifest", std::to_string(manifest_.number));
  db.set_metadata("tidings.languages", joined(options_.languages));
  db.set_metadata("tidings.corpora", corpora);
  db.set_metadata("tidings.control", options_.control_socket);
}

Result<void> Store::record_options() {
  if (auto loaded = ready(); !loaded) return loaded;
  if (facts_.languages != options_.languages)  // the live segment's forms are by the stems of before
    if (auto sealed = seal(); !sealed) return sealed;
  auto done = guarded([&](Xapian::WritableDatabase& db) -> Result<void> {
    write_options(db);
    db.commit();
    sync_live(manifest_);
    const IndexFacts before = facts_;
    facts_ = read_facts(manifest_, db);
    facts_.documents = before.documents;
    forms_ = std::make_unique<LiveForms>(options_.languages);
    forms_->load(db);
    // Vocabularies by other stems than the index says, as an earlier version could leave them when it was killed, are made anew.
    const std::string languages = joined(options_.languages);
    const bool renew = std::any_of(sealed_.begin(), sealed_.end(), [&](const auto& item) {
      return item.second.open.words->languages() != languages;
    });
    return renew ? publish(Manifest(manifest_)) : Result<void>();
  });
  if (!done) return tl::unexpected(done.error());
  return *done;
}

Result<void> Store::describe(Options options) {
  options_ = std::move(options);
  return record_options();
}

}  // namespace tidings
