// SPDX-License-Identifier: GPL-2.0-or-later
#include "loop/stream.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>

#include "loop/socket.h"

namespace tidings::loop {

/// Owns its bytes until libuv is done with them, which may be after the Stream has gone.
struct Stream::Write {
  uv_write_t request;
  std::string bytes;
};

UvHandle<StreamHandle> make_stream_handle(Loop& loop, bool is_unix) {
  return make_uv<StreamHandle>("make a stream", nullptr, [&](StreamHandle* h) {
    return is_unix ? uv_pipe_init(loop.raw(), &h->pipe, 0) : uv_tcp_init(loop.raw(), &h->tcp);
  });
}

Stream::Stream(Loop& loop, UvHandle<StreamHandle> accepted, std::shared_ptr<void> ticket)
    : loop_(loop),
      callbacks_(std::make_shared<const Callbacks>()),
      handle_(std::move(accepted)),
      ticket_(std::move(ticket)) {
  handle_->handle.data = this;
  // Answers are written whole: waiting to fill a packet only delays them.
  if (handle_->handle.type == UV_TCP) uv_tcp_nodelay(&handle_->tcp, 1);
}

namespace {
UvHandle<StreamHandle> open_connected(Loop& loop, Fd connected) {
  sockaddr_storage name{};
  socklen_t length = sizeof name;
  const int rc = ::getpeername(connected.get(), reinterpret_cast<sockaddr*>(&name), &length);
  check_uv(rc == 0 ? 0 : -errno, "take a socket");
  const bool is_unix = name.ss_family == AF_UNIX;
  auto h = make_stream_handle(loop, is_unix);
  check_uv(is_unix ? uv_pipe_open(&h->pipe, connected.get()) : uv_tcp_open(&h->tcp, connected.get()),
           "take a socket");
  connected.release();
  return h;
}
}  // namespace

Stream::Stream(Loop& loop, Fd connected)
    : Stream(loop, open_connected(loop, std::move(connected)), nullptr) {}

void Stream::start(Callbacks callbacks, std::size_t max_unsent) {
  callbacks_ = std::make_shared<const Callbacks>(std::move(callbacks));
  max_unsent_ = max_unsent;
  resume_reading();
}

void Stream::pause_reading() {
  paused_ = true;
  if (is_open()) uv_read_stop(&handle_->stream);
}

void Stream::resume_reading() {
  paused_ = false;
  if (!is_open() || ended_) return;
  uv_read_stop(&handle_->stream);  // to start twice would be an error
  int rc = uv_read_start(
      &handle_->stream,
      [](uv_handle_t*, std::size_t, uv_buf_t* buffer) {
        // One for all streams of the thread: a chunk is handed on before the next is read.
        static thread_local std::array<char, kReadBuffer> chunk;
        *buffer = uv_buf_init(chunk.data(), chunk.size());
      },
      [](uv_stream_t* h, ssize_t n, const uv_buf_t* buffer) {
        auto* self = static_cast<Stream*>(h->data);
        if (self) self->loop_.guard([&] { self->on_read(n, *buffer); });
      });
  if (rc < 0) close(std::string("read: ") + uv_strerror(rc));
}

void Stream::on_read(ssize_t n, const uv_buf_t& buffer) {
  auto callbacks = callbacks_;
  if (n > 0 && is_open()) {
    if (callbacks->on_data) callbacks->on_data({buffer.base, static_cast<std::size_t>(n)});
  } else if (n == UV_EOF) {
    ended_ = true;
    if (callbacks->on_end && is_open()) return callbacks->on_end();
    finish("end of stream");
  } else if (n < 0) {
    close(std::string("read: ") + uv_strerror(static_cast<int>(n)));
  }
}

bool Stream::write(std::string bytes) {
  if (!is_open()) return false;
  if (bytes.empty()) return true;
  if (bytes.size() > max_unsent_ || unsent() > max_unsent_ - bytes.size()) {
    close("slow reader");
    return false;
  }
  auto write = std::make_unique<Write>();
  write->bytes = std::move(bytes);
  write->request.data = write.get();
  const uv_buf_t buffer = uv_buf_init(write->bytes.data(), static_cast<unsigned>(write->bytes.size()));
  int rc = uv_write(&write->request, &handle_->stream, &buffer, 1, [](uv_write_t* request, int status) {
    std::unique_ptr<Write> done(static_cast<Write*>(request->data));
    auto* self = static_cast<Stream*>(request->handle->data);
    if (self) self->loop_.guard([&] { self->on_written(status); });
  });
  if (rc < 0) {
    close(std::string("write: ") + uv_strerror(rc));
    return false;
  }
  write.release();  // the callback's
  draining_ = true;
  return true;
}

std::size_t Stream::unsent() const {
  return closing_ ? 0 : uv_stream_get_write_queue_size(&handle_->stream);
}

void Stream::on_written(int status) {
  if (closing_) return;
  if (status < 0) return close(std::string("write: ") + uv_strerror(status));
  if (unsent() != 0) return;
  if (finishing_) return close(std::move(reason_));
  if (!std::exchange(draining_, false)) return;
  auto callbacks = callbacks_;
  if (callbacks->on_drained) callbacks->on_drained();
}

void Stream::finish(std::string reason) {
  if (closing_ || finishing_) return;
  finishing_ = true;
  reason_ = std::move(reason);
  uv_read_stop(&handle_->stream);
  if (unsent() == 0) close(std::move(reason_));
}

void Stream::close(std::string reason) {
  if (closing_) return;
  closing_ = true;
  reason_ = std::move(reason);
  uv_close(&handle_->handle, on_close);
  ticket_.reset();
}

void Stream::on_close(uv_handle_t* h) {
  std::unique_ptr<StreamHandle> closed(reinterpret_cast<StreamHandle*>(h));
  auto* self = static_cast<Stream*>(h->data);
  if (!self) return;
  self->handle_.release();  // `closed` deletes it
  auto callbacks = self->callbacks_;
  if (callbacks->on_closed) self->loop_.guard([&, reason = self->reason_] { callbacks->on_closed(reason); });
}

bool Stream::peer_is_gone() const {
  uv_os_fd_t fd = -1;
  if (closing_ || uv_fileno(&handle_->handle, &fd) != 0) return true;
  pollfd peer{.fd = fd, .events = 0, .revents = 0};
  return ::poll(&peer, 1, 0) == 1 && (peer.revents & (POLLHUP | POLLERR)) != 0;
}

std::optional<uid_t> Stream::peer_uid() const {
  uv_os_fd_t fd = -1;
  if (closing_ || handle_->handle.type != UV_NAMED_PIPE || uv_fileno(&handle_->handle, &fd) != 0)
    return std::nullopt;
  ucred peer{};
  socklen_t length = sizeof peer;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return std::nullopt;
  return peer.uid;
}

std::unique_ptr<Stream> stream_to_unix(Loop& loop, const std::string& path) {
  return std::make_unique<Stream>(loop, connect_unix(path, /*timeout_ms=*/1));
}

}  // namespace tidings::loop
