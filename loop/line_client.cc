// SPDX-License-Identifier: GPL-2.0-or-later
#include "loop/line_client.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "loop/socket.h"

namespace tidings::loop {

LineClient::LineClient(std::string path, int timeout_ms)
    : path_(std::move(path)), fd_(connect_unix(path_, timeout_ms)) {}

void LineClient::fail(const std::string& why) const {
  throw std::runtime_error("ask " + path_ + ": " + why);
}

std::string LineClient::request(std::string_view line, int timeout_ms) {
  if (line.find('\n') != std::string_view::npos) fail("a request is one line");
  if (line.size() > kMaxLine) fail("the request is over " + std::to_string(kMaxLine) + " bytes");
  if (!fd_) fail("the connection was closed after an error");
  const auto until =
      timeout_ms > 0 ? Clock::now() + std::chrono::milliseconds(timeout_ms) : Clock::time_point::max();
  try {
    send_line(line, until);
    return receive_line(until);
  } catch (...) {
    fd_.reset();
    throw;
  }
}

void LineClient::wait_for(short events, Clock::time_point until) {
  for (;;) {
    int ms = -1;
    if (until != Clock::time_point::max()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
      ms = static_cast<int>(std::max<decltype(left)>(left, 0));
    }
    pollfd p{fd_.get(), events, 0};
    const int n = ::poll(&p, 1, ms);
    if (n > 0) return;
    if (n == 0) errno = ETIMEDOUT;
    if (n == 0 || errno != EINTR) throw std::system_error(errno, std::generic_category(), "ask " + path_);
  }
}

void LineClient::send_line(std::string_view line, Clock::time_point until) {
  const std::string bytes = std::string(line) + "\n";
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t n =
        ::send(fd_.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n >= 0)
      sent += static_cast<std::size_t>(n);
    else if (errno == EAGAIN)
      wait_for(POLLOUT, until);
    else if (errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "ask " + path_);
  }
}

std::string LineClient::receive_line(Clock::time_point until) {
  std::array<char, 16384> chunk;
  for (std::size_t searched = 0;;) {
    const auto newline = received_.find('\n', searched);
    if (std::min(newline, received_.size()) > kMaxLine)
      fail("the answer is over " + std::to_string(kMaxLine) + " bytes");
    if (newline != std::string::npos) {
      std::string line = received_.substr(0, newline);
      received_.erase(0, newline + 1);
      return line;
    }
    searched = received_.size();
    const ssize_t n = ::recv(fd_.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (n > 0)
      received_.append(chunk.data(), static_cast<std::size_t>(n));
    else if (n == 0)
      fail("the server closed the connection without an answer");
    else if (errno == EAGAIN)
      wait_for(POLLIN, until);
    else if (errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "ask " + path_);
  }
}

}  // namespace tidings::loop
