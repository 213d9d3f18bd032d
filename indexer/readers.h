// SPDX-License-Identifier: GPL-2.0-or-later
// readers.h — the threads that read files and make documents of them.
//
// A Look goes in, an Outcome comes out by the callback, on a reader's thread. Each thread has its own analyzer for each
// set of languages. submit() never blocks: the index thread keeps at most capacity() looks in flight. Readers go ahead of
// the writer, which is busy with a commit much of the time, by at most kAheadBytes of text (kArrivalsAheadBytes for arrivals), and then wait: memory is
// bounded by that and one file a thread. The destructor waits for what is being read and drops what is not.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "index/store.h"
#include "indexer/extract/extract.h"
#include "indexer/pending.h"

namespace tidings::indexer {

struct ReadOrder {
  Look look;
  std::string absolute;
  std::vector<std::string> languages;
};

struct Outcome {
  Look look;
  struct Gone {};  ///< no regular file there
  std::variant<Gone, PutDocument> result;
  std::size_t text_bytes = 0;
  std::uint64_t file_bytes = 0;
};

class Readers {
 public:
  static constexpr std::size_t kAheadBytes = std::size_t{32} << 20;    ///< of text read and not consumed yet
  static constexpr std::size_t kArrivalsAheadBytes = 4 * kAheadBytes;  ///< arrivals go on up to here
  static constexpr std::size_t kAheadLooks = 256;                      ///< for each thread

  Readers(std::size_t threads, Limits limits, std::function<void(Outcome)> done);
  ~Readers();
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  std::size_t capacity() const { return threads_.size() * kAheadLooks; }
  void submit(ReadOrder order);
  /// The outcome with so many bytes of text has been written, or dropped.
  void consumed(std::size_t text_bytes);

 private:
  void work();

  const Limits limits_;
  const std::function<void(Outcome)> done_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<ReadOrder> arrivals_, backfill_;  ///< guarded by mutex_
  std::size_t ahead_bytes_ = 0;                ///< guarded by mutex_
  bool stop_ = false;                          ///< guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace tidings::indexer
