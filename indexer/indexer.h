// SPDX-License-Identifier: GPL-2.0-or-later
// indexer.h — the index thread: changes in, generations out.
//
// It alone touches the watch table, the pending set, the crawls and the store; the loop thread hands it events, the
// readers hand it documents. One round: take the mail, turn events into looks, crawl a step, give looks to the readers,
// commit when it is time.
//
// Events are hints. Each leads to a look at the path, a folder's to a crawl below it, and what lies on disk then decides;
// so events may come twice, late or merged, and a lost one is made good by the next crawl. The kernel's overflow leads to a crawl
// of every corpus. Watch, then list; a folder made meanwhile is found by one of the two. While a corpus is read for the first time, no crawl
// makes news of what lay there before: only of files that are younger than that first crawl, and of folders that move in.
//
// When to commit (group commit): an arrival is published as soon as the readers have nothing more of the arrivals that
// came with it, at most kArrivalWait after the first; the backfill by the configured documents and milliseconds. What comes during a
// commit is the next group.
//
// The first crawl of a corpus, and a rebuild, are made in bulk by the readers (readers.h) and published segment by segment; a file that
// changes, or goes, before its segment is published takes the ordinary way, and what the segment holds of it is dead at once. So is
// everything else published: first as a batch in the live segment. Merges run on a thread of their own (merger.h).
//
// A report that is renamed or moved within the corpora is no news; but a file that was written under another name first, as
// rsync and editors do, is. So a move counts as one where the index already has the report under the old name. Reports that moved with a
// folder are not read again: their documents are made anew, in bulk, of the text in the index, and the old names go and the new ones come in
// one generation (moves.h). The new name of a folder is crawled before the old one; the two events come one after the other, or not
// at all: kPairWait.
//
// sync: everything that was on disk when it was called has a ticket not newer than the sync's own: its events were drained from the
// kernel before the call was queued, files that are open still are looked at too, what is polled is crawled, and so are corpora that are
// offline, or whose root was replaced from above (a folder over it renamed, a link in its path set anew: no event tells), rule files that are
// open still are read, and crawls carry the ticket of what caused them. It is answered when no older ticket is outstanding.
//
// When the store fails (full disk), the batch is kept and published again after a pause that doubles from kRetryFirst to
// kRetryMost; syncs are answered with the error meanwhile; nothing is lost, since nothing was forgotten. A merge that fails, having no room
// for a second copy, holds up nothing: it is made again after a pause of its own, up to kMergeRetryMost.
//
// An index that is made beside one of another format (store.h) takes over when every corpus has been crawled, but for those that are offline; and
// not while all are. A sync waits for that too, and a purge, for the old one holds what was removed.
//
// DAMAGE (indexer_repair.cc). A repair has the merger's thread look at all checksums; what is damaged is taken out (index/store.h), and all
// corpora are crawled: files that the index had and has no more are read with Cause::Repair, what differs besides as ever. So does an
// error that says that the index is corrupt, at most kOwnRepairs times a run; where that finds nothing and the error comes again, the live segment is
// taken for damaged. Past that the error stays in the status. A purge is a sync, then a remaking of each segment that holds what was removed.
//
// A removal is believed only while the corpus root is there: otherwise the corpus is offline, and its documents stay.
//
// Where events do not tell of all changes (polled.h), the folders are crawled every `poll_ms`, and by each sync. A mount or unmount is
// told by the loop; what it covers is crawled. A `.tidingsignore` that changes is read, and the folder that it rules crawled.
#pragma once
#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "index/store.h"
#include "indexer/backoff.h"
#include "indexer/corpus_folder.h"
#include "indexer/crawler.h"
#include "indexer/mailbox.h"
#include "indexer/merger.h"
#include "indexer/mounts.h"
#include "indexer/moves.h"
#include "indexer/pending.h"
#include "indexer/progress.h"
#include "indexer/readers.h"
#include "indexer/status.h"
#include "indexer/unclosed.h"
#include "indexer/watch_table.h"

namespace tidings::indexer {

/// What the store records of a configuration.
Store::Options store_options(const config::Config& config, const std::string& control_socket);

class Indexer {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kArrivalWait{20};
  static constexpr std::chrono::milliseconds kRetryFirst{100}, kRetryMost{30'000}, kMergeRetryMost{60'000};
  static constexpr std::chrono::seconds kOfflineEvery{
      5};  ///< how often a missing corpus folder is looked for
  static constexpr std::chrono::seconds kRootsEvery{
      60};  ///< the roots are looked at, by a thread that is awake: it is not woken for it
  static constexpr std::size_t kMaxMoves =
      4096;  ///< past it the oldest half of a move is forgotten: an arrival
  static constexpr std::chrono::milliseconds kPairWait{10};
  static constexpr std::chrono::seconds kBulkPause{60};
  static constexpr std::chrono::seconds kProgressEvery{
      1};  ///< told anew, also while nothing comes of the readers
  static constexpr int kOwnRepairs = 8;
  static constexpr std::size_t kBatchBytes = std::size_t{16} << 20;  ///< of text in one commit

  struct Options {
    config::Config config;
    bool watching = true;  ///< false: one crawl and no watches (--once)
    std::string control_socket;
    std::function<std::optional<Mounts>()> read_mounts = &Mounts::now;  ///< what is mounted, as tests have it
  };

  /// The store is open already. `watch_calls` add and remove inotify watches, from the index thread.
  Indexer(std::unique_ptr<Store> store, Options options, WatchTable::Calls watch_calls);
  ~Indexer();
  Indexer(const Indexer&) = delete;
  Indexer& operator=(const Indexer&) = delete;

  /// Starts the index thread: the first crawls begin at once.
  void start();
  /// Publishes what has been read and ends the thread. Idempotent. Segments that are being made or merged are dropped, and made
  /// again after the next start.
  void stop();
  /// A merge outlives us (merger.h): the process is to end by _exit.
  bool left_running() const { return merger_->left_running(); }

  Mailbox& mailbox() { return mailbox_; }
  IndexerStatus status() const;  ///< any thread

 private:
  void run();
  void round(Mail mail);
  void configure(config::Config config);
  void on_event(const loop::FsEvent& event);
  void on_outcome(Outcome outcome);
  void on_bulk(BulkDone done);
  void on_merge(MergeDone done);
  void on_looked(Result<Soundness> seen);
  void look_at_segments();
  void repair_if_corrupt(const Error& error);
  void repaired(const Store::Mended& mended);
  void purge();
  void purge_on();
  void answer_purge(const std::string& error);
  bool purging() const { return !purges_.empty() && purges_.front().begun; }
  Ticket begin_sync();
  std::optional<BulkOrder> bulk_order(const Look& look);
  void publish_bulks();
  void publish_moves();
  bool publish_segments(std::size_t count, const std::vector<Key>& removals);
  void start_merge();
  void give_memory_back();
  void merge_failed(const Error& error, const char* doing);
  void merge_recovered();
  void seal_if_due();
  bool nothing_to_read() const;
  void on_folder_event(CorpusFolder& in, const Key& key, const loop::FsEvent& event);
  void on_file_event(CorpusFolder& in, const Key& key, const loop::FsEvent& event);
  void on_overflow();
  void look(Look look);
  void look_at_work(const Key& folder, Ticket ticket);
  void dispatch();
  void end_bulks();
  void crawl_steps();
  void record_configuration();
  bool remove_unconfigured(Ticket ticket);
  Cause crawl_cause(const config::Corpus& settings);
  Cause news_cause(const CorpusFolder& in);
  void crawl(const CorpusFolder& in, const std::string& folder, Cause cause, Ticket ticket);
  void note_missing(CorpusFolder& in);
  bool commit_is_due() const;
  void commit();
  void note_crawled();
  void take_over();
  void answer_syncs(const std::string& error);
  void look_after_corpora();
  void crawl_root(CorpusFolder& in, Ticket ticket);
  void poll(CorpusFolder& in, Ticket ticket, bool also_while_polling);
  void look_at_mounts(Ticket ticket);
  void on_written(Look look);
  void read_rules(const Look& look);
  void look_at_unclosed(const Unclosed::Files& files);
  void moves_away(std::uint32_t cookie, const Key& key, bool folder);
  bool was_moved(std::uint32_t cookie, const std::string& absolute);
  void crawl_parted();
  void crawl_parted(std::uint32_t cookie);
  void give_up_move(const Key& to, Ticket ticket);
  bool is_gone(const Key& key);
  void told(const Error& error, const char* doing);
  void look_after_error();
  bool paused() const { return retry_.waiting(); }
  bool has_room_in_flight() const { return in_flight_.size() < readers_->capacity(pending_.has_arrivals()); }
  void publish_status();
  std::optional<Clock::time_point> next_deadline() const;
  CorpusFolder* corpus(const std::string& name);
  bool work_can_go_on() const;

  std::unique_ptr<Store> store_;
  Options options_;
  Mailbox mailbox_;
  mutable std::mutex status_mutex_;
  IndexerStatus status_;  ///< guarded by status_mutex_

  // Of the index thread alone:
  std::map<std::string, std::unique_ptr<CorpusFolder>> corpora_;
  Mounts mounts_;
  WatchTable watches_;
  Outstanding outstanding_;
  Pending pending_;
  std::unique_ptr<Crawler> crawler_;
  std::map<Key, std::optional<Look>> in_flight_;  ///< being read; with the look that came meanwhile
  std::map<Key, bool> in_bulk_;  ///< in a segment that is not published; true: superseded since
  std::deque<BulkDone> bulks_;   ///< segments to be published
  std::shared_ptr<const std::vector<std::string>> languages_;
  Clock::time_point bulk_again_;  ///< after a failure the backfill goes the ordinary way until then
  bool merging_ = false;
  bool heap_grown_ = false;  ///< by segments, since give_memory_back()
  std::string merge_error_;  ///< of the last merge, or empty
  Backoff merge_retry_{kRetryFirst, kMergeRetryMost};
  Unclosed unclosed_;
  /// Moves whose other half may come, by cookie (they grow): what the index has of the file, nothing for a folder.
  std::map<std::uint32_t, std::optional<FileState>> moved_from_;
  struct Parted {
    Key folder;
    Ticket ticket;
    Clock::time_point since;
  };
  std::map<std::uint32_t, Parted> parted_;  ///< folders that moved away just now, by cookie; not crawled yet
  Moves moves_;
  std::set<std::string> widened_;  ///< corpora to be crawled again, since pending was full
  Ticket widened_ticket_ = 0;
  Ticket ticket_ = 1;
  std::map<std::string, std::pair<Ticket, std::string>>
      listed_;  ///< crawls whose looks are under way, and how they read
  Batch batch_;
  std::vector<Ticket> batch_tickets_;
  std::size_t batch_bytes_ = 0;
  bool batch_has_arrival_ = false;
  Clock::time_point batch_since_, arrival_since_, next_offline_, next_roots_, next_poll_;
  Backoff retry_{kRetryFirst, kRetryMost};
  std::deque<std::pair<Ticket, SyncCall>> syncs_;
  std::vector<SyncCall> repairs_,
      looking_for_;  ///< asked for; and those for whom the segments are looked at just now
  bool looking_ = false, repair_wanted_ = false, own_look_ = false, own_found_nothing_ = false;
  int own_repairs_ = 0;
  std::uint64_t quarantined_ = 0;
  struct Purge {
    Ticket ticket;
    SyncCall call;
    bool begun = false;
    std::set<SegmentId> left = {};  ///< still to be made anew
    std::uint64_t segments = 0;
  };
  std::deque<Purge> purges_;  ///< the first is under way
  std::size_t arrivals_in_flight_ = 0;
  Progress progress_;
  std::uint64_t overflows_ = 0, indexed_files_ = 0, indexed_bytes_ = 0;
  std::string last_error_;
  bool recorded_ = false;  ///< the index has the configuration
  std::string all_away_;   ///< why an index that is made beside another cannot take over, or empty
  bool stopping_ = false;

  std::unique_ptr<Readers> readers_;  ///< these last: their threads use the mailbox
  std::unique_ptr<Merger> merger_;
  std::thread thread_;
};

}  // namespace tidings::indexer
