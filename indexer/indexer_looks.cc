// SPDX-License-Identifier: GPL-2.0-or-later
// Looks at files: what is asked for, given to the readers, and taken from them. See indexer.h.
#include <sys/stat.h>

#include <cerrno>

#include "indexer/indexer.h"

namespace tidings::indexer {

void Indexer::look_at_work(const Key& folder, Ticket ticket) {
  const auto concerned = [&](const Key& key) {
    return key.corpus == folder.corpus &&
           (folder.path.empty() || key.path == folder.path || key.path.starts_with(folder.path + "/"));
  };
  std::vector<Key> keys;
  for (const auto& [key, change] : batch_.changes())  // removals too: a folder may be back by now
    if (concerned(key)) keys.push_back(key);
  for (const auto& [key, again] : in_flight_)
    if (concerned(key)) keys.push_back(key);
  for (const auto& [key, superseded] : in_bulk_)
    if (concerned(key) && !superseded) keys.push_back(key);
  for (auto& key : moves_.removals())
    if (concerned(key)) keys.push_back(std::move(key));
  const CorpusFolder* in = corpus(folder.corpus);
  const bool first_crawl = in && news_cause(*in) == Cause::FirstCrawl;
  for (auto& key : keys) {
    struct stat seen {};
    const bool news = !first_crawl || (::lstat(in->absolute(key.path).c_str(), &seen) == 0 &&
                                       came_since(seen, in->first_crawl_ns));
    look({std::move(key), news ? Cause::Arrival : Cause::FirstCrawl, ticket, news});
  }
}

void Indexer::look(Look look) {
  if (look.from && moves_.is_made(look.key, *look.from) && in_bulk_.contains(look.key) &&
      !in_bulk_.at(look.key)) {
    outstanding_.hold(look.ticket);
    return moves_.wait(look.ticket);
  }
  if (moves_.leaving(look.key) && is_gone(look.key)) {
    outstanding_.hold(look.ticket);
    return moves_.wait(look.ticket);
  }
  if (look.from) {
    give_up_move(look.key, look.ticket);
    if (!moves_.claim(look.key, *look.from)) look.from.reset();
  }
  if (auto reading = in_flight_.find(look.key); reading != in_flight_.end()) {
    if (reading->second) {
      merge(*reading->second, look, outstanding_);
    } else {
      outstanding_.hold(look.ticket);
      reading->second = std::move(look);
    }
    return;
  }
  look.counted = !look.arrival;
  const auto added = pending_.add(look);
  if (added == Pending::Added::New && look.counted) progress_.asked(look.bytes);
  if (added != Pending::Added::Full) return;
  if (widened_.empty()) outstanding_.hold(widened_ticket_ = look.ticket);
  outstanding_.lower(widened_ticket_, look.ticket);
  widened_.insert(look.key.corpus);
  give_up_move(look.key, look.ticket);
}

/// Nothing is there, and the corpus is.
bool Indexer::is_gone(const Key& key) {
  const CorpusFolder* in = corpus(key.corpus);
  struct stat seen {};
  return in && !in->offline && in->root_is_there() && ::lstat(in->absolute(key.path).c_str(), &seen) != 0 &&
         (errno == ENOENT || errno == ENOTDIR);
}

/// The document of a file that moved goes another way than with the others: its old name is looked at by itself.
void Indexer::give_up_move(const Key& to, Ticket ticket) {
  if (auto from = moves_.give_up(to)) look({std::move(*from), Cause::Arrival, ticket, true});
}

void Indexer::dispatch() {
  std::vector<ReadOrder> orders;
  while (!paused() && in_flight_.size() < readers_->capacity()) {
    auto next = pending_.take();
    if (!next) break;
    CorpusFolder* in = corpus(next->key.corpus);
    in_flight_.emplace(next->key, std::nullopt);
    if (next->arrival) ++arrivals_in_flight_;
    if (!in || !in->wants_file(next->key.path)) {
      on_outcome({.look = *next, .result = Outcome::Gone{}});
      continue;
    }
    std::string absolute = in->absolute(next->key.path);
    auto bulk = bulk_order(*next);
    orders.push_back({std::move(*next), std::move(absolute), in->settings.languages, std::move(bulk)});
  }
  readers_->submit(std::move(orders));
}

void Indexer::on_outcome(Outcome outcome) {
  const Look& done = outcome.look;
  if (done.arrival) --arrivals_in_flight_;
  if (done.counted) progress_.done(done.bytes);
  auto reading = in_flight_.find(done.key);
  std::optional<Look> again = std::move(reading->second);
  in_flight_.erase(reading);

  CorpusFolder* in = corpus(done.key.corpus);
  // A configuration that came while it was read may want it no more.
  const bool unwanted = !in || !in->wants_file(done.key.path);
  if (unwanted && std::holds_alternative<PutDocument>(outcome.result)) outcome.result = Outcome::Gone{};
  if (outcome.file_read) {
    ++indexed_files_;
    indexed_bytes_ += outcome.file_bytes;
  }
  if (std::holds_alternative<Outcome::InBulk>(outcome.result)) {
    in_bulk_.emplace(done.key, unwanted);
    moves_.made(done.key);
    moves_.back(done.key);
    if (again) {
      const Ticket held = again->ticket;
      look(std::move(*again));
      outstanding_.release(held);
    }
    return;  // its segment releases the ticket
  }
  if (const auto bulk = in_bulk_.find(done.key); bulk != in_bulk_.end()) bulk->second = true;
  give_up_move(done.key, done.ticket);
  bool changes = true;
  if (auto* put = std::get_if<PutDocument>(&outcome.result)) {
    moves_.back(done.key);
    batch_.put(done.key, std::move(*put));
  } else {
    if (in && (in->offline || !in->root_is_there())) {
      crawl(*in, "", crawl_cause(in->settings), done.ticket);  // tells that it is offline
      changes = false;
    } else if (moves_.leaving(done.key) && !batch_.contains(done.key)) {
      outstanding_.hold(done.ticket);
      moves_.wait(done.ticket);
      changes = false;
    } else {
      changes = store_->find(done.key) || batch_.contains(done.key);
      if (changes) batch_.remove(done.key);
    }
  }
  if (changes) {
    const auto now = Clock::now();
    if (batch_tickets_.empty()) batch_since_ = now;
    if (done.arrival && !batch_has_arrival_) {
      batch_has_arrival_ = true;
      arrival_since_ = now;
    }
    batch_tickets_.push_back(done.ticket);
    batch_bytes_ += outcome.text_bytes;
  } else {
    outstanding_.release(done.ticket);
    readers_->consumed(outcome.text_bytes);
  }
  if (again) {
    const Ticket held = again->ticket;
    look(std::move(*again));
    outstanding_.release(held);
  }
}

}  // namespace tidings::indexer
