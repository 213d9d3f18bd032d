// SPDX-License-Identifier: GPL-2.0-or-later
#include "loop/listener.h"

#include <unistd.h>

namespace tidings::loop {
Listener::Listener(Loop& loop, const std::string& address, Callbacks callbacks, std::size_t max_connections)
    : Listener(loop, listen_on(address), std::move(callbacks), max_connections) {}

Listener::Listener(Loop& loop, Fd listening, Callbacks callbacks, std::size_t max_connections)
    : Listener(loop, adopt_listening(std::move(listening)), std::move(callbacks), max_connections) {}

Listener::Listener(Loop& loop, ListeningSocket socket, Callbacks callbacks, std::size_t max_connections)
    : loop_(loop),
      socket_(std::move(socket)),
      callbacks_(std::make_shared<const Callbacks>(std::move(callbacks))),
      max_connections_(max_connections),
      open_(std::make_shared<std::size_t>(0)),
      handle_(make_stream_handle(loop, socket_.is_unix)) {
  handle_->handle.data = this;
  const std::string what = "listen on " + socket_.address;
  check_uv(socket_.is_unix ? uv_pipe_open(&handle_->pipe, socket_.fd.get())
                           : uv_tcp_open(&handle_->tcp, socket_.fd.get()),
           what);
  socket_.fd.release();
  int rc = uv_listen(&handle_->stream, kBacklog, [](uv_stream_t* h, int status) {
    auto* self = static_cast<Listener*>(h->data);
    if (self) self->loop_.guard([&] { self->on_incoming(status); });
  });
  check_uv(rc, what);
}

Listener::~Listener() {
  remove_socket_file(socket_);
}

void Listener::on_incoming(int status) {
  auto callbacks = callbacks_;
  auto refuse = [&](const std::string& reason) {
    if (callbacks->on_refused) callbacks->on_refused(reason);
  };
  if (status < 0) return refuse(std::string("accept: ") + uv_strerror(status));

  auto accepted = make_stream_handle(loop_, socket_.is_unix);
  if (int rc = uv_accept(&handle_->stream, &accepted->stream); rc < 0)
    return refuse(std::string("accept: ") + uv_strerror(rc));
  if (*open_ >= max_connections_)
    return refuse("all " + std::to_string(max_connections_) + " connections are in use");

  ++*open_;
  std::shared_ptr<void> ticket(nullptr, [open = open_](void*) { --*open; });
  auto stream = std::make_unique<Stream>(loop_, std::move(accepted), std::move(ticket));
  if (socket_.is_unix) {
    const auto uid = stream->peer_uid();
    if (!uid || (*uid != ::geteuid() && *uid != 0))
      return refuse(uid ? "uid " + std::to_string(*uid) + " may not connect" : "the peer's uid is not known");
  }
  callbacks->on_connection(std::move(stream));
}

}  // namespace tidings::loop
