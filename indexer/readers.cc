// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/readers.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <memory>

#include "index/builder.h"
#include "index/snapshot.h"
#include "indexer/extract/read_file.h"
#include "indexer/extract/source.h"
#include "indexer/heap.h"

namespace tidings::indexer {
namespace {

constexpr int kReadAgain =
    3;  ///< times a file that changes under us is read before the next event is waited for

using Builders = std::map<std::vector<std::string>, std::unique_ptr<DocumentBuilder>>;

PutDocument put_of(const Record& record, const ReadOrder& order, Builders& builders) {
  auto& builder = builders[order.languages];
  if (!builder) builder = std::make_unique<DocumentBuilder>(order.languages);
  PutDocument put{.document = {}, .cause = order.look.cause, .hash = record.hash};
  put.document = builder->build(record, order.bulk ? &put.words : nullptr);
  return put;
}

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// A report of a file whose contents could not be had: it is found by its name, and says why it has no text.
Report nameless(const FileFacts& facts, Status status, const std::string& reason) {
  Report report;
  report.title = facts.name;
  report.title_from = Origin::FileName;
  report.type = "binary";
  report.date = {iso_of(facts.mtime_ns / 1'000'000'000), Origin::FileTime};
  report.status = status;
  report.reason = reason;
  return report;
}

/// A folder between the corpus and the file is a link now: what lies beyond it is no part of the corpus.
bool beyond_a_link(const ReadOrder& order) {
  std::string folder = order.absolute;
  const std::size_t root = order.absolute.size() - order.look.key.path.size();
  for (std::size_t slash = folder.rfind('/'); slash != std::string::npos && slash >= root;
       slash = folder.rfind('/')) {
    folder.resize(slash);
    struct stat seen {};
    if (::lstat(folder.c_str(), &seen) == 0 && S_ISLNK(seen.st_mode)) return true;
  }
  return false;
}

/// The record of a report that has moved, under its new name; nothing where the file is not the one that the index has, or the index
/// cannot be read just now.
std::optional<Record> record_of_moved(const ReadOrder& order, Reader& index, Texts::Unpacked& last) {
  const Indexed& moved = *order.bulk->moved;
  struct stat seen {};
  if (::lstat(order.absolute.c_str(), &seen) != 0 || !S_ISREG(seen.st_mode) ||
      !moved.stamp.same_stamp(state_of(seen)) || beyond_a_link(order))
    return std::nullopt;
  std::optional<Record> record;
  const auto read = index.run([&](const Snapshot& snapshot) -> Result<void> {
    record = snapshot.data_at(moved.place.segment, moved.place.document, last);
    if (record) return {};
    // Merged since.
    if (const auto id = snapshot.find(*order.look.from))
      if (Record now = snapshot.record(*id); now.file.same_stamp(moved.stamp)) record = std::move(now);
    return {};
  });
  if (!read) spdlog::warn("a report that has moved is read again: {}", read.error().what);
  if (!read || !record) return std::nullopt;
  record->key = order.look.key;
  record->file = state_of(seen);
  record->hash = order.bulk->previous->hash;
  record->report.status = moved.status;
  if (record->report.source_from == Origin::Folder) {
    FileFacts facts;
    facts.path = record->key.path;
    facts.folder = record->key.corpus;
    record->report.source = source_of_folder(facts);
  }
  return record;
}

Outcome read(const ReadOrder& order, const Limits& limits, Builders& builders) {
  Outcome outcome{.look = order.look, .result = Outcome::Gone{}};
  struct stat seen {};
  const int rc = ::fstatat(AT_FDCWD, order.absolute.c_str(), &seen, AT_SYMLINK_NOFOLLOW);
  if (rc != 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == ENAMETOOLONG))
    return outcome;
  if ((rc == 0 && !S_ISREG(seen.st_mode)) || beyond_a_link(order)) return outcome;

  Result<FileContents> contents = read_file(order.absolute, limits);
  for (int again = 0; again < kReadAgain && contents && contents->changed_while_reading; ++again)
    contents = read_file(order.absolute, limits);
  if (!contents && contents.error().code == Error::Code::NotFound) return outcome;

  Record record;
  record.key = order.look.key;
  if (contents) {
    record.file = contents->state;
    if (contents->changed_while_reading) record.file.ctime_ns = 0;  // the next look must read it again
    record.hash = contents->hash;
    FileFacts facts = facts_of(record.key.path, *contents);
    facts.folder = record.key.corpus;  // a source for what lies in the corpus folder itself
    record.report = extract(contents->bytes, facts, limits);
  } else {
    FileContents unread;
    if (rc == 0) {
      unread.state = state_of(seen);
    }
    record.file = unread.state;
    record.report =
        nameless(facts_of(record.key.path, unread),
                 contents.error().code == Error::Code::Unreadable ? Status::Unreadable : Status::Failed,
                 contents.error().what);
  }
  record.indexed_ms = now_ms();
  outcome.text_bytes = record.report.text.size();
  outcome.file_bytes = record.file.size;
  outcome.file_read = true;
  outcome.result = put_of(record, order, builders);
  return outcome;
}

/// What reading one file throws (no memory for it) is told of that file, and the others go on.
Outcome read_or_tell(const ReadOrder& order, const Limits& limits, Builders& builders) {
  try {
    return read(order, limits, builders);
  } catch (const std::exception& e) {
    builders.clear();  // their scratch space may be large, or half written
    spdlog::error("corpus {}: a file cannot be read: {}", order.look.key.corpus, e.what());
    Record record;
    record.key = order.look.key;
    record.report = nameless(facts_of(record.key.path, {}), Status::Failed, e.what());
    record.indexed_ms = now_ms();
    DocumentBuilder builder(order.languages);
    Outcome outcome{.look = order.look, .result = Outcome::Gone{}};
    outcome.result = PutDocument{builder.build(record), order.look.cause, record.hash};
    return outcome;
  }
}

}  // namespace

/// One thread's work: what it reads with, and the segment that it makes.
class Readers::Worker {
 public:
  Worker(Readers& readers, bool arrivals_only) : readers_(readers), arrivals_only_(arrivals_only) {}

  void run() {
    // For this thread alone, as Linux has it.
    if (!arrivals_only_ && ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kBackfillNice) != 0)
      spdlog::debug("the backfill runs at the priority of all: {}", std::strerror(errno));
    while (true) {
      auto order = next();
      if (!order && stopping_) return;
      if (order) take(std::move(*order));
      if (bulk_ && (!order || bulk_is_full())) finish();
      if (!order) rest();
    }
  }

 private:
  bool can_take() const {
    return (!readers_.arrivals_.empty() && readers_.ahead_bytes_ < kArrivalsAheadBytes) ||
           (!arrivals_only_ && !readers_.backfill_.empty() && readers_.arrivals_.empty() &&
            readers_.ahead_bytes_ < kAheadBytes);
  }
  bool bulk_is_full() const {
    return bulk_->size() >= kBulkDocuments || bulk_->bytes() >= kBulkBytes ||
           std::chrono::steady_clock::now() >= bulk_since_ + kBulkAge;
  }

  /// The next order; nothing when it is time to finish the segment, or to stop.
  std::optional<ReadOrder> next() {
    std::unique_lock lock(readers_.mutex_);
    const auto ready = [&] { return readers_.stop_ || can_take() || flushed_ != readers_.flushes_; };
    if (!ready() && !told_.empty()) {
      lock.unlock();
      tell();
      lock.lock();
    }
    if (bulk_)
      readers_.ready_.wait_until(lock, bulk_since_ + kBulkAge, ready);
    else
      readers_.ready_.wait(lock, ready);
    stopping_ = readers_.stop_;
    if (stopping_) return std::nullopt;
    if (!can_take()) {
      flushed_ = readers_.flushes_;
      return std::nullopt;
    }
    auto& orders = readers_.arrivals_.empty() ? readers_.backfill_ : readers_.arrivals_;
    ReadOrder order = std::move(orders.front());
    orders.pop_front();
    return order;
  }

  void take(ReadOrder order) {
    Outcome outcome =
        order.bulk && order.bulk->moved ? remake(order) : read_or_tell(order, readers_.limits_, builders_);
    if (auto* put = std::get_if<PutDocument>(&outcome.result); put && order.bulk) {
      if (add_to_bulk(*order.bulk, *put, outcome.look)) outcome.result = Outcome::InBulk{};
      outcome.text_bytes = 0;
    }
    if (outcome.text_bytes > 0) {
      const std::lock_guard lock(readers_.mutex_);
      readers_.ahead_bytes_ += outcome.text_bytes;
    }
    const bool in_bulk = std::holds_alternative<Outcome::InBulk>(outcome.result);
    told_.push_back(std::move(outcome));
    if (!in_bulk || told_.size() >= kToldAtOnce) tell();
    if (failed_) hand_over(tl::unexpected(*std::exchange(failed_, std::nullopt)));
  }

  Outcome remake(const ReadOrder& order) {
    if (!index_) index_ = std::make_unique<Reader>(readers_.calls_.index);
    auto& last = unpacked_[order.bulk->moved->place.segment];
    const auto record = record_of_moved(order, *index_, last);
    if (!record) return read_or_tell(order, readers_.limits_, builders_);
    Outcome outcome{.look = order.look, .result = Outcome::Gone{}};
    outcome.result = put_of(*record, order, builders_);
    return outcome;
  }

  /// After an error the document is in bulk too: with the others, its look is to be made again.
  bool add_to_bulk(const BulkOrder& order, PutDocument& put, const Look& look) {
    complete(put, order.previous, order.generation);
    if (!bulk_) {
      bulk_ = std::make_unique<BulkWriter>(readers_.calls_.new_bulk_place(*order.index_languages));
      bulk_since_ = std::chrono::steady_clock::now();
    }
    looks_.push_back(look);
    if (auto added = bulk_->add(put.document, put.words); !added) failed_ = added.error();
    return true;
  }

  /// Nothing more is to be read just now: what the builders remember of words goes.
  void rest() {
    builders_.clear();
    trim_heap_of_this_thread();
  }

  void finish() {
    if (!told_.empty()) tell();  // finishing takes a while
    hand_over(bulk_->finish());
  }

  void tell() { readers_.calls_.done(std::exchange(told_, {})); }

  void hand_over(Result<BulkSegment> segment) {
    if (!told_.empty()) tell();
    bulk_.reset();
    index_.reset();  // it holds segments that may be merged by now
    unpacked_.clear();
    readers_.calls_.bulk_done({std::move(segment), std::exchange(looks_, {})});
  }

  Readers& readers_;
  const bool arrivals_only_;
  Builders builders_;
  std::unique_ptr<BulkWriter> bulk_;
  std::unique_ptr<Reader> index_;                  ///< while moved reports are made anew
  std::map<SegmentId, Texts::Unpacked> unpacked_;  ///< the block of each segment that was read last
  std::vector<Look> looks_;
  std::vector<Outcome> told_;  ///< to be told
  std::optional<Error> failed_;
  std::chrono::steady_clock::time_point bulk_since_;
  std::uint64_t flushed_ = 0;
  bool stopping_ = false;
};

Readers::Readers(std::size_t threads, Limits limits, Calls calls)
    : limits_(limits), calls_(std::move(calls)) {
  for (std::size_t i = 0; i <= threads; ++i)
    threads_.emplace_back([this, arrivals_only = i == 0] { Worker(*this, arrivals_only).run(); });
}

Readers::~Readers() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  ready_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Readers::submit(std::vector<ReadOrder> orders) {
  if (orders.empty()) return;
  const bool arrival = orders.size() == 1 && orders.front().look.arrival;
  {
    const std::lock_guard lock(mutex_);
    for (auto& order : orders) {
      auto& queue = order.look.arrival ? arrivals_ : backfill_;
      queue.push_back(std::move(order));
    }
  }
  // One woken thread may be the one for arrivals alone.
  if (arrival)
    ready_.notify_one();
  else
    ready_.notify_all();
}

void Readers::consumed(std::size_t text_bytes) {
  {
    const std::lock_guard lock(mutex_);
    ahead_bytes_ -= text_bytes;
  }
  ready_.notify_all();
}

void Readers::flush() {
  {
    const std::lock_guard lock(mutex_);
    ++flushes_;
  }
  ready_.notify_all();
}

}  // namespace tidings::indexer
