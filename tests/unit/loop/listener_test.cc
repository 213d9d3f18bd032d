// SPDX-License-Identifier: GPL-2.0-or-later
#include "loop/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <vector>

#include "tests/unit/catch.h"
#include "tests/unit/loop/fresh.h"

using namespace tidings::loop;

namespace {

Fd connect_tcp(int port) {
  Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(static_cast<std::uint16_t>(port));
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(fd.get(), reinterpret_cast<sockaddr*>(&a), sizeof a) == 0);
  return fd;
}

/// A socket file as a server leaves it that was killed.
void leave_stale_socket(const std::string& path) {
  sockaddr_un a{};
  a.sun_family = AF_UNIX;
  std::strncpy(a.sun_path, path.c_str(), sizeof a.sun_path - 1);
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  REQUIRE(::bind(fd.get(), reinterpret_cast<sockaddr*>(&a), sizeof a) == 0);
}

mode_t mode_of(const std::string& path) {
  struct stat st;
  REQUIRE(::stat(path.c_str(), &st) == 0);
  return st.st_mode & 07777;
}

/// Answers each chunk in capitals.
struct Shouting {
  std::vector<std::unique_ptr<Stream>> open;
  std::vector<std::string> refused;

  Listener::Callbacks callbacks() {
    return {.on_connection =
                [this](std::unique_ptr<Stream> stream) {
                  Stream* s = stream.get();
                  open.push_back(std::move(stream));
                  s->start({.on_data = [s](std::string_view bytes) {
                    std::string loud(bytes);
                    for (char& c : loud) c = static_cast<char>(std::toupper(c));
                    s->write(loud);
                  }});
                },
            .on_refused = [this](const std::string& reason) { refused.push_back(reason); }};
  }
};

/// Sends `hello` over a connected socket and runs the loop until the answer or the end has come.
std::string ask(Loop& loop, Fd connected) {
  Stream client(loop, std::move(connected));
  std::string answer;
  client.start({.on_data =
                    [&](std::string_view bytes) {
                      answer = bytes;
                      loop.stop();
                    },
                .on_closed =
                    [&](const std::string& reason) {
                      answer = reason;
                      loop.stop();
                    }});
  client.write("hello");
  run_until_stopped(loop);
  return answer;
}

}  // namespace

TEST_CASE("a listener answers on each kind of address", "[listener]") {
  FreshFolder folder;
  Loop loop;
  Shouting server;
  SECTION("a Unix socket") {
    Listener listener(loop, folder / "socket", server.callbacks());
    CHECK(listener.port() == 0);
    CHECK(listener.address() == folder / "socket");
    CHECK(ask(loop, connect_unix(folder / "socket", 0)) == "HELLO");
  }
  SECTION("IPv4 loopback, on a port of the kernel's choice") {
    Listener listener(loop, "127.0.0.1:0", server.callbacks());
    CHECK(listener.port() > 0);
    CHECK(listener.address() == "127.0.0.1:" + std::to_string(listener.port()));
    CHECK(ask(loop, connect_tcp(listener.port())) == "HELLO");
    REQUIRE(server.open.size() == 1);
    CHECK(server.open[0]->peer_uid() == std::nullopt);
  }
  SECTION("a socket that was listening before, as systemd hands it over; its file stays") {
    auto socket = listen_on(folder / "socket");
    {
      Listener listener(loop, std::move(socket.fd), server.callbacks());
      CHECK(listener.address() == folder / "socket");
      CHECK(ask(loop, connect_unix(folder / "socket", 0)) == "HELLO");
    }
    CHECK(std::filesystem::exists(folder / "socket"));
  }
  SECTION("a client's Stream to a Unix socket") {
    Listener listener(loop, folder / "socket", server.callbacks());
    auto client = stream_to_unix(loop, folder / "socket");
    std::string answer;
    client->start({.on_data = [&](std::string_view bytes) {
      answer = bytes;
      loop.stop();
    }});
    client->write("hello");
    run_until_stopped(loop);
    CHECK(answer == "HELLO");
  }
}

TEST_CASE("a Unix socket and the folders made for it are the owner's alone", "[listener]") {
  FreshFolder folder;
  const mode_t before = ::umask(0);
  Loop loop;
  {
    Listener listener(loop, folder / "run/tidings/socket", {});
    CHECK(mode_of(folder / "run") == 0700);
    CHECK(mode_of(folder / "run/tidings") == 0700);
    CHECK(mode_of(folder / "run/tidings/socket") == 0600);
  }
  ::umask(before);
  CHECK_FALSE(std::filesystem::exists(folder / "run/tidings/socket"));
}

TEST_CASE("a dead server's socket is replaced, a live one's refused", "[listener]") {
  FreshFolder folder;
  const std::string path = folder / "socket";
  Loop loop;
  Shouting server;
  leave_stale_socket(path);
  Listener listener(loop, path, server.callbacks());
  CHECK_THROWS_WITH(Listener(loop, path, {}), "listen on " + path + ": a server is already listening there");
  CHECK(ask(loop, connect_unix(path, 0)) == "HELLO");
}

TEST_CASE("a file that is no socket is not replaced", "[listener]") {
  FreshFolder folder;
  folder.write("notes", "precious");
  Loop loop;
  CHECK_THROWS_WITH(Listener(loop, folder / "notes", {}), Catch::Contains("is no socket"));
  CHECK(std::filesystem::file_size(folder / "notes") == 8);
}

TEST_CASE("a listener that goes leaves another's socket file alone", "[listener]") {
  FreshFolder folder;
  Loop loop;
  {
    Listener first(loop, folder / "socket", {});
    std::filesystem::remove(folder / "socket");
    leave_stale_socket(folder / "socket");
  }
  CHECK(std::filesystem::exists(folder / "socket"));
}

TEST_CASE("a path too long for a socket is refused with both numbers", "[listener]") {
  FreshFolder folder;
  Loop loop;
  const std::string fits = folder / std::string(kMaxSocketPath - folder.path.size() - 1, 'x');
  CHECK_NOTHROW(Listener(loop, fits, {}));
  CHECK_THROWS_WITH(Listener(loop, fits + "x", {}), Catch::Contains("listen on " + fits) &&
                                                        Catch::Contains("108 bytes") &&
                                                        Catch::Contains("107"));
  CHECK_THROWS_WITH(stream_to_unix(loop, fits + "x"), Catch::Contains("108 bytes"));
}

TEST_CASE("addresses that other machines could reach, or that are none, are refused", "[listener]") {
  struct Case {
    const char *address, *reason;
  };
  const Case cases[] = {
      {"0.0.0.0:0", "other machines"},
      {"[::]:0", "other machines"},
      {"localhost:80", "not an address"},
      {"127.0.0.1", "not an address"},
      {"127.0.0.1:", "not an address"},
      {"127.0.0.1:65536", "not an address"},
      {"127.0.0.1:8x", "not an address"},
      {"::1:80", "not an address"},
      {"", "not an address"},
      {"socket", "not an address"},
      {"192.0.2.1:0", ""},
  };
  Loop loop;
  for (const auto& c : cases) {
    CAPTURE(c.address);
    CHECK_THROWS_WITH(Listener(loop, c.address, {}),
                      Catch::Contains("listen on " + std::string(c.address)) && Catch::Contains(c.reason));
  }
}

TEST_CASE("a TCP port in use is refused by name", "[listener]") {
  Loop loop;
  Listener listener(loop, "127.0.0.1:0", {});
  CHECK_THROWS_WITH(Listener(loop, listener.address(), {}),
                    "listen on " + listener.address() + ": Address already in use");
}

TEST_CASE("a socket that is not listening, or not local, is not adopted", "[listener]") {
  Loop loop;
  CHECK_THROWS_WITH(Listener(loop, Fd(::socket(AF_UNIX, SOCK_STREAM, 0)), {}),
                    Catch::Contains("not listening"));
  Fd anywhere(::socket(AF_INET, SOCK_STREAM, 0));
  REQUIRE(::listen(anywhere.get(), 1) == 0);
  CHECK_THROWS_WITH(Listener(loop, std::move(anywhere), {}), Catch::Contains("other machines"));
}

TEST_CASE("connections past the bound are closed at once, and there is room again when one has gone",
          "[listener]") {
  FreshFolder folder;
  Loop loop;
  Shouting server;
  Listener listener(loop, folder / "socket", server.callbacks(), /*max_connections=*/1);
  Fd first = connect_unix(folder / "socket", 0);
  CHECK(ask(loop, connect_unix(folder / "socket", 0)) != "HELLO");
  CHECK(server.refused == std::vector<std::string>{"all 1 connections are in use"});
  CHECK(listener.connections() == 1);
  REQUIRE(server.open.size() == 1);
  server.open[0]->abort();
  CHECK(listener.connections() == 0);
  CHECK(ask(loop, connect_unix(folder / "socket", 0)) == "HELLO");
}

TEST_CASE("another user is not let in, even where the socket's mode would let him", "[listener]") {
  if (::geteuid() != 0) {
    WARN("skipped: only root can become another user");
    return;
  }
  FreshFolder folder;
  Loop loop;
  Shouting server;
  Listener::Callbacks callbacks = server.callbacks();
  callbacks.on_refused = [&](const std::string& reason) {
    server.refused.push_back(reason);
    loop.stop();
  };
  Listener listener(loop, folder / "socket", callbacks);
  REQUIRE(::chmod(folder.path.c_str(), 0755) == 0);
  REQUIRE(::chmod((folder / "socket").c_str(), 0666) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setuid(65534) != 0) ::_exit(2);
    try {
      Fd fd = connect_unix(folder / "socket", 0);
      char c;
      ::_exit(::read(fd.get(), &c, 1) == 0 ? 0 : 1);
    } catch (...) {
      ::_exit(3);
    }
  }
  run_until_stopped(loop);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  CHECK(server.refused == std::vector<std::string>{"uid 65534 may not connect"});
  CHECK(server.open.empty());
}

TEST_CASE("a listener may be destroyed by its own connection, which lives on", "[listener]") {
  FreshFolder folder;
  Loop loop;
  Shouting server;
  std::unique_ptr<Listener> listener;
  auto callbacks = server.callbacks();
  callbacks.on_connection = [&, take = callbacks.on_connection](std::unique_ptr<Stream> stream) {
    listener.reset();
    take(std::move(stream));
  };
  listener = std::make_unique<Listener>(loop, folder / "socket", callbacks);
  CHECK(ask(loop, connect_unix(folder / "socket", 0)) == "HELLO");
  CHECK_FALSE(std::filesystem::exists(folder / "socket"));
}
