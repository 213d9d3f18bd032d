// SPDX-License-Identifier: GPL-2.0-or-later
// line_client.h — asks a server on a Unix socket, one line there and one line back; blocking, without a loop.
//
// For the command line, e.g. `tidings sync` asking the daemon's control socket. Lines end in '\n', which is
// added to what is sent and taken off what is received, and have at most kMaxLine bytes in either direction.
// Errors name the socket: std::system_error "connect to /path: Connection refused", "ask /path: Connection
// timed out"; std::runtime_error where the server closed or its line is too long. After an error the
// connection is closed: an answer that came late would be taken for the next one's; make another LineClient.
// One thread at a time.
#pragma once
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "loop/fd.h"

namespace tidings::loop {

class LineClient {
 public:
  static constexpr std::size_t kMaxLine = 1 << 20;  // bytes, without the '\n'

  /// timeout_ms: the wait for a server too busy to accept; 0: for ever.
  explicit LineClient(std::string path, int timeout_ms = 0);

  /// timeout_ms bounds the whole exchange; 0: for ever.
  std::string request(std::string_view line, int timeout_ms = 0);

 private:
  using Clock = std::chrono::steady_clock;

  void send_line(std::string_view line, Clock::time_point until);
  std::string receive_line(Clock::time_point until);
  void wait_for(short events, Clock::time_point until);
  [[noreturn]] void fail(const std::string& why) const;

  std::string path_;
  Fd fd_;                 // closed after an error
  std::string received_;  // beyond the last line handed out
};

}  // namespace tidings::loop
