// SPDX-License-Identifier: GPL-2.0-or-later
// mailbox.h — what the loop thread and the readers tell the index thread.
//
// Many threads put, the index thread takes all there is at once. Events past kMaxEvents are dropped and `overflow` is set,
// which leads to a crawl of every corpus, as with the kernel's own overflow; the others are bounded by who sends them
// (readers: their capacity; syncs, repairs and purges: Control::kMaxWaiting).
#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "indexer/merger.h"
#include "indexer/readers.h"
#include "loop/inotify.h"

namespace tidings::indexer {

struct SyncAnswer {
  std::uint64_t generation = 0;
  std::string error;  ///< why what was on disk could not be made searchable, or empty
  std::vector<std::pair<std::string, std::uint64_t>> counts = {};  ///< of a repair or a purge: what was done
};
using SyncCall = std::function<void(const SyncAnswer&)>;  ///< called on the index thread, once

struct Mail {
  std::vector<loop::FsEvent> events;
  std::vector<Outcome> outcomes;
  std::vector<BulkDone> bulks;  ///< after the outcomes of their documents
  std::vector<MergeDone> merges;
  std::vector<SyncCall> syncs, repairs, purges;
  std::optional<Result<Soundness>> looked;  ///< what a repair is to go by
  std::optional<config::Config> reload;
  bool overflow = false;
  bool mounts = false;  ///< something was mounted or unmounted
  bool stop = false;
  bool empty() const {
    return events.empty() && outcomes.empty() && bulks.empty() && merges.empty() && syncs.empty() &&
           repairs.empty() && purges.empty() && !looked && !reload && !overflow && !mounts && !stop;
  }
};

class Mailbox {
 public:
  static constexpr std::size_t kMaxEvents = std::size_t{1} << 18;

  void put_events(std::vector<loop::FsEvent> events) {
    put([&](Mail& mail) {
      if (mail.events.size() + events.size() > kMaxEvents) {
        mail.overflow = true;
        return;
      }
      for (auto& event : events) mail.events.push_back(std::move(event));
    });
  }
  void put_outcomes(std::vector<Outcome> outcomes) {
    put([&](Mail& mail) {
      for (auto& outcome : outcomes) mail.outcomes.push_back(std::move(outcome));
    });
  }
  void put_bulk(BulkDone done) {
    put([&](Mail& mail) { mail.bulks.push_back(std::move(done)); });
  }
  void put_merge(MergeDone done) {
    put([&](Mail& mail) { mail.merges.push_back(std::move(done)); });
  }
  void put_sync(SyncCall call) {
    put([&](Mail& mail) { mail.syncs.push_back(std::move(call)); });
  }
  /// Checks all segments, reads again what was in damaged ones, and what differs from the disk.
  void put_repair(SyncCall call) {
    put([&](Mail& mail) { mail.repairs.push_back(std::move(call)); });
  }
  /// A sync; then what was removed leaves the disk.
  void put_purge(SyncCall call) {
    put([&](Mail& mail) { mail.purges.push_back(std::move(call)); });
  }
  void put_looked(Result<Soundness> looked) {
    put([&](Mail& mail) { mail.looked = std::move(looked); });
  }
  /// Only its corpora are taken.
  void put_reload(config::Config config) {
    put([&](Mail& mail) { mail.reload = std::move(config); });
  }
  void put_mounts() {
    put([](Mail& mail) { mail.mounts = true; });
  }
  void put_stop() {
    put([](Mail& mail) { mail.stop = true; });
  }

  /// All that has come; waits for something until `deadline`, where given.
  Mail take(std::optional<std::chrono::steady_clock::time_point> deadline) {
    std::unique_lock lock(mutex_);
    const auto any = [&] { return !mail_.empty(); };
    if (deadline)
      came_.wait_until(lock, *deadline, any);
    else
      came_.wait(lock, any);
    return std::exchange(mail_, Mail());
  }

 private:
  template <class F>
  void put(F&& change) {
    {
      const std::lock_guard lock(mutex_);
      change(mail_);
    }
    came_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable came_;
  Mail mail_;  ///< guarded by mutex_
};

}  // namespace tidings::indexer
