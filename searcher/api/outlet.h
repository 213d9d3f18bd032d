// SPDX-License-Identifier: GPL-2.0-or-later
// outlet.h — a response that is not whole: its body is written piece by piece, as long as the client stays.
//
// A Response whose `stream` is set is begun by its Connection (headers, no length, the connection's end is its end), which then calls `stream` with the
// Outlet. Nothing more is read of that client but its end. What it does not take waits in the connection: at most limits.client_buffer_kib, and for
// idle_timeout_ms; else it is dropped ("slow reader"). So whoever has much to say writes a piece, and the next when on_drained is called.
//
// Loop thread only. The one who writes keeps the Outlet; the Connection calls the two functions, on_gone at most once and last. Neither is called from
// inside write() or finish().
#pragma once
#include <functional>
#include <memory>
#include <string>

namespace tidings::searcher {

class Connection;

class Outlet {
 public:
  explicit Outlet(std::weak_ptr<Connection> connection) : connection_(std::move(connection)) {}
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;

  /// False: the client has gone, or was dropped by this.
  bool write(std::string bytes);
  /// Ends the response, when all that was written has been taken.
  void finish();

  std::function<void()> on_drained = [] {};  ///< the kernel has taken all that was written
  std::function<void(const std::string& reason)> on_gone = [](const std::string&) {};

 private:
  const std::weak_ptr<Connection> connection_;
};

}  // namespace tidings::searcher
