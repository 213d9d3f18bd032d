// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/snapshot.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "index/copies.h"
#include "index/schema.h"
#include "index/segments/courtesy.h"

namespace tidings {
namespace fs = std::filesystem;

bool is_xapian_folder(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(fs::symlink_status(folder, error))) return false;
  fs::directory_iterator entry(folder, error);
  for (const fs::directory_iterator end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string(),
                      extension = entry->path().extension().string();
    if (name != "flintlock" && name != "iamglass" && extension != ".glass" && extension != ".tmp")
      return false;
  }
  return !error;
}

bool is_first_format(const fs::path& index) {
  const fs::path live = index / "live";
  std::error_code error;
  if (!is_xapian_folder(live) || !fs::exists(live / "iamglass", error)) return false;
  try {
    return !Xapian::Database(live.string()).get_metadata("tidings.schema").empty();
  } catch (const Xapian::Error&) {
    return true;
  }
}

Xapian::Query Snapshot::living(const Xapian::Query& query) const {
  if (dead_by_uuid_->empty()) return query;
  auto* source = new ListedSource(  // NOLINT(cppcoreguidelines-owning-memory): the query's, by release()
      dead_by_uuid_, "dead");
  return {Xapian::Query::OP_AND_NOT, query, Xapian::Query(source->release())};
}

Xapian::Query Snapshot::phrase(std::vector<std::string> words, PhraseSource::Where where,
                               Analyzer& analyzer) const {
  auto* source = new PhraseSource(  // NOLINT(cppcoreguidelines-owning-memory): the query's, by release()
      std::move(words), where, order_by_uuid_, analyzer);
  return Xapian::Query(source->release());
}

Xapian::Query Snapshot::near(Nearness nearness, Analyzer& analyzer) const {
  auto* source = new NearSource(  // NOLINT(cppcoreguidelines-owning-memory): the query's, by release()
      std::move(nearness), order_by_uuid_, analyzer);
  return Xapian::Query(source->release());
}

Xapian::Query Snapshot::having_copies(Analyzer& analyzer) const {
  if (!copies_by_uuid_) {
    std::vector<std::vector<Xapian::docid>> in_part(parts());
    for (const Xapian::docid id : CopyFinder(*this, analyzer).all())
      in_part[part_of(id).first].push_back(place(id).second);
    auto by_uuid = std::make_shared<ListedByUuid>();
    for (std::size_t i = 0; i < parts(); ++i)
      if (!in_part[i].empty())
        by_uuid->emplace(part(i).get_uuid(),
                         std::make_shared<const std::vector<Xapian::docid>>(std::move(in_part[i])));
    copies_by_uuid_ = std::move(by_uuid);
  }
  auto* source = new ListedSource(  // NOLINT(cppcoreguidelines-owning-memory): the query's, by release()
      copies_by_uuid_, "copies");
  return Xapian::Query(source->release());
}

std::pair<SegmentId, Xapian::docid> Snapshot::place(Xapian::docid id) const {
  // As Xapian numbers the documents of several databases: in turns.
  const std::size_t part = part_of(id).first;
  return {part < sealed_.size() ? sealed_[part]->entry.id : live_id_,
          (id - 1) / static_cast<Xapian::docid>(parts()) + 1};
}

bool Snapshot::is_dead(Xapian::docid id) const {
  const std::size_t part = part_of(id).first;
  return part < sealed_.size() && dead_[part] && contains(*dead_[part], place(id).second);
}

std::vector<std::string> Snapshot::forms(std::string_view stem) const {
  std::vector<std::string> all;
  for (const auto& segment : sealed_) segment->words->forms(stem, all);
  LiveForms::forms(live_, stem, all);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

void Snapshot::stemmed_words(WordSink sink) const {
  for (const auto& segment : sealed_)
    if (!segment->words->each(sink)) return;
  each_word(live_, {}, {}, sink);
}

void Snapshot::words(std::string_view prefix, std::string_view start, WordSink sink) const {
  each_word(database_, prefix, start, sink);
}

Xapian::doccount Snapshot::having(const std::string& term) const {
  Xapian::doccount count = live_.get_termfreq(term);
  for (std::size_t i = 0; i < sealed_.size(); ++i) {
    const Xapian::Database& segment = sealed_[i]->database;
    const Xapian::doccount all = segment.get_termfreq(term);
    if (all == 0 || !dead_[i] || all > dead_[i]->size()) {
      count += all;
      continue;
    }
    const auto end = segment.postlist_end(term);
    for (auto it = segment.postlist_begin(term); it != end; ++it) count += contains(*dead_[i], *it) ? 0 : 1;
  }
  return count;
}

Record Snapshot::record(Xapian::docid id) const {
  const std::size_t part = part_of(id).first;
  const Texts* texts = part < sealed_.size() ? sealed_[part]->texts.get() : nullptr;
  return record_of(database_.get_document(id), texts, place(id).second);
}

WordsInOrder Snapshot::words_in_order(Xapian::docid id, Analyzer& analyzer) const {
  const std::size_t part = part_of(id).first;
  if (part == sealed_.size() || !sealed_[part]->order)
    return tidings::words_in_order(record(id).report, analyzer);
  const auto row = sealed_[part]->order->of(place(id).second);
  return {{row.title.begin(), row.title.end()}, {row.text.begin(), row.text.end()}};
}

std::optional<Record> Snapshot::data_at(SegmentId segment, Xapian::docid document,
                                        Texts::Unpacked& last) const {
  const auto in = std::ranges::find(sealed_, segment, [](const auto& s) { return s->entry.id; });
  if (in == sealed_.end() && segment != live_id_) return std::nullopt;
  std::string data;
  try {
    data = (in == sealed_.end() ? live_ : (*in)->database).get_document(document).get_data();
  } catch (const Xapian::DocNotFoundError&) {
    return std::nullopt;
  }
  if (in != sealed_.end() && (*in)->texts) (*in)->texts->append(document, data, last);
  auto decoded = decode_data(data);
  if (!decoded) throw Xapian::DatabaseCorruptError(decoded.error().what);
  return std::move(*decoded);
}

std::optional<Xapian::docid> Snapshot::find(const Key& key) const {
  const std::string term = key.term();
  for (auto it = database_.postlist_begin(term); it != database_.postlist_end(term); ++it)
    if (!is_dead(*it)) return *it;
  return std::nullopt;
}

std::string Snapshot::absolute_path(const Key& key) const {
  for (const auto& corpus : facts_.corpora)
    if (corpus.name == key.corpus) return corpus.root + (corpus.root == "/" ? "" : "/") + key.path;
  return key.text();
}

std::optional<Key> Reader::key_of(const IndexFacts& facts, std::string_view absolute_path) {
  const CorpusRoot* best = nullptr;
  for (const auto& corpus : facts.corpora) {
    const std::string below = corpus.root == "/" ? "/" : corpus.root + "/";
    if (absolute_path.starts_with(below) && (!best || corpus.root.size() > best->root.size())) best = &corpus;
  }
  if (!best) return std::nullopt;
  return Key{best->name, std::string(absolute_path.substr(best->root == "/" ? 1 : best->root.size() + 1))};
}

std::vector<std::filesystem::path> telling_folders(const std::filesystem::path& index_folder) {
  std::vector<std::filesystem::path> folders = {index_folder};
  if (auto manifest = Manifest::read(index_folder)) folders.push_back(manifest->live_path(index_folder));
  return folders;
}

Result<OpenSegment> open_segment(const std::filesystem::path& index, const SegmentEntry& entry) {
  OpenSegment segment{.entry = entry,
                      .database = Xapian::Database(entry.path(index).string()),
                      .uuid = {},
                      .dead = {},
                      .words = {},
                      .texts = {},
                      .order = {},
                      .sketches = {}};
  segment.uuid = segment.database.get_uuid();
  auto words = Vocabulary::open(entry.words_path(index));
  if (!words) return tl::unexpected(words.error());
  segment.words = std::move(*words);
  if (entry.texts) {
    auto texts = Texts::open(entry.texts_path(index));
    if (!texts) return tl::unexpected(texts.error());
    segment.texts = std::move(*texts);
  }
  if (entry.order) {
    auto order = WordOrder::open(entry.order_path(index));
    if (!order) return tl::unexpected(order.error());
    segment.order = std::move(*order);
  }
  if (entry.sketches) {
    auto sketches = Sketches::open(entry.sketches_path(index));
    if (!sketches) return tl::unexpected(sketches.error());
    segment.sketches = std::move(*sketches);
  }
  if (entry.dead == 0) return segment;
  auto dead = read_dead(entry.dead_path(index));
  if (!dead) return tl::unexpected(dead.error());
  segment.dead = std::make_shared<const Dead>(std::move(*dead));
  return segment;
}

/// Opens what the manifest names and is not open yet.
Result<void> Reader::open_segments() {
  std::vector<std::shared_ptr<const OpenSegment>> sealed;
  for (const auto& entry : manifest_.sealed) {
    const auto open =
        std::find_if(sealed_.begin(), sealed_.end(), [&](const auto& s) { return s->entry == entry; });
    if (open != sealed_.end()) {
      sealed.push_back(*open);
      continue;
    }
    auto segment = open_segment(folder_, entry);
    if (!segment &&
        segment.error().code == Error::Code::NotFound)  // of a manifest that was replaced meanwhile
      throw Xapian::DatabaseOpeningError(segment.error().what);
    if (!segment) return tl::unexpected(segment.error());
    sealed.push_back(std::make_shared<const OpenSegment>(std::move(*segment)));
  }
  sealed_ = std::move(sealed);
  return {};
}

std::optional<Reader::Stamp> Reader::stamp_of(const fs::path& file) {
  struct stat seen {};
  if (::stat(file.c_str(), &seen) != 0) return std::nullopt;
  return Stamp{seen.st_ino, seen.st_ctim.tv_sec * 1'000'000'000 + seen.st_ctim.tv_nsec};
}

/// Whether there was a commit since.
bool Reader::reopen_live() {
  const auto stamp = stamp_of(manifest_.live_path(folder_) / "iamglass");
  if (stamp && stamp == live_stamp_) return false;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  live_stamp_.reset();
  const bool changed = live_->reopen();
  if (stamp && now - std::chrono::nanoseconds(stamp->ctime_ns) > kSettled) live_stamp_ = stamp;
  return changed;
}

Result<void> Reader::refresh() {
  const auto seen = stamp_of(manifest_path(folder_));
  if (!seen) {
    const int error = errno;
    live_.reset();
    snapshot_.reset();
    if (error != ENOENT && error != ENOTDIR) return io_failure(manifest_path(folder_), error);
    if (is_first_format(folder_)) return tl::unexpected(another_format(folder_, "1"));
    return failure(Error::Code::NotFound, folder_.string() + ": no index here",
                   "start tidingsd, or name another folder with --index");
  }
  bool changed = true;
  if (*seen != stamp_ || !live_) {
    auto manifest = Manifest::read(folder_);
    if (!manifest) return tl::unexpected(manifest.error());
    if (manifest->identity != manifest_.identity) {  // made anew: its files may have the names of before
      live_.reset();
      snapshot_.reset();
      sealed_.clear();
    }
    manifest_ = std::move(*manifest);
    stamp_ = {};  // until all of it is open
    live_stamp_.reset();
    if (auto opened = open_segments(); !opened) return opened;
    if (!live_ || live_id_ != manifest_.live) {
      live_.emplace(manifest_.live_path(folder_).string());
      live_id_ = manifest_.live;
    } else {
      live_->reopen();
    }
    stamp_ = *seen;
  } else {
    changed = reopen_live();
  }
  if (!changed && snapshot_) return {};
  live_builds_on_ = manifest_of(*live_);
  if (live_builds_on_ > manifest_.number) {  // the manifest was replaced in between
    stamp_ = {};
    throw Xapian::DatabaseModifiedError("the manifest was replaced");
  }
  return compose();
}

Result<void> Reader::compose() {
  Snapshot fresh;
  fresh.sealed_ = sealed_;
  fresh.live_ = *live_;
  fresh.live_id_ = live_id_;
  fresh.number_ = ++composed_;
  fresh.facts_ = read_facts(manifest_, *live_);
  auto by_uuid = std::make_shared<ListedByUuid>();
  auto order = std::make_shared<OrderByUuid>();
  const auto since = live_dead::read(*live_);
  for (const auto& segment : sealed_) {
    fresh.database_.add_database(segment->database);
    fresh.facts_.documents += segment->database.get_doccount();
    if (segment->order) order->emplace(segment->uuid, segment->order);
    std::shared_ptr<const Dead> dead = segment->dead;
    if (const auto more = since.find(segment->entry.id); more != since.end())
      dead = std::make_shared<const Dead>(dead ? united(*dead, more->second) : more->second);
    fresh.dead_.push_back(dead);
    if (!dead) continue;
    fresh.facts_.documents -= dead->size();
    by_uuid->emplace(segment->uuid, std::move(dead));
  }
  fresh.live_is_part_ = sealed_.empty() || live_->get_doccount() > 0;
  if (fresh.live_is_part_) fresh.database_.add_database(*live_);
  fresh.dead_by_uuid_ = std::move(by_uuid);
  fresh.order_by_uuid_ = std::move(order);
  snapshot_ = std::move(fresh);
  return {};
}

Result<void> Reader::run(FunctionRef<Result<void>(const Snapshot&)> unit) {
  Error last;
  int damaged = 0;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    std::optional<Courtesy> courtesy;
    if (attempt >= kAlone) courtesy.emplace(Courtesy::of_reader(folder_));
    try {
      if (auto ready = refresh(); !ready) {
        live_.reset();
        snapshot_.reset();
        return ready;
      }
      return unit(*snapshot_);
    } catch (const Xapian::DatabaseModifiedError& e) {
      last = from_xapian(e, folder_);
      snapshot_.reset();  // its live part may have been reopened already
      live_stamp_.reset();
    } catch (const Xapian::DatabaseOpeningError& e) {  // a segment that was merged away, or a damaged index
      last = from_xapian(e, folder_);
      live_.reset();
      snapshot_.reset();
    } catch (const Xapian::Error& e) {
      last = from_xapian(e, folder_);
      live_.reset();
      snapshot_.reset();
      if (last.code != Error::Code::IndexCorrupt || ++damaged == kDamaged) return tl::unexpected(last);
    }
  }
  return tl::unexpected(std::move(last));
}

Result<void> Reader::look_back(const Snapshot& kept, FunctionRef<Result<void>(const Snapshot&)> unit) const {
  try {
    return unit(kept);
  } catch (const Xapian::Error& e) {
    return tl::unexpected(from_xapian(e, folder_));
  }
}

Result<IndexFacts> read_facts(const std::filesystem::path& index) {
  Error last;
  for (int attempt = 0; attempt < Reader::kAttempts; ++attempt) {
    auto manifest = Manifest::read(index);
    if (!manifest) return tl::unexpected(manifest.error());
    try {
      return read_facts(*manifest, Xapian::Database(manifest->live_path(index).string()));
    } catch (const Xapian::DatabaseModifiedError& e) {
      last = from_xapian(e, index);
    } catch (const Xapian::DatabaseOpeningError& e) {  // of a manifest that was replaced meanwhile
      last = from_xapian(e, index);
    } catch (const Xapian::Error& e) {
      return tl::unexpected(from_xapian(e, index));
    }
  }
  return tl::unexpected(std::move(last));
}

Result<IndexFacts> Reader::facts() {
  IndexFacts facts;
  auto done = run([&](const Snapshot& snapshot) -> Result<void> {
    facts = snapshot.facts();
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return facts;
}

}  // namespace tidings
