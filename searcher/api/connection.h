// SPDX-License-Identifier: GPL-2.0-or-later
// connection.h — one client: its requests read one behind the other, answered in that order, one at a time.
//
// Bounds, and what happens past them:
// - kMaxWaiting whole requests wait behind the one that is being answered; then nothing more is read, so the client's writes block
//   until there is room.
// - a request is whole within request_timeout_ms of its first byte, else 408 and the end.
// - nothing happened for idle_timeout_ms, between requests or while a response waits to be taken: the end.
// - a response is handed to the kernel in pieces of kPiece (client_buffer if that is less), the next when the last was taken; so a
//   client that does not read costs the one response that it does not take. All responses that wait so are bounded together by
//   Budget: past it a new one is replaced by 503 `busy`.
// - a response that is a stream (outlet.h) is the last of its connection. What its client does not take is at most client_buffer
//   bytes, for at most idle_timeout_ms.
//
// A request refused by RequestReader is answered behind those before it; then the connection ends. What the client still sends is
// read and dropped for kLinger, since closing with unread bytes would reset the connection, and the client might never see the
// answer.
//
// Loop thread only. The Handler may respond at once or later, once; a response that comes when the connection has gone is dropped.
// on_gone is the last call, in which the owner may let go of the Connection.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "loop/loop.h"
#include "loop/stream.h"
#include "loop/timer.h"
#include "searcher/api/http_codec.h"
#include "searcher/api/outlet.h"

namespace tidings::searcher {

/// Bytes of responses that wait for their clients, of all connections. One response is let through whatever
/// its size.
struct Budget {
  static constexpr std::size_t kMaxHeld = std::size_t{128} << 20;
  std::size_t held = 0;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  static constexpr std::size_t kMaxWaiting = 16;   // requests
  static constexpr std::size_t kPiece = 64 << 10;  // bytes
  static constexpr std::uint64_t kLinger = 200;    // ms

  struct Limits {
    std::uint64_t request_timeout_ms = 10000, idle_timeout_ms = 60000;
    std::size_t client_buffer = 1 << 20;  ///< bytes written that the kernel has not taken
  };
  using Respond = std::function<void(Response)>;
  using Handler = std::function<void(Request, Respond)>;

  Connection(loop::Loop& loop, std::unique_ptr<loop::Stream> stream, const Limits& limits,
             std::shared_ptr<Budget> budget, Handler handler,
             std::function<void(Connection&, const std::string& reason)> on_gone);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();

  // The Outlet's.
  bool write_stream(std::string bytes);
  void finish_stream() { stream_->finish(); }

  /// Begins no more requests, and ends when the one that is running has been answered and taken.
  void finish();

 private:
  void on_data(std::string_view bytes);
  void on_end();
  void on_drained();
  void on_request_timeout();
  void on_idle();

  void read_requests();
  void refuse(const Refusal& refusal);
  void go_on();
  void respond(const Response& response);
  void send(const Response& response);
  void begin_stream(const Response& response);
  void write_piece();
  void set_timers();

  std::unique_ptr<loop::Stream> stream_;
  const Limits limits_;
  const std::shared_ptr<Budget> budget_;
  const Handler handler_;
  const std::function<void(Connection&, const std::string&)> on_gone_;
  loop::Timer request_timer_, idle_timer_;

  RequestReader reader_;
  std::deque<std::variant<Request, Refusal>> waiting_;  // a Refusal is the last
  std::uint64_t requests_read_ = 0, timed_request_ = 0;
  bool timing_ = false;   // request_timer_ runs, for the request numbered timed_request_
  bool refused_ = false;  // what comes is dropped
  bool ended_ = false;    // the client sends no more
  bool finishing_ = false;

  bool going_on_ = false;                     // within go_on()
  bool running_ = false;                      // the handler has a request
  bool keep_alive_ = true, is_head_ = false;  // of that request
  std::string outgoing_;
  std::size_t sent_ = 0;  // of outgoing_
  bool sending_ = false;  // until the kernel has taken all
  bool lingering_ = false;
  std::shared_ptr<Outlet> outlet_;  // of the response that is a stream
  bool untaken_ = false;            // of it: idle_timer_ runs
};

}  // namespace tidings::searcher
