// SPDX-License-Identifier: GPL-2.0-or-later
// stream.h — a connected socket, Unix or TCP, of a server or a client: bytes in, bytes out, one end.
//
// start() names the callbacks and begins to read. Every callback may close the stream, destroy it, or replace
// the callbacks by another start(). None is called from inside write(), finish() or abort(), nor after
// destruction. After abort(), and after finish(), no more data comes.
//
// The end: on_closed is called once, in a later turn, with the reason: "end of stream" (the peer closed),
// "finished", "aborted", "slow reader", or "read: …" / "write: …" with the system's reason. Where nobody sets
// on_end, a peer that shuts its side down is answered by finish(); with on_end the owner decides, e.g. to
// send an answer first. Destroying the Stream closes at once and silently: unsent bytes are lost, use
// finish() to keep them.
//
// Bounds: bytes written and not yet taken by the kernel are at most `max_unsent`. A write past that drops the
// peer
// ("slow reader"): nobody's slowness may cost the others memory. So what is larger is sent piece by piece,
// the next when on_drained is called. For the other direction pause_reading() stops taking bytes in, the
// kernel's buffer fills, and the peer has to wait. There is no time-out here: a peer that takes nothing after
// finish() is the owner's to abort(), by a Timer.
//
// Loop thread only.
#pragma once
#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "loop/fd.h"
#include "loop/handle.h"
#include "loop/loop.h"

namespace tidings::loop {

/// The two kinds of uv stream that we have, in one owner: all begin with the same fields.
union StreamHandle {
  uv_handle_t handle;
  uv_stream_t stream;
  uv_pipe_t pipe;
  uv_tcp_t tcp;
};

UvHandle<StreamHandle> make_stream_handle(Loop& loop, bool is_unix);

class Stream {
 public:
  static constexpr std::size_t kMaxUnsent = 8 << 20;   // bytes
  static constexpr std::size_t kReadBuffer = 1 << 16;  // bytes a callback, at most

  struct Callbacks {
    std::function<void(std::string_view)> on_data = {};  // valid during the call only
    std::function<void(const std::string& reason)> on_closed = {};
    std::function<void()> on_drained = {};  // the kernel has taken all that was written
    std::function<void()> on_end = {};      // the peer will send no more; it may still read
  };

  /// Takes a connected socket. Throws std::runtime_error if it is none.
  Stream(Loop& loop, Fd connected);
  /// For Listener: a handle that was accepted into; `ticket` is released when the stream closes.
  Stream(Loop& loop, UvHandle<StreamHandle> accepted, std::shared_ptr<void> ticket);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void start(Callbacks callbacks, std::size_t max_unsent = kMaxUnsent);

  /// False: the stream is closed, finishing, or was dropped by this write. Order is kept.
  bool write(std::string bytes);
  std::size_t unsent() const;

  void pause_reading();
  void resume_reading();

  /// Closes when all that was written has been taken by the kernel.
  void finish() { finish("finished"); }
  /// Closes now; unsent bytes are lost.
  void abort() { close("aborted"); }
  bool is_open() const { return !closing_ && !finishing_; }

  /// In on_end: the peer has closed, and will read nothing either. On TCP that cannot be told: false.
  bool peer_is_gone() const;

  /// Who connected, as the kernel knows it; nullopt on TCP or once closed.
  std::optional<uid_t> peer_uid() const;

 private:
  struct Write;

  void finish(std::string reason);
  void close(std::string reason);
  void on_read(ssize_t n, const uv_buf_t& buffer);
  void on_written(int status);
  static void on_close(uv_handle_t* h);

  Loop& loop_;
  std::shared_ptr<const Callbacks> callbacks_;  // shared with a call under way that may destroy us
  UvHandle<StreamHandle> handle_;               // null once closed
  std::shared_ptr<void> ticket_;
  std::size_t max_unsent_ = kMaxUnsent;
  std::string reason_;
  bool paused_ = false;
  bool ended_ = false;      // the peer's side
  bool draining_ = false;   // written since on_drained was last called
  bool finishing_ = false;  // our side
  bool closing_ = false;
};

/// A client's end. Waits a millisecond at most: throws std::system_error naming path if nobody accepts.
std::unique_ptr<Stream> stream_to_unix(Loop& loop, const std::string& path);

}  // namespace tidings::loop
