// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/api/connection.h"

#include <algorithm>

#include "searcher/api/error_response.h"

namespace tidings::searcher {

Connection::Connection(loop::Loop& loop, std::unique_ptr<loop::Stream> stream, const Limits& limits,
                       std::shared_ptr<Budget> budget, Handler handler,
                       std::function<void(Connection&, const std::string&)> on_gone)
    : stream_(std::move(stream)),
      limits_(limits),
      budget_(std::move(budget)),
      handler_(std::move(handler)),
      on_gone_(std::move(on_gone)),
      request_timer_(loop, [this] { on_request_timeout(); }),
      idle_timer_(loop, [this] { on_idle(); }) {}

Connection::~Connection() {
  budget_->held -= outgoing_.size();
}

void Connection::start() {
  stream_->start({.on_data = [this](std::string_view bytes) { on_data(bytes); },
                  .on_closed =
                      [this](const std::string& reason) {
                        const auto until_it_returns = shared_from_this();  // its owner may let go
                        if (outlet_)
                          outlet_->on_gone(untaken_ && reason == "aborted" ? "slow reader" : reason);
                        on_gone_(*this, reason);
                      },
                  .on_drained = [this] { on_drained(); },
                  .on_end = [this] { on_end(); }},
                 limits_.client_buffer);
  set_timers();
}

void Connection::on_data(std::string_view bytes) {
  if (refused_ || outlet_) return;
  reader_.feed(bytes);
  read_requests();
  go_on();
}

void Connection::on_end() {
  ended_ = true;
  if (lingering_ || outlet_) return stream_->finish();
  go_on();
}

void Connection::read_requests() {
  while (!refused_ && !finishing_ && waiting_.size() < kMaxWaiting) {
    auto next = reader_.next();
    if (!next) {
      refuse(next.error());
    } else if (*next) {
      ++requests_read_;
      waiting_.emplace_back(std::move(**next));
    } else {
      break;
    }
  }
  if (refused_ || waiting_.size() < kMaxWaiting)
    stream_->resume_reading();
  else
    stream_->pause_reading();
}

void Connection::refuse(const Refusal& refusal) {
  refused_ = true;
  waiting_.emplace_back(refusal);
}

void Connection::finish() {
  finishing_ = true;
  waiting_.clear();
  if (outlet_) return stream_->finish();
  go_on();
}

void Connection::go_on() {
  if (going_on_) return;
  going_on_ = true;
  while (!running_ && !sending_ && !lingering_ && !outlet_ && !waiting_.empty()) {
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    read_requests();
    if (auto* refusal = std::get_if<Refusal>(&next)) {
      keep_alive_ = is_head_ = false;
      send(error_response(*refusal));
      break;
    }
    auto& request = std::get<Request>(next);
    keep_alive_ = request.keep_alive;
    is_head_ = request.is_head();
    running_ = true;
    handler_(std::move(request), [self = weak_from_this()](const Response& response) {
      if (auto here = self.lock()) here->respond(response);
    });
  }
  going_on_ = false;
  if ((ended_ || finishing_) && !running_ && !sending_ && waiting_.empty()) stream_->finish();
  set_timers();
}

void Connection::respond(const Response& response) {
  if (!running_) return;
  running_ = false;
  if (response.stream && !is_head_) return begin_stream(response);
  send(response);
  go_on();
}

void Connection::send(const Response& response) {
  const bool fits = budget_->held == 0 || budget_->held + response.body.size() <= Budget::kMaxHeld;
  outgoing_ = serialise(fits ? response : busy_response("too many answers wait for their clients"),
                        keep_alive_ && !finishing_, is_head_);
  budget_->held += outgoing_.size();
  sent_ = 0;
  sending_ = true;
  write_piece();
}

void Connection::begin_stream(const Response& response) {
  if (finishing_ || ended_) return stream_->finish();
  waiting_.clear();
  stream_->resume_reading();  // to see its end
  outlet_ = std::make_shared<Outlet>(weak_from_this());
  write_stream(serialise_header(response));
  response.stream(outlet_);
}

bool Connection::write_stream(std::string bytes) {
  const bool written = stream_->write(std::move(bytes));
  set_timers();
  return written;
}

bool Outlet::write(std::string bytes) {
  const auto connection = connection_.lock();
  return connection && connection->write_stream(std::move(bytes));
}

void Outlet::finish() {
  if (const auto connection = connection_.lock()) connection->finish_stream();
}

void Connection::write_piece() {
  const std::size_t size = std::min({outgoing_.size() - sent_, kPiece, limits_.client_buffer});
  stream_->write(outgoing_.substr(sent_, size));  // false: closed, and on_gone comes
  sent_ += size;
}

void Connection::on_drained() {
  if (outlet_) {
    untaken_ = false;
    set_timers();
    return outlet_->on_drained();
  }
  if (!sending_) return;
  if (sent_ < outgoing_.size()) {
    write_piece();
    return set_timers();
  }
  budget_->held -= outgoing_.size();
  std::string().swap(outgoing_);
  sending_ = false;
  if (keep_alive_ && !finishing_) return go_on();
  if (!refused_ || ended_) return stream_->finish();
  lingering_ = true;
  stream_->resume_reading();
  set_timers();
}

void Connection::set_timers() {
  if (outlet_) {
    request_timer_.stop();
    const bool untaken = stream_->unsent() > 0;
    if (untaken && !untaken_) idle_timer_.start(limits_.idle_timeout_ms);
    if (!untaken) idle_timer_.stop();
    untaken_ = untaken;
    return;
  }
  // A request that has begun is timed from its first byte on; those that wait unread are not the client's
  // delay.
  const bool partial = !refused_ && waiting_.size() < kMaxWaiting && reader_.is_partial();
  if (!partial && timing_) {
    timing_ = false;
    request_timer_.stop();
  } else if (partial && (!timing_ || timed_request_ != requests_read_)) {
    timing_ = true;
    timed_request_ = requests_read_;
    request_timer_.start(limits_.request_timeout_ms);
  }
  if (lingering_)
    idle_timer_.start(kLinger);
  else if (running_)
    idle_timer_.stop();
  else
    idle_timer_.start(limits_.idle_timeout_ms);
}

void Connection::on_request_timeout() {
  timing_ = false;
  refuse({408, "the request was not complete within " + std::to_string(limits_.request_timeout_ms) + " ms",
          "send it faster"});
  go_on();
}

void Connection::on_idle() {
  if (lingering_) return stream_->finish();
  stream_->abort();
}

}  // namespace tidings::searcher
