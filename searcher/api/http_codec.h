// SPDX-License-Identifier: GPL-2.0-or-later
// http_codec.h — bytes to requests and responses to bytes, HTTP/1.1; no input or output in here.
//
// Parsing and serialising are Boost.Beast's, which this room includes in http_codec.cc alone. Chosen over
// libwebsockets and libmicrohttpd because it refused every framing attack tried. What Beast 1.81 lets through
// is refused here: bare LF, folded header lines, any Transfer-Encoding but "chunked" (it would take the body
// for the next request), the same Content-Length twice, no Host or two, and trailers (read, and never taken
// for headers).
//
// Bounds, and the answer past them: kMaxTarget 414, kMaxHeader 431 (the request line counts), kMaxBody 413, a
// chunk's line or the trailers kMaxHeader 400. After a refusal the stream cannot be trusted to be in step:
// the connection is to be closed. Time-outs are Connection's. One thread at a time.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace tidings::searcher {

/// The headers that we look at; "" where absent. Several Cookie lines are joined by "; ".
struct Request {
  std::string method, target;  ///< the target as sent: it begins with '/'
  std::string host, authorization, cookie, origin, accept, if_none_match, last_event_id;
  std::string body;
  bool keep_alive = true;  ///< never for HTTP/1.0, whose clients do not expect it
  bool is_head() const { return method == "HEAD"; }
};

class Outlet;

struct Response {
  unsigned status = 200;
  std::string content_type;  ///< empty: no body
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  /// Set: there is no body here, it is written there, piece by piece (outlet.h). Called on the loop thread.
  std::function<void(std::shared_ptr<Outlet>)> stream = nullptr;
};

/// Why a request was refused before it was understood.
struct Refusal {
  unsigned status = 400;
  std::string message, hint;
};

class RequestReader {
 public:
  static constexpr std::size_t kMaxTarget = 8 << 10;   // bytes
  static constexpr std::size_t kMaxHeader = 16 << 10;  // bytes, with the request line
  static constexpr std::size_t kMaxBody = 64 << 10;    // bytes

  RequestReader();
  ~RequestReader();

  void feed(std::string_view bytes) { buffer_.erase(0, std::exchange(begin_, 0)).append(bytes); }

  /// The next whole request; nullopt: more bytes are needed; a Refusal once, then nullopt for ever.
  tl::expected<std::optional<Request>, Refusal> next();

  /// Bytes of a request that is not whole yet are here.
  bool is_partial() const { return !refused_ && (parser_ != nullptr || buffer_.size() > begin_); }
  std::size_t buffered() const { return buffer_.size() - begin_; }

 private:
  struct Parser;  // Beast's, of the request whose header has been read

  std::optional<Refusal> read_header();
  std::optional<Refusal> read_body();
  std::optional<Refusal> check_line_ends(std::string_view unseen, char before) const;

  std::string buffer_;
  std::size_t begin_ = 0;    // of what has not been parsed yet
  std::size_t checked_ = 0;  // bytes from begin_ on whose line ends are right
  std::unique_ptr<Parser> parser_;
  Request request_;
  bool refused_ = false;
};

/// Adds Date, Content-Length, Connection, and what keeps pages in their place (Content-Security-Policy and
/// the like). For HEAD the body is left out and its length told.
std::string serialise(const Response& response, bool keep_alive, bool is_head);
/// The header alone, of a body that ends with the connection.
std::string serialise_header(const Response& response);

}  // namespace tidings::searcher
