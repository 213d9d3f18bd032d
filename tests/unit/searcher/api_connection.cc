// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/api/connection.h"

#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/catch.h"

using namespace tidings;
using namespace tidings::searcher;

namespace {

/// A connection on one end of a socket pair, the client on the other. Requests are answered with their target, at once or when
/// answer() is called.
struct ConnectionFixture {
  loop::Loop loop;
  loop::Fd client;
  std::shared_ptr<Budget> budget = std::make_shared<Budget>();
  std::shared_ptr<Connection> connection;
  std::vector<std::string> targets;
  std::vector<Connection::Respond> pending;
  bool at_once = true;
  std::string body_prefix;
  std::string gone;

  void open(Connection::Limits limits = {}) {
    int pair[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
    client.reset(pair[0]);
    connection = std::make_shared<Connection>(
        loop, std::make_unique<loop::Stream>(loop, loop::Fd(pair[1])), limits, budget,
        [this](Request request, Connection::Respond respond) {
          targets.push_back(request.target);
          if (at_once)
            respond({200, "text/plain", {}, body_prefix + request.target});
          else
            pending.push_back(std::move(respond));
        },
        [this](Connection&, const std::string& reason) {
          gone = reason;
          connection.reset();
          loop.stop();
        });
    connection->start();
  }

  void send(const std::string& bytes) {
    REQUIRE(::send(client.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(bytes.size()));
  }
  void send_no_more() { ::shutdown(client.get(), SHUT_WR); }

  /// Turns of the loop until nothing comes of them, without waiting for timers.
  void turn() {
    for (int i = 0; i < 100; ++i) uv_run(loop.raw(), UV_RUN_NOWAIT);
  }

  std::string received() {
    std::string all;
    char chunk[65536];
    for (ssize_t n; (n = ::recv(client.get(), chunk, sizeof chunk, MSG_DONTWAIT)) > 0;)
      all.append(chunk, static_cast<std::size_t>(n));
    return all;
  }
};

std::string get(const std::string& target, const std::string& more = {}) {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + more + "\r\n";
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++n;
  return n;
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

TEST_CASE_METHOD(ConnectionFixture, "requests of one client are answered in order, one at a time", "[api]") {
  open();
  at_once = false;
  send(get("/1") + get("/2") + get("/3"));
  turn();
  CHECK(targets == std::vector<std::string>{"/1"});
  pending[0]({200, "text/plain", {}, "one"});
  turn();
  CHECK(targets == std::vector<std::string>{"/1", "/2"});
  CHECK(ends_with(received(), "one"));
  pending[1]({200, "text/plain", {}, "two"});
  turn();
  pending[2]({200, "text/plain", {}, "three"});
  turn();
  CHECK(ends_with(received(), "three"));
  CHECK(gone.empty());
}

TEST_CASE_METHOD(ConnectionFixture, "past sixteen requests that wait nothing more is read, and none is lost",
                 "[api]") {
  open();
  at_once = false;
  std::string many;
  for (int i = 0; i < 50000; ++i) many += get("/" + std::to_string(i));
  std::size_t sent = 0;
  const auto send_more = [&] {
    const ssize_t n =
        ::send(client.get(), many.data() + sent, many.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0) sent += static_cast<std::size_t>(n);
    return n > 0;
  };
  while (send_more()) turn();
  CHECK(targets.size() == 1);
  CHECK(sent < many.size() / 2);  // the kernel's buffers, and one chunk

  std::size_t answered = 0;
  std::string all;
  while (answered < 50000 && gone.empty()) {
    send_more();
    uv_run(loop.raw(), UV_RUN_NOWAIT);
    if (pending.size() > answered) {
      pending[answered]({200, "text/plain", {}, "x"});
      pending[answered++] = nullptr;
    }
    all += received();
  }
  turn();
  all += received();
  CHECK(gone.empty());
  CHECK(targets.size() == 50000);
  CHECK(targets.back() == "/49999");
  CHECK(count(all, "HTTP/1.1 200 OK") == 50000);
}

TEST_CASE_METHOD(ConnectionFixture, "a client that sends no more is answered before the end", "[api]") {
  open();
  at_once = false;
  send(get("/1") + get("/2"));
  send_no_more();
  turn();
  CHECK(gone.empty());
  pending[0]({200, "text/plain", {}, "one"});
  turn();
  pending[1]({200, "text/plain", {}, "two"});
  turn();
  CHECK_FALSE(gone.empty());
  const std::string all = received();
  CHECK(count(all, "200 OK") == 2);
  CHECK(ends_with(all, "two"));
}

TEST_CASE_METHOD(ConnectionFixture, "an answer that comes when the client has gone is dropped", "[api]") {
  open();
  at_once = false;
  send(get("/1"));
  turn();
  REQUIRE(pending.size() == 1);
  SECTION("the client closed") {
    client.reset();
    turn();
    pending[0]({200, "text/plain", {}, std::string(1 << 20, 'x')});
    turn();
    CHECK_FALSE(gone.empty());
  }
  SECTION("the connection was let go of") {
    connection.reset();
    pending[0]({200, "text/plain", {}, "x"});
    turn();
  }
  CHECK(budget->held == 0);
}

TEST_CASE_METHOD(ConnectionFixture,
                 "a refused request is answered behind those before it, and ends the connection", "[api]") {
  open();
  send(get("/1") + "NONSENSE\r\n\r\n" + get("/never"));
  loop.run();
  const std::string all = received();
  CHECK(count(all, "HTTP/1.1 200 OK") == 1);
  CHECK(count(all, "HTTP/1.1 400 Bad Request") == 1);
  CHECK(all.find("Connection: close") != all.npos);
  CHECK(targets == std::vector<std::string>{"/1"});
  CHECK_FALSE(gone.empty());
}

TEST_CASE_METHOD(ConnectionFixture, "a request that is not whole in time is told so", "[api]") {
  open({.request_timeout_ms = 20, .idle_timeout_ms = 60000});
  SECTION("its header") {
    send("GET / HTTP/1.1\r\nHost:");
  }
  SECTION("its body") {
    send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  }
  SECTION("the second on its connection") {
    send(get("/1") + "G");
  }
  loop.run();
  CHECK(count(received(), "HTTP/1.1 408 Request Timeout") == 1);
}

TEST_CASE_METHOD(ConnectionFixture, "a connection on which nothing happens is closed without a word",
                 "[api]") {
  open({.request_timeout_ms = 60000, .idle_timeout_ms = 20});
  loop.run();
  CHECK(gone == "aborted");
  CHECK(received().empty());
}

TEST_CASE_METHOD(ConnectionFixture, "a query may take longer than the idle time", "[api]") {
  open({.request_timeout_ms = 60000, .idle_timeout_ms = 20});
  at_once = false;
  send(get("/1"));
  loop::Timer late(loop, [&] { pending.at(0)({200, "text/plain", {}, "late"}); });
  late.start(100);
  loop.run();
  CHECK(ends_with(received(), "late"));
}

TEST_CASE_METHOD(ConnectionFixture, "a client that does not read holds one answer, for the idle time",
                 "[api]") {
  const auto ask = [&](std::uint64_t idle_timeout_ms) {
    open({.request_timeout_ms = 60000, .idle_timeout_ms = idle_timeout_ms, .client_buffer = 16 << 10});
    body_prefix = std::string(4 << 20, 'x');
    send(get("/1") + get("/2") + get("/3"));
  };
  SECTION("one answer") {
    ask(60000);
    turn();
    CHECK(targets.size() == 1);
    CHECK(budget->held > (4U << 20));
    connection.reset();
  }
  SECTION("for the idle time") {
    ask(50);
    loop.run();
    CHECK(gone == "aborted");
  }
  CHECK(budget->held == 0);
}

TEST_CASE_METHOD(ConnectionFixture, "an answer larger than the client's buffer arrives whole if it is read",
                 "[api]") {
  open({.request_timeout_ms = 60000, .idle_timeout_ms = 60000, .client_buffer = 16 << 10});
  body_prefix = std::string(4 << 20, 'x');
  send(get("/1", "Connection: close\r\n"));
  std::string all;
  while (gone.empty()) {
    uv_run(loop.raw(), UV_RUN_NOWAIT);
    all += received();
  }
  all += received();
  CHECK(all.size() > body_prefix.size());
  CHECK(ends_with(all, "x/1"));
}

TEST_CASE_METHOD(ConnectionFixture, "where too much waits for other clients, one more answer is `busy`",
                 "[api]") {
  open();
  body_prefix = "small";
  budget->held = Budget::kMaxHeld;
  send(get("/1"));
  turn();
  CHECK(count(received(), "HTTP/1.1 503 Service Unavailable") == 1);
  CHECK(budget->held == Budget::kMaxHeld);
  budget->held = 0;
  send(get("/2"));
  turn();
  CHECK(count(received(), "HTTP/1.1 200 OK") == 1);
}

TEST_CASE_METHOD(ConnectionFixture, "finishing answers what runs and begins nothing more", "[api]") {
  open();
  at_once = false;
  SECTION("an idle connection ends at once") {
    connection->finish();
    turn();
    CHECK_FALSE(gone.empty());
  }
  SECTION("a running request is answered first") {
    send(get("/1") + get("/2"));
    turn();
    connection->finish();
    turn();
    CHECK(gone.empty());
    pending[0]({200, "text/plain", {}, "one"});
    turn();
    CHECK_FALSE(gone.empty());
    const std::string all = received();
    CHECK(ends_with(all, "one"));
    CHECK(all.find("Connection: close") != all.npos);
    CHECK(targets.size() == 1);
  }
}

namespace {

/// A response that goes on, and what became of its client.
struct StreamFixture : ConnectionFixture {
  std::shared_ptr<Outlet> outlet;
  std::string left;
  int drained = 0;

  void open_stream(Connection::Limits limits = {}) {
    at_once = false;
    open(limits);
    send(get("/live") + get("/behind"));
    turn();
    REQUIRE(pending.size() == 1);
    Response response{200, "text/event-stream", {}, {}};
    response.stream = [this](const std::shared_ptr<Outlet>& given) {
      outlet = given;
      outlet->on_gone = [this](const std::string& reason) { left = reason; };
      outlet->on_drained = [this] { ++drained; };
    };
    pending[0](response);
    turn();
    REQUIRE(outlet);
  }
};

}  // namespace

TEST_CASE_METHOD(StreamFixture, "a stream is written piece by piece, and is the last of its connection",
                 "[api]") {
  open_stream();
  const std::string header = received();
  CHECK(header.find("Connection: close\r\n") != header.npos);
  CHECK(header.find("Content-Length") == header.npos);
  CHECK(outlet->write("one"));
  turn();
  CHECK(received() == "one");
  CHECK(drained == 2);  // the header, too
  CHECK(outlet->write("two"));
  outlet->finish();
  turn();
  CHECK(received() == "two");
  CHECK(targets == std::vector<std::string>{"/live"});
  CHECK(gone == "finished");
  CHECK(left == "finished");
  CHECK_FALSE(outlet->write("three"));
}

TEST_CASE_METHOD(StreamFixture, "a stream ends where its client goes", "[api]") {
  open_stream();
  client.reset();
  turn();
  CHECK_FALSE(left.empty());
  CHECK_FALSE(gone.empty());
  CHECK_FALSE(outlet->write("more"));
}

TEST_CASE_METHOD(StreamFixture, "a client of a stream that takes nothing is dropped", "[api]") {
  SECTION("where more waits than its buffer holds") {
    open_stream({.client_buffer = 1000});
    CHECK_FALSE(outlet->write(std::string(1001, 'x')));
    turn();
  }
  SECTION("after the idle time, and not while it takes what comes") {
    open_stream({.idle_timeout_ms = 20, .client_buffer = 64 << 20});
    REQUIRE(outlet->write(std::string(8 << 20, 'x')));  // more than a socket holds
    loop.run();
  }
  CHECK(left == "slow reader");
}
