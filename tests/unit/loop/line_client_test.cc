// SPDX-License-Identifier: GPL-2.0-or-later
#include "loop/line_client.h"

#include <cstdlib>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "loop/listener.h"
#include "loop/poster.h"
#include "tests/unit/catch.h"
#include "tests/unit/loop/fresh.h"

using namespace tidings::loop;

namespace {

/// A server whose loop runs in a thread of its own, and whose answer to each line is up to the test.
class LineServer {
 public:
  using Answer = std::function<void(Stream&, const std::string& line)>;

  LineServer(const std::string& path, Answer answer)
      : answer_(std::move(answer)),
        poster_(loop_),
        listener_(loop_, path, {.on_connection = [this](auto stream) { serve(std::move(stream)); }}),
        thread_([this] { loop_.run(); }) {}

  ~LineServer() {
    const bool posted = poster_.post([this] { loop_.stop(); });
    if (!posted) std::abort();
    thread_.join();
  }

 private:
  void serve(std::unique_ptr<Stream> stream) {
    Stream* s = stream.get();
    open_.push_back(std::move(stream));
    s->start({.on_data = [this, s, line = std::string()](std::string_view bytes) mutable {
      line += bytes;
      if (line.back() == '\n') answer_(*s, std::exchange(line, ""));
    }});
  }

  Answer answer_;
  Loop loop_;
  Poster poster_;
  std::vector<std::unique_ptr<Stream>> open_;
  Listener listener_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("a line asked is a line answered, several times over one connection", "[line_client]") {
  FreshFolder folder;
  LineServer server(folder / "socket", [](Stream& s, const std::string& line) { s.write("re: " + line); });
  LineClient client(folder / "socket");
  CHECK(client.request("status") == "re: status");
  CHECK(client.request("") == "re: ");
  CHECK(client.request("sync", 30'000) == "re: sync");
}

TEST_CASE("a line as long as allowed comes back whole, and a longer one is refused", "[line_client]") {
  FreshFolder folder;
  LineServer server(folder / "socket", [](Stream& s, const std::string& line) {
    s.write(line == "more\n" ? std::string(LineClient::kMaxLine + 1, 'x') : line);
  });
  const std::string longest(LineClient::kMaxLine, 'x');
  LineClient client(folder / "socket");
  CHECK(client.request(longest) == longest);
  CHECK_THROWS_WITH(client.request(longest + "x"), Catch::Contains("request is over 1048576 bytes"));
  CHECK_THROWS_WITH(client.request("two\nlines"), Catch::Contains("one line"));
  CHECK_THROWS_WITH(client.request("more"), Catch::Contains("answer is over 1048576 bytes"));
}

TEST_CASE("an answer that does not come in time is an error, and so is the next request", "[line_client]") {
  FreshFolder folder;
  LineServer server(folder / "socket", [](Stream& s, const std::string&) { s.write("no newline"); });
  LineClient client(folder / "socket");
  CHECK_THROWS_WITH(client.request("sync", 20), "ask " + (folder / "socket") + ": Connection timed out");
  CHECK_THROWS_WITH(client.request("status"), Catch::Contains("closed after an error"));
}

TEST_CASE("a server that closes without an answer is told from one that is not there", "[line_client]") {
  FreshFolder folder;
  const std::string path = folder / "socket";
  {
    LineServer server(path, [](Stream& s, const std::string&) { s.finish(); });
    LineClient client(path);
    CHECK_THROWS_WITH(client.request("status"), Catch::Contains("ask " + path + ": the server closed"));
  }
  CHECK_THROWS_WITH(LineClient(path), "connect to " + path + ": No such file or directory");
}
