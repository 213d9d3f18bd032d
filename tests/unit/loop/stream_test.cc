// SPDX-License-Identifier: GPL-2.0-or-later
#include "loop/stream.h"

#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "tests/unit/catch.h"
#include "tests/unit/loop/fresh.h"

using namespace tidings::loop;

namespace {

std::pair<Fd, Fd> socket_pair() {
  int fds[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) throw std::runtime_error("socketpair");
  return {Fd(fds[0]), Fd(fds[1])};
}

/// What the peer's socket holds; for small amounts that have surely arrived.
std::string received(const Fd& peer) {
  char buffer[4096];
  const ssize_t n = ::recv(peer.get(), buffer, sizeof buffer, MSG_DONTWAIT);
  return n < 0 ? "nothing" : std::string(buffer, static_cast<std::size_t>(n));
}

void send_to(const Fd& peer, const std::string& bytes) {
  REQUIRE(::send(peer.get(), bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
}

}  // namespace

TEST_CASE("two streams talk until one of them finishes", "[stream]") {
  Loop loop;
  auto [a, b] = socket_pair();
  Stream server(loop, std::move(a)), client(loop, std::move(b));
  std::string answer, server_end, client_end;
  server.start({.on_data =
                    [&](std::string_view question) {
                      CHECK(server.write("you said " + std::string(question)));
                      server.finish();
                      CHECK_FALSE(server.write("more"));
                    },
                .on_closed = [&](const std::string& reason) { server_end = reason; }});
  client.start({.on_data = [&](std::string_view bytes) { answer += bytes; },
                .on_closed =
                    [&](const std::string& reason) {
                      client_end = reason;
                      loop.stop();
                    }});
  CHECK(client.write("hello"));
  run_until_stopped(loop);
  CHECK(answer == "you said hello");
  CHECK(server_end == "finished");
  CHECK(client_end == "end of stream");
  CHECK_FALSE(server.is_open());
  CHECK(server.unsent() == 0);
}

TEST_CASE("a slow reader is dropped, and others go on", "[stream]") {
  Loop loop;
  auto [slow, slow_peer] = socket_pair();
  auto [quick, quick_peer] = socket_pair();
  Stream to_slow(loop, std::move(slow)), to_quick(loop, std::move(quick)),
      reader(loop, std::move(quick_peer));
  constexpr std::size_t kBound = 1 << 20, kPiece = 1 << 16;
  std::string why;
  std::size_t sent_to_slow = 0, sent = 0, read = 0;
  to_slow.start({.on_closed = [&](const std::string& reason) { why = reason; }}, kBound);
  to_quick.start({}, kBound);
  reader.start({.on_data = [&](std::string_view bytes) {
    read += bytes.size();
    if (sent < 64 * kPiece) {
      REQUIRE(to_quick.write(std::string(kPiece, 'x')));
      sent += kPiece;
      if (to_slow.write(std::string(kPiece, 'x'))) sent_to_slow += kPiece;
      CHECK(to_slow.unsent() <= kBound);
    } else if (read == sent) {
      loop.stop();
    }
  }});
  REQUIRE(to_quick.write(std::string(kPiece, 'x')));
  sent += kPiece;
  run_until_stopped(loop);
  CHECK(why == "slow reader");
  CHECK(sent_to_slow >= kBound);
  CHECK(sent_to_slow < 64 * kPiece);
  CHECK(read == 64 * kPiece);
}

TEST_CASE("one write over the bound drops the peer too", "[stream]") {
  Loop loop;
  auto [a, peer] = socket_pair();
  Stream stream(loop, std::move(a));
  std::string why;
  stream.start({.on_closed = [&](const std::string& reason) { why = reason; }}, 1000);
  CHECK_FALSE(stream.write(std::string(1001, 'x')));
  CHECK(why == "");  // not from inside write()
  loop.run();
  CHECK(why == "slow reader");
  CHECK(received(peer) == "");
}

TEST_CASE("closing a stream within its own data callback is safe", "[stream]") {
  Loop loop;
  auto [a, peer] = socket_pair();
  auto stream = std::make_unique<Stream>(loop, std::move(a));
  int data = 0, closed = 0;
  Stream::Callbacks callbacks{.on_closed = [&](const std::string&) { ++closed; }};
  const std::string own(1000, 'o');  // the callback's values live until it returns
  std::string after;

  SECTION("by destroying it: no callback follows") {
    callbacks.on_data = [&, own](std::string_view) {
      ++data;
      stream.reset();
      after = own;
    };
    stream->start(callbacks);
    callbacks = {};
    send_to(peer, std::string(100'000, 'x'));
    loop.run();
    CHECK(closed == 0);
    CHECK(after == own);
  }
  SECTION("by abort(): no more data, then the reason") {
    callbacks.on_data = [&](std::string_view) {
      ++data;
      stream->abort();
      CHECK(closed == 0);
    };
    stream->start(callbacks);
    send_to(peer, std::string(100'000, 'x'));
    loop.run();
    CHECK(closed == 1);
  }
  SECTION("by destroying it with writes under way") {
    callbacks.on_data = [&](std::string_view) {
      ++data;
      CHECK(stream->write(std::string(4 << 20, 'y')));
      CHECK(stream->unsent() > 0);
      stream.reset();
    };
    stream->start(callbacks);
    send_to(peer, "x");
    loop.run();
    CHECK(closed == 0);
  }
  CHECK(data == 1);
}

TEST_CASE("a stream may be destroyed in its on_closed", "[stream]") {
  Loop loop;
  auto [a, peer] = socket_pair();
  auto stream = std::make_unique<Stream>(loop, std::move(a));
  std::string why;
  stream->start({.on_closed = [&](const std::string& reason) {
    stream.reset();
    why = reason;
  }});
  peer.reset();
  loop.run();
  CHECK(why == "end of stream");
}

TEST_CASE("a reader that has gone is the end of its stream, not of the program", "[stream]") {
  Loop loop;
  auto [a, peer] = socket_pair();
  Stream stream(loop, std::move(a));
  std::string why;
  stream.start({.on_closed = [&](const std::string& reason) { why = reason; },
                .on_end = [] {}});  // stays open, to meet the broken pipe
  peer.reset();
  stream.write("hello");
  loop.run();
  CHECK(why == "write: broken pipe");
}

TEST_CASE("finish() keeps what was written until the peer has it", "[stream]") {
  Loop loop;
  auto [a, b] = socket_pair();
  Stream stream(loop, std::move(a)), reader(loop, std::move(b));
  std::size_t read = 0;
  stream.start({});
  reader.start({.on_data = [&](std::string_view bytes) { read += bytes.size(); },
                .on_closed = [&](const std::string&) { loop.stop(); }});
  REQUIRE(stream.write(std::string(6 << 20, 'x')));
  stream.finish();
  run_until_stopped(loop);
  CHECK(read == 6 << 20);
}

TEST_CASE("on_drained comes once for a series of writes, when the last byte is out", "[stream]") {
  Loop loop;
  auto [a, b] = socket_pair();
  Stream stream(loop, std::move(a)), reader(loop, std::move(b));
  const std::size_t size = GENERATE(1, 100'000);  // the kernel takes all at once, or not
  int drained = 0;
  std::size_t read = 0;
  stream.start({.on_drained = [&] {
    ++drained;
    CHECK(stream.unsent() == 0);
  }});
  reader.start({.on_data = [&](std::string_view bytes) {
    read += bytes.size();
    if (read == 50 * size) reader.finish();  // whose end ends `stream` too, and the loop
  }});
  for (int i = 0; i < 50; ++i) REQUIRE(stream.write(std::string(size, 'x')));
  CHECK((stream.unsent() > 0) == (size > 1));
  loop.run();
  CHECK(drained == 1);
}

TEST_CASE("a paused stream takes nothing in, so that the peer has to wait; resumed, it has it all",
          "[stream]") {
  Loop loop;
  auto [a, b] = socket_pair();
  Stream receiver(loop, std::move(a)), sender(loop, std::move(b));
  std::size_t read = 0;
  constexpr std::size_t kBytes = 4 << 20;
  receiver.start({.on_data = [&](std::string_view bytes) {
    read += bytes.size();
    if (read == kBytes) loop.stop();
  }});
  receiver.pause_reading();
  sender.start({});
  REQUIRE(sender.write(std::string(kBytes, 'x')));
  Timer resume(loop, [&] {
    CHECK(read == 0);
    CHECK(sender.unsent() > 0);
    receiver.resume_reading();
  });
  resume.start(10);
  run_until_stopped(loop);
  CHECK(read == kBytes);
}

TEST_CASE("a peer that only shuts its own side down is still answered, where on_end says so", "[stream]") {
  Loop loop;
  auto [a, peer] = socket_pair();
  Stream stream(loop, std::move(a));
  std::string question;
  stream.start({.on_data = [&](std::string_view bytes) { question += bytes; },
                .on_end =
                    [&] {
                      CHECK(stream.write("answer to " + question));
                      stream.finish();
                    }});
  send_to(peer, "question");
  REQUIRE(::shutdown(peer.get(), SHUT_WR) == 0);
  loop.run();
  CHECK(received(peer) == "answer to question");
}

TEST_CASE("a peer that has closed is told from one that only shuts its own side down", "[stream]") {
  const bool closes = GENERATE(true, false);
  Loop loop;
  auto [a, peer] = socket_pair();
  Stream stream(loop, std::move(a));
  std::optional<bool> gone;
  stream.start({.on_end = [&] {
    gone = stream.peer_is_gone();
    stream.finish();
  }});
  if (closes)
    peer = Fd();
  else
    REQUIRE(::shutdown(peer.get(), SHUT_WR) == 0);
  loop.run();
  CHECK(gone == closes);
}

TEST_CASE("an exception in a stream's callback leaves run()", "[stream]") {
  Loop loop;
  auto [a, peer] = socket_pair();
  Stream stream(loop, std::move(a));
  stream.start({.on_data = [](std::string_view) { throw std::runtime_error("not understood"); }});
  send_to(peer, "?");
  CHECK_THROWS_WITH(loop.run(), "not understood");
}

TEST_CASE("the kernel says who is at the other end of a Unix socket", "[stream]") {
  Loop loop;
  auto [a, peer] = socket_pair();
  Stream stream(loop, std::move(a));
  CHECK(stream.peer_uid() == ::geteuid());
  stream.abort();
  CHECK(stream.peer_uid() == std::nullopt);
  loop.run();
}

TEST_CASE("what is no connected socket is no stream", "[stream]") {
  Loop loop;
  CHECK_THROWS_WITH(Stream(loop, Fd(::dup(0))), Catch::Contains("take a socket"));
}
