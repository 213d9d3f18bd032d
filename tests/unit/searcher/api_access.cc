// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/api/access.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "tests/unit/catch.h"

using namespace tidings::searcher;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path;
  Folder() {
    char name[] = "/tmp/tidings-access-XXXXXX";
    path = ::mkdtemp(name);
  }
  ~Folder() { fs::remove_all(path); }
};

struct AccessFixture {
  Folder folder;
  Access access{folder.path / "state"};
  AccessFixture() { access.listen_on("127.0.0.1:4711", 4711); }

  std::string bearer() const {
    std::string token;
    std::ifstream(access.token_file()) >> token;
    return token;
  }
  std::string once() const { return access.first_address().substr(access.first_address().find('?')); }

  std::optional<Response> ask(const Request& request) {
    return access.check(request, *parse_target(request.target));
  }
  unsigned status(const Request& request) {
    const auto r = ask(request);
    return r ? r->status : 200;
  }
};

Request request(std::string target, std::string authorization = {}, std::string cookie = {}) {
  Request r;
  r.method = "GET";
  r.target = std::move(target);
  r.host = "127.0.0.1:4711";
  r.authorization = std::move(authorization);
  r.cookie = std::move(cookie);
  return r;
}

std::string cookie_of(const Response& r) {
  for (const auto& [name, text] : r.headers)
    if (name == "Set-Cookie") return text.substr(0, text.find(';'));
  return {};
}

}  // namespace

TEST_CASE_METHOD(AccessFixture, "the token is in a file that only its owner can read", "[api]") {
  struct stat st;
  REQUIRE(::stat(access.token_file().c_str(), &st) == 0);
  CHECK((st.st_mode & 0777) == 0600);
  REQUIRE(::stat(access.token_file().parent_path().c_str(), &st) == 0);
  CHECK((st.st_mode & 0777) == 0700);
  CHECK(bearer().size() == 64);
  CHECK(access.first_address().find(bearer()) == std::string::npos);
  Access again(folder.path / "state");
  CHECK(again.first_address() != access.first_address());
}

TEST_CASE_METHOD(AccessFixture,
                 "a browser that was let in is known after a restart, until that is taken away", "[api]") {
  const std::string cookie = cookie_of(*ask(request("/" + once())));
  const fs::path file = access.token_file().parent_path() / "cookie";
  const auto after_restart = [&] {
    Access again(folder.path / "state");
    again.listen_on("127.0.0.1:4711", 4711);
    const Request asked = request("/v1/search?q=a", {}, cookie);
    return again.check(asked, *parse_target(asked.target)) ? 401U : 200U;
  };
  struct stat st;
  REQUIRE(::stat(file.c_str(), &st) == 0);
  CHECK((st.st_mode & 0777) == 0600);
  CHECK(after_restart() == 200);
  SECTION("one that others could have written is not believed") {
    fs::permissions(file, fs::perms::group_write, fs::perm_options::add);
  }
  SECTION("nor one that is no token") {
    std::ofstream(file) << "\n";
  }
  SECTION("nor one that is not there") {
    fs::remove(file);
  }
  CHECK(after_restart() == 401);
}

TEST_CASE_METHOD(AccessFixture,
                 "without the right token nothing but /healthz, the style and the modules is told", "[api]") {
  const std::string right = bearer();
  std::string wrong = right;
  wrong.back() = wrong.back() == '0' ? '1' : '0';
  CHECK(status(request("/v1/search?q=a")) == 401);
  CHECK(status(request("/")) == 401);
  CHECK(status(request("/healthz")) == 200);
  CHECK(status(request("/style.css")) == 200);
  CHECK(status(request("/page.js")) == 200);
  CHECK(status(request("/v1/search?q=a", "Bearer " + right)) == 200);
  CHECK(status(request("/v1/search?q=a", "bearer " + right)) == 200);
  CHECK(status(request("/v1/search?q=a", "Bearer " + wrong)) == 401);
  CHECK(status(request("/v1/search?q=a", "Bearer " + right + "0")) == 401);
  CHECK(status(request("/v1/search?q=a", "Bearer ")) == 401);
  CHECK(status(request("/v1/search?q=a", "Basic " + right)) == 401);
  CHECK(status(request("/v1/search?q=a", right)) == 401);
  CHECK(status(request("/v1/search?q=a&token=" + right)) == 401);
  // The address' token is for one exchange, not for asking.
  CHECK(status(request("/v1/search?q=a", "Bearer " + once().substr(7))) == 401);
  CHECK(status(request("/v1/search?q=a", {}, "tidings_4711=")) == 401);
}

TEST_CASE_METHOD(AccessFixture, "the printed address is good for one cookie", "[api]") {
  Request head = request("/" + once());
  head.method = "HEAD";
  CHECK(status(head) == 401);  // uses nothing up
  CHECK(status(request("/?token=" + std::string(64, '0'))) == 403);

  const auto first = ask(request("/" + once()));
  REQUIRE(first);
  CHECK(first->status == 303);
  const std::string cookie = cookie_of(*first);
  REQUIRE(cookie.substr(0, 13) == "tidings_4711=");
  CHECK(cookie.find(once().substr(7)) == cookie.npos);
  CHECK(cookie.find(bearer()) == cookie.npos);
  bool strict = false;
  for (const auto& [name, text] : first->headers)
    strict = strict || text.find("; HttpOnly; SameSite=Strict; Path=/") != text.npos;
  CHECK(strict);

  CHECK(status(request("/", {}, cookie)) == 200);
  CHECK(status(request("/v1/search?q=a", {}, "other=1; " + cookie + "; more=2")) == 200);
  CHECK(status(request("/", {}, cookie + "0")) == 401);
  CHECK(status(request("/", {}, "x" + cookie)) == 401);
  const auto second = ask(request("/" + once()));
  REQUIRE(second);
  CHECK(second->status == 403);
  CHECK(second->body.find("tidings serve") != std::string::npos);
  CHECK(status(request("/" + once(), {}, cookie)) == 303);  // the page, without a new cookie
  CHECK(cookie_of(*ask(request("/" + once(), {}, cookie))).empty());
}

TEST_CASE_METHOD(AccessFixture,
                 "a Host or an Origin that is not this server's is refused, with a right token too",
                 "[api]") {
  const std::vector<std::tuple<std::string, std::string, unsigned>> table = {
      {"127.0.0.1:4711", "", 200},
      {"localhost:4711", "", 200},
      {"LOCALHOST:4711", "", 200},
      {"[::1]:4711", "", 200},
      {"127.0.0.1:4711", "http://127.0.0.1:4711", 200},
      {"127.0.0.1:4711", "http://localhost:4711", 200},
      {"127.0.0.1", "", 421},
      {"localhost", "", 421},
      {"127.0.0.1:4712", "", 421},
      {"evil.example:4711", "", 421},
      {"127.0.0.1.evil.example:4711", "", 421},
      {"localhost:4711.evil.example", "", 421},
      {"", "", 421},
      {"127.0.0.1:4711", "http://evil.example", 403},
      {"127.0.0.1:4711", "http://127.0.0.1:80", 403},
      {"127.0.0.1:4711", "https://127.0.0.1:4711", 403},
      {"127.0.0.1:4711", "null", 403},
      {"127.0.0.1:4711", "http://", 403},
  };
  for (const auto& [host, origin, expected] : table) {
    INFO(host << " " << origin);
    Request r = request("/v1/search?q=a", "Bearer " + bearer());
    r.host = host;
    r.origin = origin;
    CHECK(status(r) == expected);
    r.target = "/healthz";
    CHECK(status(r) == expected);
  }
}

TEST_CASE("secrets of other lengths differ", "[api]") {
  CHECK(same_secret("abc", "abc"));
  CHECK_FALSE(same_secret("abc", "abd"));
  CHECK_FALSE(same_secret("abc", "ab"));
  CHECK_FALSE(same_secret("", "a"));
  CHECK(random_token() != random_token());
}
