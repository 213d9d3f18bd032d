// SPDX-License-Identifier: GPL-2.0-or-later
// store.h — writing the index: batches in, generations out.
//
// The unit of writing is a Batch of puts and removals, each key once. publish() makes all of it visible as one generation,
// in one atom with the generation's number, or nothing of it: after an error the batch is untouched, the handle on the
// database is dropped (Xapian's second commit() after a full disk reports success with the batch gone), and the same
// batch can be published again, which opens a new one. An empty batch publishes nothing and keeps the generation.
//
// What publish() adds to each put document: generation, cause, first-seen. A put whose contents (hash) and status
// are those already indexed is only a new stamp (a touch, a chmod): it keeps generation and cause, so that it never fires a
// standing query. A put of an existing key given Cause::Arrival becomes Cause::Change; one of a new key given Change becomes Arrival.
//
// One Xapian database behind it, in <folder>/live. The lock is Xapian's: a second writer gets IndexLocked. A commit is
// synced to disk (measured 1.7 ms on a small database, 6.7 ms on 60,000 documents).
// One thread. Errors: IndexLocked, IndexVersion, IndexCorrupt, Io (full disk and the like), BadRequest (the folder holds
// something else).
#pragma once
#include <xapian.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "index/error.h"
#include "index/record.h"
#include "index/snapshot.h"

namespace tidings {

/// A document made by a builder, with what the store needs to know of it.
struct PutDocument {
  Xapian::Document document;
  Cause cause = Cause::Arrival;
  std::string hash;
};

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

/// What the index has of one file.
struct Indexed {
  Xapian::docid id = 0;
  FileState stamp;
  Status status = Status::Indexed;
};

class Store {
 public:
  struct Options {
    std::vector<std::string> languages = {"en"};  ///< the union of the corpora's
    std::vector<CorpusRoot> corpora;
    std::string control_socket;
    bool rebuild = false;  ///< drop what is there and begin anew
  };

  /// Opens or makes the index; creates the folder 0700. Corpora, languages and control socket are recorded at once.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder, Options options);

  /// Publishes the batch; returns the generation that is visible now.
  Result<std::uint64_t> publish(const Batch& batch);
  /// Records other corpora, languages or sockets (SIGHUP); publishes no generation.
  Result<void> describe(Options options);

  Result<std::optional<Indexed>> find(const Key& key);
  /// Calls the sink with each key at or below `folder` ("" is the whole corpus) whose document id is at most `last_id`.
  Result<void> below(const Key& folder, Xapian::docid last_id, FunctionRef<void(Xapian::docid, Key)> sink);
  Result<Xapian::docid> last_id();
  /// Names of corpora that have documents, whatever the configuration says now.
  Result<std::vector<std::string>> indexed_corpora();

  /// How the corpus was read when a crawl of it was last finished (its languages, as the caller spells them); empty before
  /// the first. What comes later is no first crawl, and another spelling means that its documents are to be made anew.
  Result<std::string> crawled(const std::string& corpus);
  Result<void> set_crawled(const std::string& corpus, const std::string& how);
  /// What the caller keeps about a corpus under a name of its own ([a-z_]+); empty before set_note(). No generation.
  Result<std::string> note(const std::string& corpus, const std::string& name);
  Result<void> set_note(const std::string& corpus, const std::string& name, const std::string& value);

  const IndexFacts& facts() const { return facts_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  Store(std::filesystem::path folder, Options options)
      : folder_(std::move(folder)), options_(std::move(options)) {}
  template <class F>
  auto guarded(F&& unit) -> Result<decltype(unit(std::declval<Xapian::WritableDatabase&>()))>;
  void open_database();
  void write_options(Xapian::WritableDatabase& db);

  const std::filesystem::path folder_;
  Options options_;
  int action_ = Xapian::
      DB_CREATE_OR_OPEN;  ///< DB_OPEN once it is there: an index that vanishes is an error, not a new one
  IndexFacts facts_;
  std::unique_ptr<Xapian::WritableDatabase> database_;  ///< null after an error, until the next call
};

}  // namespace tidings
