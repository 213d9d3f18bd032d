// SPDX-License-Identifier: GPL-2.0-or-later
// listener.h — takes connections on a Unix socket or on loopback TCP, and gives each on as a Stream.
//
// Addresses, modes, stale sockets and errors: see socket.h. The socket file is removed when the Listener
// goes, if it is still the one it made; a file that came with an adopted socket (systemd's) stays. On a Unix
// socket only our own uid and root are let in; TCP has no such thing, its server needs a token.
//
// Bound: max_connections Streams open at once. One more is accepted and closed at once, so the client is told
// by an end of stream instead of waiting. Whoever is turned away, and whatever accept(2) fails with (too many
// open files), is told to on_refused, for the log. Streams may outlive their Listener. Loop thread only.
// on_connection may destroy the Listener; the Stream is to be start()ed. A Listener keeps run() going.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "loop/loop.h"
#include "loop/socket.h"
#include "loop/stream.h"

namespace tidings::loop {

class Listener {
 public:
  static constexpr std::size_t kMaxConnections = 256;

  struct Callbacks {
    std::function<void(std::unique_ptr<Stream>)> on_connection = {};
    std::function<void(const std::string& reason)> on_refused = {};
  };

  Listener(Loop& loop, const std::string& address, Callbacks callbacks,
           std::size_t max_connections = kMaxConnections);
  /// Adopts a socket that is listening already.
  Listener(Loop& loop, Fd listening, Callbacks callbacks, std::size_t max_connections = kMaxConnections);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int port() const { return socket_.port; }  // 0 on a Unix socket
  const std::string& address() const { return socket_.address; }
  std::size_t connections() const { return *open_; }

 private:
  Listener(Loop& loop, ListeningSocket socket, Callbacks callbacks, std::size_t max_connections);
  void on_incoming(int status);

  Loop& loop_;
  ListeningSocket socket_;  // its fd is the handle's
  std::shared_ptr<const Callbacks> callbacks_;
  std::size_t max_connections_;
  std::shared_ptr<std::size_t> open_;  // shared with the Streams' tickets
  UvHandle<StreamHandle> handle_;
};

}  // namespace tidings::loop
