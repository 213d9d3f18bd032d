// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/control.h"

#include <sys/socket.h>

#include <chrono>
#include <functional>

#include "loop/socket.h"
#include "tests/unit/catch.h"
#include "tests/unit/fresh_folder.h"

using namespace tidings;
using namespace tidings::indexer;
using tidings::test::FreshFolder;

namespace {

/// A control socket whose syncs are answered when the test says so, and its clients, all on one thread.
struct Controlled {
  void turns_until(const std::function<bool()>& done) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!done()) {
      if (std::chrono::steady_clock::now() > until) throw std::runtime_error("waited in vain");
      turn();
    }
  }
  void turn() { uv_run(loop.raw(), UV_RUN_NOWAIT); }
  /// The loop has seen all that the clients did.
  void settle() {
    for (int i = 0; i < 10; ++i) turn();
  }
  loop::Fd ask(const std::string& line) const {
    auto client = loop::connect_unix(path, 1000);
    REQUIRE(::send(client.get(), line.data(), line.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(line.size()));
    return client;
  }
  /// What has come until there is a whole line, or the end.
  std::string received(const loop::Fd& client) {
    std::string bytes;
    turns_until([&] {
      char some[256];
      const ssize_t n = ::recv(client.get(), some, sizeof some, MSG_DONTWAIT);
      if (n > 0) bytes.append(some, static_cast<std::size_t>(n));
      return n == 0 || bytes.ends_with('\n');
    });
    return bytes;
  }

  FreshFolder folder;
  const std::string path = folder / "c.sock";
  loop::Loop loop;
  loop::Poster poster{loop};
  std::vector<SyncCall> syncs;
  Control control{loop, poster, path,
                  Control::Calls{.status = [] { return std::string("{}"); },
                                 .sync = [this](SyncCall call) { syncs.push_back(std::move(call)); },
                                 .repair = [](const SyncCall&) {},
                                 .purge = [](const SyncCall&) {}}};
};

}  // namespace

TEST_CASE("a client that shuts its sending side down is answered, and then let go", "[control]") {
  Controlled c;
  const auto client = c.ask("sync\n");
  REQUIRE(::shutdown(client.get(), SHUT_WR) == 0);
  c.turns_until([&] { return c.syncs.size() == 1; });
  c.settle();
  c.syncs[0]({.generation = 7, .error = {}});
  CHECK(c.received(client) == "{\"generation\":7}\n");
  CHECK(c.received(client).empty());
}

TEST_CASE("what clients asked for and did not wait for is bounded", "[control]") {
  Controlled c;
  for (std::size_t n = 1; n <= Control::kMaxWaiting; ++n) {
    auto client = c.ask("sync\n");
    c.turns_until([&] { return c.syncs.size() == n; });
    client = loop::Fd();
    c.settle();
  }
  CHECK(c.received(c.ask("sync\n")).find("busy") != std::string::npos);
  CHECK(c.received(c.ask("status\n")) == "{}\n");
  c.syncs[0]({.generation = 7, .error = {}});
  const auto client = c.ask("sync\n");
  c.turns_until([&] { return c.syncs.size() == Control::kMaxWaiting + 1; });
  c.syncs.back()({.generation = 8, .error = {}});
  CHECK(c.received(client) == "{\"generation\":8}\n");
}
