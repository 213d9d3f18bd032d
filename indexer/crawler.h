// SPDX-License-Identifier: GPL-2.0-or-later
// crawler.h — compares a folder on disk with the index, folder by folder, while arrivals go on.
//
// A crawl watches each folder before it lists it, compares each file's stamp with the indexed one, and asks for a look at
// what differs. At its end it sweeps: documents below its root that it did not meet are looked at too, and the look, not
// the sweep, decides that a file is gone. So a crawl can be wrong about nothing, only late. It keeps
// the names of the folder it is in; what it met is noted in the store's catalogue.
//
// A file without a document whose stamp is that of a report elsewhere, which is gone there, has moved with a folder above it: the look says from
// where, whatever the crawl was for. One that came along with a folder that moved, and had no document there, is news.
//
// It works in steps of at most kEntriesPerStep entries, and only while fewer than kBacklog looks wait, so that neither
// memory nor the time until the next arrival grows with the corpus. Crawls for news (a new folder, an overflow) go before
// those of the backfill. At most kMaxCrawls wait; past that the whole corpus is crawled instead.
//
// With each folder that it lists it reads the folder's rule file, and notes in `polled` whether events tell of what changes there.
//
// The index thread owns it. A folder that cannot be listed is logged; a corpus root that cannot makes the corpus offline, and its
// documents stay.
#pragma once
#include <sys/stat.h>

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "index/store.h"
#include "indexer/corpus_folder.h"
#include "indexer/pending.h"
#include "indexer/watch_table.h"

namespace tidings::indexer {

class Crawler {
 public:
  static constexpr std::size_t kEntriesPerStep = 512;
  static constexpr std::size_t kBacklog = 4096;
  static constexpr std::size_t kMaxCrawls = 1024;

  struct Needs {
    Store& store;
    WatchTable& watches;
    /// Looks again at what is at or below the folder and not in the store yet: being read, or waiting for the commit.
    std::function<void(const Key& folder, Ticket)> look_at_work;
    std::function<void(Look)> look;                           ///< asks for a look; holds the ticket as needed
    std::function<CorpusFolder*(const std::string&)> corpus;  ///< null when it is configured no more
    std::function<Cause(const CorpusFolder&)> news_cause;     ///< of a file that a crawl for news meets
    std::function<void(CorpusFolder&, Ticket)>
        finished;  ///< a whole corpus has been listed; its looks may still wait
    std::vector<std::pair<std::uint64_t, std::uint64_t>>
        left_out;  ///< (device, inode) of folders that are never corpus
    bool watching = true;
    const Mounts* mounts = nullptr;  ///< as the index thread knows them; null: not known
    std::function<std::optional<Mounts>()> read_mounts = &Mounts::now;
  };

  Crawler(Needs needs, Outstanding& outstanding) : needs_(std::move(needs)), outstanding_(outstanding) {}

  /// Crawls the folder ("" is the corpus). `since_ns`: a file that came_since() then is an arrival, whatever the crawl's cause.
  void add(const Key& folder, Cause cause, Ticket ticket, std::int64_t since_ns);
  /// What was met so far counts no more: the index lost some of what it had.
  void begin_again();
  bool idle() const { return crawls_.empty(); }
  /// How many crawls of the corpus, or in it, wait or are under way.
  std::size_t crawls_of(const std::string& corpus) const;
  /// Whether a crawl of this folder, or of one above it, waits or is under way.
  bool crawls(const Key& folder) const;
  /// Whether a crawl is under way that met a report that has moved: there may be more.
  bool moves() const;
  /// Folders known of and not listed to their end yet.
  std::size_t folders_left() const;
  /// Of crawls that are no news: whether there are any left, and any that read all files.
  struct Backfill {
    bool listing = false, anew = false;
  };
  Backfill backfill() const;
  /// Goes one step on; false when nothing can be done now. Errors of the store are told and leave the crawl as it was.
  Result<bool> step(std::size_t backlog);

 private:
  struct Crawl {
    Key root;
    Cause cause;
    Ticket ticket;
    std::int64_t since_ns;
    bool started = false;
    bool moves = false;                ///< it met a report that has moved
    std::uint32_t number = 0;          ///< the store's, of what this crawl meets
    std::vector<std::string> folders;  ///< still to be listed
    std::string folder;                ///< the one that is listed now
    std::vector<std::string> names;    ///< what is left of its entries
    bool covers(const Key& other) const;
  };

  Result<void> start(Crawl& crawl, CorpusFolder& corpus);
  void list_next(Crawl& crawl, CorpusFolder& corpus);
  Result<void> meet(Crawl& crawl, CorpusFolder& corpus, const std::string& name);
  Result<std::optional<Key>> moved_from(const Key& key, const FileState& now);
  Result<void> sweep(Crawl& crawl);
  void note_watch(CorpusFolder& corpus, const std::string& folder, int watched) const;
  void leave_out(CorpusFolder& corpus, const std::string& folder) const;
  void drop_first();

  Needs needs_;
  Outstanding& outstanding_;
  std::deque<Crawl> crawls_;  ///< for news first
};

/// The path of what a folder holds; the corpus' own is "".
std::string child_of(const std::string& folder, const std::string& name);

/// Nanoseconds since 1970. Newer kernels stamp a file with the fine clock, which runs ahead of the coarse one by up to a tick: by
/// the coarse one, a file made just before a crawl would count as made since.
std::int64_t realtime_ns();

/// Whether the file is, by its ctime, not older than that. A time to come tells nothing: the clock has been set back since, or the file is
/// another machine's.
bool came_since(const struct stat& file, std::int64_t since_ns);

}  // namespace tidings::indexer
