// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/api/http_codec.h"

#include <random>

#include "tests/unit/catch.h"

using namespace tidings::searcher;

namespace {

/// Status of the refusal, 200 if a request came out, 0 if more is wanted.
unsigned verdict(RequestReader& reader) {
  const auto next = reader.next();
  if (!next) return next.error().status;
  return *next ? 200 : 0;
}

unsigned verdict(const std::string& bytes) {
  RequestReader reader;
  reader.feed(bytes);
  return verdict(reader);
}

std::string get_request(const std::string& headers = "Host: x\r\n") {
  return "GET / HTTP/1.1\r\n" + headers + "\r\n";
}

}  // namespace

TEST_CASE("a request is read alike whole, byte by byte, and with others behind it", "[api]") {
  const std::string one =
      "GET /v1/search?q=a HTTP/1.1\r\nHost: localhost\r\nCookie: a=1\r\nCookie: b=2\r\nOrigin: "
      "http://x\r\n\r\n";
  RequestReader reader;
  const auto check_request = [&] {
    const auto next = reader.next();
    REQUIRE(next);
    REQUIRE(*next);
    CHECK((*next)->method == "GET");
    CHECK((*next)->target == "/v1/search?q=a");
    CHECK((*next)->host == "localhost");
    CHECK((*next)->cookie == "a=1; b=2");
    CHECK((*next)->origin == "http://x");
    CHECK((*next)->keep_alive);
  };
  SECTION("whole") {
    reader.feed(one);
    check_request();
    CHECK_FALSE(reader.is_partial());
  }
  SECTION("byte by byte") {
    for (std::size_t i = 0; i < one.size(); ++i) {
      REQUIRE(verdict(reader) == 0);
      CHECK(reader.is_partial() == (i > 0));
      reader.feed(one.substr(i, 1));
    }
    check_request();
  }
  SECTION("three at once and a half") {
    reader.feed(one + one + one + one.substr(0, 20));
    for (int i = 0; i < 3; ++i) check_request();
    CHECK(verdict(reader) == 0);
    CHECK(reader.is_partial());
    reader.feed(one.substr(20));
    check_request();
  }
}

TEST_CASE("a body is read by its length or its chunks, and the next request begins behind it", "[api]") {
  const auto body_of = [](const std::string& bytes) {
    RequestReader reader;
    for (const char c : bytes + get_request()) reader.feed({&c, 1});
    const auto first = reader.next();
    REQUIRE(first);
    REQUIRE(*first);
    CHECK(verdict(reader) == 200);
    return (*first)->body + "|" + (*first)->host;
  };
  CHECK(body_of("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc") == "abc|x");
  CHECK(body_of("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
                "chunked\r\n\r\n3\r\nabc\r\n2;e=1\r\nde\r\n0\r\n\r\n") == "abcde|x");
  CHECK(body_of("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") == "|x");
  // A trailer is no header.
  CHECK(body_of("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nHost: "
                "evil\r\nAuthorization: y\r\n\r\n") == "a|x");
}

TEST_CASE("what could be read in two ways is refused", "[api]") {
  const std::string chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::vector<std::tuple<std::string, std::string, unsigned>> table = {
      {"two different lengths", get_request("Host: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n") + "ab",
       400},
      {"the same length twice", get_request("Host: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n") + "a",
       400},
      {"a list of lengths", get_request("Host: x\r\nContent-Length: 1, 2\r\n") + "a", 400},
      {"a length and chunks",
       get_request("Host: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400},
      {"chunks and a length",
       get_request("Host: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n") + "0\r\n\r\n", 400},
      {"a negative length", get_request("Host: x\r\nContent-Length: -1\r\n"), 400},
      {"a length that is no number", get_request("Host: x\r\nContent-Length: 1x\r\n"), 400},
      {"a length past 64 bits", get_request("Host: x\r\nContent-Length: 18446744073709551617\r\n"), 400},
      {"another transfer encoding", get_request("Host: x\r\nTransfer-Encoding: gzip\r\n"), 501},
      {"chunks inside another", get_request("Host: x\r\nTransfer-Encoding: gzip, chunked\r\n"), 501},
      {"chunks twice", get_request("Host: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
       400},
      {"chunks in HTTP/1.0", "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       400},
      {"a chunk's length that is none", chunked + "zz\r\na\r\n0\r\n\r\n", 400},
      {"a chunk longer than it says", chunked + "1\r\nabc\r\n0\r\n\r\n", 400},
      {"a chunk's length past 64 bits", chunked + "fffffffffffffffff\r\na\r\n", 400},
      {"a chunk's line without end", chunked + "1;" + std::string(20000, 'a'), 400},
      {"no Host", get_request(""), 400},
      {"two Hosts", get_request("Host: x\r\nHost: y\r\n"), 400},
      {"two Origins", get_request("Host: x\r\nOrigin: http://x\r\nOrigin: http://y\r\n"), 400},
      {"a space before the colon", get_request("Host: x\r\nX-A : b\r\n"), 400},
      {"no colon", get_request("Host: x\r\nabc\r\n"), 400},
      {"a folded line", get_request("Host: x\r\nX-A: b\r\n c\r\n"), 400},
      {"a NUL", get_request(std::string("Host: x\r\nX-A: b\0c\r\n", 19)), 400},
      {"a control character", get_request("Host: x\r\nX-A: b\x01\r\n"), 400},
      {"bare LF everywhere", "GET / HTTP/1.1\nHost: x\n\n", 400},
      {"one bare LF", "GET / HTTP/1.1\r\nHost: x\nX-A: b\r\n\r\n", 400},
      {"a bare CR", get_request("Host: x\r\nX-A: b\rc\r\n"), 400},
      {"a space before the method", " GET / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"no version", "GET /\r\nHost: x\r\n\r\n", 400},
      {"a version to come", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505},
      {"a whole address", "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"an asterisk", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"the hello of TLS", std::string("\x16\x03\x01\x02\x00\x01\x00\x01", 8), 400},
      {"a long target", "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n", 414},
      {"a very long target", "GET /" + std::string(20000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n", 414},
      {"a long header", get_request("Host: x\r\nX-A: " + std::string(20000, 'a') + "\r\n"), 431},
      {"many headers",
       get_request("Host: x\r\n" +
                   [] {
                     std::string many;
                     for (int i = 0; i < 4000; ++i) many += "A: b\r\n";
                     return many;
                   }()),
       431},
      {"a header that never ends", "GET / HTTP/1.1\r\nX-A: " + std::string(20000, 'a'), 431},
      {"a long body", get_request("Host: x\r\nContent-Length: 70000\r\n"), 413},
      {"a long chunk", chunked + "11171\r\n", 413},
      {"many chunks",
       chunked +
           [] {
             std::string many;
             for (int i = 0; i < 70; ++i) many += "400\r\n" + std::string(1024, 'a') + "\r\n";
             return many;
           }(),
       413},
  };
  for (const auto& [what, bytes, status] : table) {
    INFO(what);
    CHECK(verdict(bytes) == status);
    RequestReader slow;
    unsigned got = 0;
    for (std::size_t i = 0; i < bytes.size() && got == 0; ++i) {
      slow.feed(std::string_view(bytes).substr(i, 1));
      got = verdict(slow);
    }
    CHECK(got == status);
    CHECK(verdict(slow) == 0);  // and stays shut
  }
}

TEST_CASE("no bytes, cut anywhere, end the server", "[api]") {
  std::mt19937 random(1);
  const auto below = [&](std::size_t n) { return random() % n; };
  const std::vector<std::string> parts = {"GET / HTTP/1.1\r\n",
                                          "POST /a HTTP/1.1\r\n",
                                          "Host: x\r\n",
                                          "Content-Length: 3\r\n",
                                          "Transfer-Encoding: chunked\r\n",
                                          "Connection: close, x\r\n",
                                          "\r\n",
                                          "abc",
                                          "0\r\n",
                                          "0\r\n\r\n",
                                          "3\r\nabc\r\n",
                                          "2;a=\"b\"\r\nab\r\n",
                                          "A: b\r\n",
                                          "\r",
                                          "\n",
                                          ":",
                                          " "};
  std::size_t whole = 0, refused = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = below(2) ? "POST / HTTP/1.1\r\nHost: x\r\n" : "";
    if (below(2)) bytes += "Transfer-Encoding: chunked\r\n\r\n";
    for (std::size_t n = below(12); n > 0; --n) bytes += parts[below(parts.size())];
    if (below(4) == 0 && !bytes.empty()) bytes[below(bytes.size())] = static_cast<char>(random());
    RequestReader reader;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t size = 1 + below(7);
      reader.feed(std::string_view(bytes).substr(at, size));
      at += size;
      for (unsigned got; (got = verdict(reader)) != 0;) ++(got == 200 ? whole : refused);
    }
  }
  CHECK(whole > 100);
  CHECK(refused > 100);
}

TEST_CASE("who wants to be closed is, and HTTP/1.0 always", "[api]") {
  const auto keeps = [](const std::string& bytes) {
    RequestReader reader;
    reader.feed(bytes);
    return (*reader.next())->keep_alive;
  };
  CHECK(keeps(get_request()));
  CHECK_FALSE(keeps(get_request("Host: x\r\nConnection: close\r\n")));
  CHECK_FALSE(keeps("GET / HTTP/1.0\r\nHost: x\r\n\r\n"));
  CHECK_FALSE(keeps("GET / HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n"));
}

TEST_CASE("HEAD has the length and not the body, and 304 neither", "[api]") {
  Response r;
  r.content_type = "text/plain";
  r.headers = {{"ETag", "\"1\""}};
  r.body = "hello";
  const std::string whole = serialise(r, true, false), head = serialise(r, true, true);
  CHECK(whole.substr(0, 17) == "HTTP/1.1 200 OK\r\n");
  CHECK(whole.substr(whole.size() - 9) == "\r\n\r\nhello");
  CHECK(whole.find("Content-Length: 5\r\n") != whole.npos);
  CHECK(whole.find("ETag: \"1\"\r\n") != whole.npos);
  CHECK(whole.find("Content-Security-Policy: default-src 'none'") != whole.npos);
  CHECK(whole.find("Connection: close") == whole.npos);
  CHECK(head == whole.substr(0, whole.size() - 5));
  CHECK(serialise(r, false, false).find("Connection: close\r\n") != whole.npos);
  r.status = 304;
  const std::string none = serialise(r, true, false);
  CHECK(none.find("Content-Length") == none.npos);
  CHECK(none.substr(none.size() - 4) == "\r\n\r\n");
}
