// SPDX-License-Identifier: GPL-2.0-or-later
// socket.h — the sockets we listen on and connect to, made and checked; no loop in here.
//
// A Unix socket's folder is made if missing (0700, its missing parents too); the socket is 0600 from the
// moment it exists. A socket file on which nobody answers was left by a server that died, and is replaced;
// one on which somebody answers is an error. The folder is locked meanwhile (flock on the folder itself,
// where it is ours), so of two servers that start together one is told of the other. TCP is for this machine
// only: 127.0.0.0/8 or ::1, by number; no name is looked up. Whatever is not loopback is refused, a socket
// handed over by systemd too.
//
// All sockets are close-on-exec; blocking, until a uv handle takes them. Errors: std::system_error or
// std::runtime_error naming the address, e.g. "listen on /run/x/socket: a server is already listening there".
// Thread-safe (no state).
#pragma once
#include <sys/types.h>

#include <cstddef>
#include <string>

#include "loop/fd.h"

namespace tidings::loop {

inline constexpr int kBacklog = 128;  ///< connections not yet accepted; past it connect(2) waits

constexpr std::size_t kMaxSocketPath = 107;  // bytes: sun_path has 108 and ends in NUL

/// Bound and listening.
struct ListeningSocket {
  Fd fd;
  std::string address;  // "/path", "127.0.0.1:4711" or "[::1]:4711", as bound; "@name" if abstract
  bool is_unix = false;
  int port = 0;  // TCP only
  // The socket file that we made, to know it again when it is to be removed; ino 0: not ours to remove.
  dev_t dev = 0;
  ino_t ino = 0;
};

/// address: a path with a '/' in it, or "127.0.0.1:PORT" or "[::1]:PORT" (port 0: any free one).
ListeningSocket listen_on(const std::string& address);

/// A socket that is listening already, e.g. from systemd. Takes the descriptor.
ListeningSocket adopt_listening(Fd fd);

/// Removes the socket file if it still is the one that we made. Call before closing: while the socket
/// answers, nobody replaces its file.
void remove_socket_file(const ListeningSocket& socket) noexcept;

/// timeout_ms bounds the wait for a server whose queue of connections is full; 0: for ever.
Fd connect_unix(const std::string& path, int timeout_ms);

}  // namespace tidings::loop
