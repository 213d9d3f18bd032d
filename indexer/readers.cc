// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/readers.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <chrono>
#include <map>
#include <memory>

#include "index/builder.h"
#include "indexer/extract/read_file.h"

namespace tidings::indexer {
namespace {

constexpr int kReadAgain =
    3;  ///< times a file that changes under us is read before the next event is waited for

using Builders = std::map<std::vector<std::string>, std::unique_ptr<DocumentBuilder>>;

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
      unread.state = {static_cast<std::uint64_t>(seen.st_size),
                      seen.st_ctim.tv_sec * 1'000'000'000 + seen.st_ctim.tv_nsec,
                      seen.st_mtim.tv_sec * 1'000'000'000 + seen.st_mtim.tv_nsec, seen.st_ino};
    }
    record.file = unread.state;
    record.report =
        nameless(facts_of(record.key.path, unread),
                 contents.error().code == Error::Code::Unreadable ? Status::Unreadable : Status::Failed,
                 contents.error().what);
  }
  record.indexed_ms = now_ms();
  auto& builder = builders[order.languages];
  if (!builder) builder = std::make_unique<DocumentBuilder>(order.languages);
  outcome.text_bytes = record.report.text.size();
  outcome.file_bytes = record.file.size;
  outcome.result = PutDocument{builder->build(record), order.look.cause, record.hash};
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

Readers::Readers(std::size_t threads, Limits limits, std::function<void(Outcome)> done)
    : limits_(limits), done_(std::move(done)) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Readers::~Readers() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  ready_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Readers::submit(ReadOrder order) {
  {
    const std::lock_guard lock(mutex_);
    (order.look.arrival ? arrivals_ : backfill_).push_back(std::move(order));
  }
  ready_.notify_one();
}

void Readers::consumed(std::size_t text_bytes) {
  {
    const std::lock_guard lock(mutex_);
    ahead_bytes_ -= text_bytes;
  }
  ready_.notify_all();
}

void Readers::work() {
  Builders builders;
  while (true) {
    ReadOrder order;
    {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [&] {
        return stop_ || (!arrivals_.empty() && ahead_bytes_ < kArrivalsAheadBytes) ||
               (!backfill_.empty() && arrivals_.empty() && ahead_bytes_ < kAheadBytes);
      });
      if (stop_) return;
      auto& orders = arrivals_.empty() ? backfill_ : arrivals_;
      order = std::move(orders.front());
      orders.pop_front();
    }
    Outcome outcome = read_or_tell(order, limits_, builders);
    {
      const std::lock_guard lock(mutex_);
      ahead_bytes_ += outcome.text_bytes;
    }
    done_(std::move(outcome));
  }
}

}  // namespace tidings::indexer
