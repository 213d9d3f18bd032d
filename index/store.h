// SPDX-License-Identifier: GPL-2.0-or-later
// store.h — writing the index: batches in, generations out.
//
// The unit of writing is a Batch of puts and removals, each key once, or a segment made in bulk (segments/bulk.h). publish() makes
// all of it visible as one generation, in one atom with the generation's number, or nothing of it: after an error what was
// given is untouched and can be published again. An empty batch publishes nothing and keeps the generation.
//
// A batch goes into the live segment, a small Xapian database that is committed often: one commit is a millisecond or two
// there, and 7 to 10 on a large one. What it replaces in sealed segments gets tombstones in the same commit. Past kLiveDocuments or kLiveBytes
// seal_is_due(): seal() puts the live segment among the sealed ones, and begins another. Bulk segments and merges are published by the
// manifest. Merges are planned here (segments/merge.h has the policy), run on another thread, and published here.
//
// What publish() adds to each document: segments/completion.h. Bulk documents never are news (Cause::FirstCrawl, Rebuild, Repair, Move):
// their generation is that at which they were made, and they have no term for it. A key that the live segment has, or that was published
// after the bulk document was ordered, is not taken from the bulk segment: `superseded` says of which keys the latter is true.
//
// An index of another format (of an older or a newer program, told by its manifest) is left as it is, for those who can read it: open() begins
// another beside it, whose segments have numbers above all there are, and whose manifest is manifest.next. It goes on after a restart, and is
// begun again where its own format is another by then. When all is in it, take_over() puts it in the place of the old one, by one rename, and
// sweeps that. It has an identity of its own, for what a cursor of the old one would resume after is not in it as news; its generations go on above
// the old ones. Of the old documents nothing is kept: first-seen times begin again.
//
// DAMAGE. mend() takes damaged segments out of the manifest and puts their files into quarantine (segments/quarantine.h); a damaged vocabulary is
// made anew. Their reports are unknown then, as if they had never been read, and the note "crawled" of each corpus says so until a whole
// crawl has read them again: its value gets kRepair at its end, or is that alone where the notes were lost with the live segment, whose
// tombstones are lost too. The generation grows; after the loss of a live segment by kLostGenerations, so that no cursor is ahead of
// it. open() with Mend::Unopenable looks at what is cheap to look at (files that are missing or cut short, and what Xapian says when it opens
// them), and at every checksum where that fails, or where the last writer was killed, or crashed, while it opened the index or within kSoon: the file
// <index>/running tells. With Mend::All it does that first; and where the index is damaged all the same, in its manifest or in what cannot
// be taken out, all of it is removed but the quarantine, and another begun. An index that is made beside another is mended in the same way,
// and begun again where that does not help. What cannot be opened or read for another reason than damage (segments/soundness.h) ends
// open() and mend() with that error.
//
// The writer holds a lock on <index>/lock while it lives: a second one gets IndexLocked. All that is published is synced to disk.
// One thread, but for new_bulk_place(). Errors: IndexLocked, IndexVersion, IndexCorrupt, Unreadable, Io (a full disk, kRoom, and the like), Busy (a
// purge), BadRequest (the folder holds something else). After an error of Xapian or of a file the handle on the live segment is dropped with what
// it had not committed (a second commit(), also the destructor's own, writes what is left of the first and reports success), and the next call loads again what is on disk: it may be the new.
#pragma once
#include <xapian.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "index/error.h"
#include "index/record.h"
#include "index/segments/bulk.h"
#include "index/segments/catalogue.h"
#include "index/segments/completion.h"
#include "index/segments/merge.h"
#include "index/segments/quarantine.h"
#include "index/segments/scratch.h"
#include "index/segments/soundness.h"
#include "index/snapshot.h"

namespace tidings {

/// Changes by key; the later one replaces the earlier.
class Batch {
 public:
  void put(const Key& key, PutDocument document) { changes_.insert_or_assign(key, std::move(document)); }
  void remove(const Key& key) { changes_.insert_or_assign(key, std::nullopt); }
  bool empty() const { return changes_.empty(); }
  std::size_t size() const { return changes_.size(); }
  void clear() { changes_.clear(); }
  bool contains(const Key& key) const { return changes_.contains(key); }
  const std::map<Key, std::optional<PutDocument>>& changes() const { return changes_; }

 private:
  std::map<Key, std::optional<PutDocument>> changes_;
};

/// The lock on an index folder; given back when it is destroyed, also by the kernel.
class IndexLock {
 public:
  static Result<IndexLock> take(const std::filesystem::path& index);
  ~IndexLock();
  IndexLock(IndexLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  IndexLock& operator=(IndexLock&&) = delete;

 private:
  explicit IndexLock(int fd) : fd_(fd) {}
  int fd_;
};

class Store {
 public:
  static constexpr std::uint64_t kLiveDocuments = 2000;
  static constexpr std::uint64_t kLiveBytes = std::uint64_t{16} << 20;  ///< of stored text
  /// What the disk must have free before a batch is published: several times what one can take. Xapian 1.4 ends the process where a block of
  /// values cannot be written (~ValueUpdater throws), so a full disk is better met here; one that fills meanwhile, or a quota, ends
  /// the daemon, and the index is as it was before the batch.
  static constexpr std::uint64_t kRoom = 4 * kLiveBytes;
  static constexpr std::uint32_t kEver = ~std::uint32_t{0};
  static constexpr std::string_view kRepair = " repair";
  /// More than a live segment can have published: it is sealed at kLiveDocuments, or eight times as many tombstones.
  static constexpr std::uint64_t kLostGenerations = 100'000;
  static constexpr std::chrono::seconds kSoon{60};

  /// What open() does with a damaged index: an error, or see above.
  enum class Mend { Nothing, Unopenable, All };

  struct Mended {
    std::size_t segments = 0;             ///< taken out, the live one included
    std::size_t vocabularies = 0;         ///< made anew
    bool live = false, manifest = false;  ///< manifest: made anew from memory, or the whole index begun anew
    std::vector<std::string> what;        ///< each damaged file, and what was wrong
    bool any() const { return segments > 0 || vocabularies > 0 || manifest; }
  };

  struct Options {
    std::vector<std::string> languages = {"en"};  ///< the union of the corpora's
    std::vector<CorpusRoot> corpora;
    std::string control_socket;
    bool rebuild = false;  ///< begin anew if what is there is damaged
    Mend mend = Mend::Nothing;
  };

  /// Opens or makes the index; creates the folder 0700. Corpora, languages and control socket are recorded at once. Files that a
  /// killed writer left are swept.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder, Options options);

  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// Made beside an index of another format: no reader sees it before take_over().
  bool is_beside() const { return beside_; }
  Result<void> take_over();

  /// Publishes the batch; returns the generation that is visible now.
  Result<std::uint64_t> publish(const Batch& batch);
  /// Records other corpora, languages or sockets (SIGHUP); publishes no generation. Other languages: the vocabularies are made anew.
  Result<void> describe(Options options);

  /// Loads what is on disk again where an error left that open.
  Result<void> ready();

  bool seal_is_due() const;
  /// Makes the live segment, if it has documents, a sealed one. No new generation: nothing changes for a reader.
  Result<void> seal();

  /// A place for a bulk segment, whose words are stemmed in these languages. Any thread.
  BulkPlace new_bulk_place(std::vector<std::string> languages);
  /// Whether a document of this key may be made in bulk: the live segment has none.
  bool fits_bulk(const Key& key) const;
  /// Publishes segments made in bulk, all in one generation, and with them removals; of what the live segment has none is removed:
  /// seal() before.
  Result<std::uint64_t> publish(const std::vector<BulkSegment>& segments,
                                const std::function<bool(const KeyHash&)>& superseded,
                                const std::vector<Key>& removals = {});
  /// The next merge to make; its segments are in no other until it is published or dropped.
  std::optional<MergeJob> plan_merge(bool idle);
  /// Publishes a merge. No new generation. After an error its segments can be merged again.
  Result<void> publish(const Merged& merged);
  /// Forgets a merge that failed, or could not be published, and its files unless it was published all the same.
  void drop(const MergeJob& job);

  /// PURGE: what was removed is to leave the disk. Seals the live segment; each segment that is returned holds something of it, and is to be
  /// made anew by its purge_job(), published as any merge; then end_purge() empties the quarantine. No new generation. Busy while this
  /// is made beside another index, which holds what was removed until take_over().
  Result<std::set<SegmentId>> begin_purge();
  /// Nothing where the segment is there no more.
  std::optional<MergeJob> purge_job(SegmentId id);
  Result<void> end_purge();

  /// Takes out what was found damaged, looks at the live segment (`suspect_live`: it is taken out anyway) and opens what is left.
  Result<Mended> mend(const std::vector<Damage>& damaged, bool suspect_live = false);
  /// What open() mended.
  const Mended& mended() const { return mended_; }
  const Quarantine& quarantine() const { return quarantine_; }

  std::optional<Indexed> find(const Key& key) const;
  /// The key of a file with this stamp (inode, ctime, size), if the index has one, and what it has is what the file holds, as far as
  /// it could be told: not of one that could not be read.
  Result<std::optional<Key>> find(const FileState& stamp);
  Result<std::optional<Previous>> previous(const Key& key);

  /// Begins a crawl: what is met from now on, or published, is not older than its number.
  std::uint32_t begin_crawl() { return ++crawl_; }
  /// A file is still on disk.
  void met(const Key& key, std::uint32_t crawl) { catalogue_.met(hash_of(key.text()), crawl); }
  /// Calls the sink with each key at or below `folder` ("" is the whole corpus) that no crawl from `crawl` on has met (kEver: with each).
  Result<void> below(const Key& folder, std::uint32_t crawl, FunctionRef<void(Key)> sink);
  /// Names of corpora that have documents, whatever the configuration says now.
  Result<std::vector<std::string>> indexed_corpora();

  /// A note about a corpus that is kept with the index; empty when there is none.
  Result<std::string> note(const std::string& corpus, const std::string& name);
  Result<void> set_note(const std::string& corpus, const std::string& name, const std::string& value);
  /// How the corpus was read when a crawl of it was last finished; empty before the first. What comes later is no first crawl.
  Result<std::string> crawled(const std::string& corpus) { return note(corpus, "crawled"); }
  Result<void> set_crawled(const std::string& corpus, const std::string& how) {
    return set_note(corpus, "crawled", how);
  }

  const IndexFacts& facts() const { return facts_; }
  const Manifest& manifest() const { return manifest_; }
  std::uint64_t dead() const;
  const std::filesystem::path& folder() const { return folder_; }

 private:
  struct Sealed {
    OpenSegment open;
    Dead dead;  ///< all there are
  };
  struct Died {  ///< tombstones in the live segment's metadata, in order of death
    std::size_t chunk = 0;
    std::vector<Xapian::docid> in_chunk;
  };

  Store(std::filesystem::path folder, Options options, IndexLock lock, Scratch scratch)
      : folder_(std::move(folder)),
        options_(std::move(options)),
        lock_(std::move(lock)),
        scratch_(std::move(scratch)) {}
  template <class F>
  auto guarded(F&& unit) -> Result<decltype(unit(std::declval<Xapian::WritableDatabase&>()))>;
  void abandon_live();
  void sync_live(const Manifest& manifest) const;
  Result<void> make();
  Result<void> open_beside();
  Result<void> load();
  Result<void> load_segment(Catalogue& catalogue, const Xapian::Database& db, SegmentId id,
                            const Dead& dead) const;
  std::set<std::filesystem::path> named(const Manifest& manifest) const;
  Result<Manifest> on_disk() const;
  void drop(const Manifest& other) const;
  struct Made;
  void remove_unnamed(const Manifest& now, const std::vector<std::filesystem::path>& files) const;
  void sweep(FunctionRef<bool(std::optional<SegmentId>)> chosen);
  static std::string note_key(const std::string& corpus, const std::string& name);
  Result<void> load_mended();
  Result<void> open_sound(bool every_checksum);
  Result<void> mend_all_that_is_unsound(bool every_checksum);
  Result<void> take_out(const Manifest& manifest, const std::vector<Damage>& damaged, bool live_damaged,
                        Mended& done);
  Result<void> note_repair(const Manifest& manifest, Manifest& next, bool live_damaged);
  Result<void> record_options();
  void write_options(Xapian::WritableDatabase& db) const;
  Result<void> publish(Manifest next);
  /// Puts the tombstones that the next manifest is to name into files.
  Result<void> fold_dead(Manifest& next, const std::map<SegmentId, Dead>& more);
  MergeJob job_of(const MergePolicy::Choice& choice);
  const Xapian::Database& segment(SegmentId id) const;
  void bury(Xapian::WritableDatabase& db, const std::map<SegmentId, std::vector<Xapian::docid>>& dead,
            std::map<SegmentId, Died>& died) const;

  const std::filesystem::path folder_;
  bool beside_ = false;  ///< its manifest is manifest.next
  Options options_;
  IndexLock lock_;
  Scratch scratch_;
  Manifest manifest_;
  std::atomic<SegmentId> next_id_{1};
  std::map<SegmentId, Sealed> sealed_;
  std::map<SegmentId, Died> died_;
  Catalogue catalogue_;
  std::set<SegmentId> merging_;
  std::set<SegmentId> taken_out_;  ///< as damaged, since it was opened
  IndexFacts facts_;
  Mended mended_;
  Quarantine quarantine_;
  std::uint32_t crawl_ = 0;
  /// Of text stored in the live segment since it was loaded, and of its files as of then.
  std::uint64_t live_bytes_ = 0;
  std::unique_ptr<Xapian::WritableDatabase> live_;  ///< null after an error
  std::unique_ptr<LiveForms> forms_;
  bool marked_ = false;
  bool stale_ = true;  ///< what is in memory may not be what is on disk: loaded again by the next call
};

/// Runs what may throw on the live segment; what is on disk is opened first where that is needed.
template <class F>
auto Store::guarded(F&& unit) -> Result<decltype(unit(std::declval<Xapian::WritableDatabase&>()))> {
  try {
    if (stale_)
      if (auto loaded = load(); !loaded) return tl::unexpected(loaded.error());
    return unit(*live_);
  } catch (const Xapian::Error& e) {
    abandon_live();
    return tl::unexpected(from_xapian(e, folder_));
  } catch (const std::filesystem::filesystem_error& e) {
    abandon_live();
    return failure(Error::Code::Io, e.what());
  }
}

}  // namespace tidings
