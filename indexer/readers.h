// SPDX-License-Identifier: GPL-2.0-or-later
// readers.h — the threads that read files and make documents of them.
//
// A Look goes in, an Outcome comes out by the callback, on a reader's thread. Each thread has its own analyzer for each
// set of languages. submit() never blocks: the index thread keeps at most capacity() looks in flight. Readers go ahead of
// the writer, which is busy with a commit much of the time, by at most kAheadBytes of text (kArrivalsAheadBytes for arrivals), and then wait: memory is
// bounded by that and one file a thread. The destructor waits for what is being read and drops what is not.
//
// An order with a BulkOrder goes into the segment that the thread is making (index/segments/bulk.h), and its outcome says so. The segment is
// finished at kBulkDocuments, kBulkBytes of text, kBulkAge after its first document, or at flush(), and handed over with the looks that it
// settles, or with the error and the looks that are to be made again. Outcomes of documents in bulk are told kToldAtOnce at a time, or
// when there is nothing to read: each telling wakes the index thread, which took a twentieth of a backfill's processor time.
//
// An order for a report that has moved (Look::from), with a BulkOrder, is carried out without opening the file: where it is as it was
// read, the document is made anew of the text that the index has under the old name. Otherwise the file is read.
//
// One thread takes arrivals alone and keeps its priority; the others take arrivals too when they are free, run at kBackfillNice, and may be
// away for the fraction of a second that finishing a segment takes.
#pragma once
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "index/store.h"
#include "indexer/extract/extract.h"
#include "indexer/pending.h"

namespace tidings::indexer {

/// For a document that is made in bulk.
struct BulkOrder {
  std::uint64_t generation = 0;
  std::optional<Previous> previous;
  std::optional<Indexed> moved;  ///< of a report that has moved: where its text is, and as what it was read
  std::shared_ptr<const std::vector<std::string>>
      index_languages;  ///< what words are stemmed with in the whole index
};

struct ReadOrder {
  Look look;
  std::string absolute;
  std::vector<std::string> languages;
  std::optional<BulkOrder> bulk;
};

struct Outcome {
  Look look;
  struct Gone {};    ///< no regular file there
  struct InBulk {};  ///< in the segment that is made
  std::variant<Gone, PutDocument, InBulk> result;
  bool file_read = false;
  std::size_t text_bytes = 0;
  std::uint64_t file_bytes = 0;
};

struct BulkDone {
  Result<BulkSegment> segment;
  std::vector<Look> looks;  ///< of its documents
};

class Readers {
 public:
  static constexpr std::size_t kBulkDocuments = 3200;
  static constexpr std::size_t kBulkBytes = std::size_t{32} << 20;  ///< of stored text
  static constexpr std::chrono::seconds kBulkAge{5};
  static constexpr int kBackfillNice = 5;
  static constexpr std::size_t kAheadBytes = std::size_t{32} << 20;    ///< of text read and not consumed yet
  static constexpr std::size_t kArrivalsAheadBytes = 4 * kAheadBytes;  ///< arrivals go on up to here
  static constexpr std::size_t kAheadLooks = 256;                      ///< for each thread
  static constexpr std::size_t kToldAtOnce = 32;                       ///< outcomes

  struct Calls {
    std::function<void(std::vector<Outcome>)> done;
    std::function<void(BulkDone)> bulk_done;
    std::function<BulkPlace(std::vector<std::string> languages)> new_bulk_place;  ///< any thread
    std::filesystem::path index;
  };

  /// `threads` for the backfill, and one for arrivals.
  Readers(std::size_t threads, Limits limits, Calls calls);
  ~Readers();
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  /// Looks that may be in flight. The last kAheadLooks of them are for arrivals: a backfill fills its own, and gives them back in heaps.
  std::size_t capacity(bool arrival) const { return (threads_.size() - (arrival ? 0 : 1)) * kAheadLooks; }
  void submit(std::vector<ReadOrder> orders);
  /// The outcome with so many bytes of text has been written, or dropped.
  void consumed(std::size_t text_bytes);
  /// Finishes the segments that are being made, once nothing else is to be read.
  /// Readers that rest then give back what memory they took (heap.h).
  void flush();

 private:
  class Worker;

  const Limits limits_;
  const Calls calls_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<ReadOrder> arrivals_, backfill_;  ///< guarded by mutex_
  std::size_t ahead_bytes_ = 0;                ///< guarded by mutex_
  std::uint64_t flushes_ = 0;                  ///< guarded by mutex_
  bool stop_ = false;                          ///< guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace tidings::indexer
