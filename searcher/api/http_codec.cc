// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/api/http_codec.h"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http.hpp>
#include <ctime>

namespace tidings::searcher {
namespace http = boost::beast::http;
namespace beast = boost::beast;

namespace {

/// What every response has. Our pages load nothing but our style sheet and modules, ask nobody but us, and are shown in nobody's frame;
/// no text becomes markup or script in them (Trusted Types, where the browser knows them); what is here may change at any moment, and is nobody's but the asker's.
constexpr std::pair<const char*, const char*> kEveryResponse[] = {
    {"Content-Security-Policy",
     "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
     "require-trusted-types-for 'script'; trusted-types 'none'; form-action 'self'; base-uri 'none'; "
     "frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Cache-Control", "private, no-cache"},
};

constexpr std::string_view kEndOfHeader = "\r\n\r\n";

std::string to_string(beast::string_view s) {
  return {s.data(), s.size()};
}

std::string value(const http::fields& fields, http::field name) {
  return to_string(fields[name]);
}

Refusal malformed(std::string message) {
  return {400, std::move(message), {}};
}

Refusal refusal_of(const beast::error_code& error) {
  if (error == http::error::body_limit)
    return {413, "the body has over " + std::to_string(RequestReader::kMaxBody) + " bytes", {}};
  if (error == http::error::header_limit)
    return {431, "the header has over " + std::to_string(RequestReader::kMaxHeader) + " bytes", {}};
  if (error == http::error::bad_version) return {505, "only HTTP/1.1 and HTTP/1.0 are spoken here", {}};
  return malformed("malformed request: " + error.message());
}

/// What Beast takes and we do not.
std::optional<Refusal> check_fields(const http::request_header<>& header) {
  const auto target = header.target();
  if (target.size() > RequestReader::kMaxTarget)
    return Refusal{414, "the address has over " + std::to_string(RequestReader::kMaxTarget) + " bytes",
                   "shorten the query"};
  if (target.empty() || target[0] != '/') return malformed("the target of a request must begin with '/'");
  if (header.count(http::field::host) != 1) return malformed("a request must have one Host header");
  if (header.count(http::field::origin) > 1) return malformed("two Origin headers");
  if (header.count(http::field::content_length) > 1) return malformed("two Content-Length headers");
  if (const auto n = header.count(http::field::transfer_encoding); n > 0) {
    if (n > 1 || header.version() < 11) return malformed("this Transfer-Encoding is not allowed");
    if (!beast::iequals(header[http::field::transfer_encoding], "chunked"))
      return Refusal{501, "no Transfer-Encoding but chunked is understood", {}};
  }
  return std::nullopt;
}

Request request_of(const http::request_header<>& header, bool keep_alive) {
  Request r;
  r.method = to_string(header.method_string());
  r.target = to_string(header.target());
  r.host = value(header, http::field::host);
  r.authorization = value(header, http::field::authorization);
  r.origin = value(header, http::field::origin);
  r.accept = value(header, http::field::accept);
  r.if_none_match = value(header, http::field::if_none_match);
  r.last_event_id = to_string(header["Last-Event-ID"]);
  const auto [first, last] = header.equal_range(http::field::cookie);
  for (auto field = first; field != last; ++field)
    r.cookie += (r.cookie.empty() ? "" : "; ") + to_string(field->value());
  r.keep_alive = keep_alive && header.version() >= 11;
  return r;
}

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[sizeof "Sun, 06 Nov 1994 08:49:37 GMT"];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

}  // namespace

struct RequestReader::Parser : http::request_parser<http::string_body> {};

RequestReader::RequestReader() = default;
RequestReader::~RequestReader() = default;

/// Beast looks for CRLF CRLF, and would wait for it in vain where lines end in LF.
std::optional<Refusal> RequestReader::check_line_ends(std::string_view unseen, char before) const {
  for (const char c : unseen) {
    if (c == '\0') return malformed("a NUL in the header");
    if (c == '\n' && before != '\r') return malformed("a line of the header ends in LF without CR");
    if (c != '\n' && before == '\r') return malformed("a CR within a line of the header");
    before = c;
  }
  return std::nullopt;
}

std::optional<Refusal> RequestReader::read_header() {
  const auto unparsed = std::string_view(buffer_).substr(begin_);
  const auto end =
      unparsed.find(kEndOfHeader, checked_ < kEndOfHeader.size() ? 0 : checked_ - kEndOfHeader.size());
  const auto header = unparsed.substr(0, end == unparsed.npos ? end : end + kEndOfHeader.size());
  if (auto refusal = check_line_ends(header.substr(checked_), checked_ == 0 ? '\0' : header[checked_ - 1]))
    return refusal;
  checked_ = header.size();
  if (header.size() > kMaxHeader) {
    if (header.find('\n') > kMaxHeader)
      return Refusal{414, "the request line has over " + std::to_string(kMaxHeader) + " bytes",
                     "shorten the query"};
    return refusal_of(http::error::header_limit);
  }
  if (end == unparsed.npos) return std::nullopt;
  if (header.find("\r\n ") != header.npos || header.find("\r\n\t") != header.npos)
    return malformed("a folded line in the header");

  parser_ = std::make_unique<Parser>();
  parser_->header_limit(static_cast<std::uint32_t>(kMaxHeader));
  parser_->body_limit(kMaxBody);
  beast::error_code error;
  begin_ += parser_->put({header.data(), header.size()}, error);
  if (error) return refusal_of(error);
  // Here, for what comes behind the body is added to Beast's fields too.
  if (auto refusal = check_fields(parser_->get())) return refusal;
  request_ = request_of(parser_->get(), parser_->get().keep_alive());
  return std::nullopt;
}

std::optional<Refusal> RequestReader::read_body() {
  // Beast 1.81 asserts where it is given four bytes of a body's last chunk ("0", CR, LF, CR), so a chunk is
  // shown to it from five on: "0" and two line ends are still to come until all has.
  constexpr std::size_t kLastChunk = 5;
  const std::size_t least = parser_->chunked() ? kLastChunk : 1;
  while (!parser_->is_done() && buffered() >= least) {
    beast::error_code error;
    begin_ += parser_->put({buffer_.data() + begin_, buffered()}, error);
    if (error == http::error::need_more) {
      if (buffered() > kMaxHeader) return malformed("a chunk's line or the trailers are too long");
      break;
    }
    if (error) return refusal_of(error);
  }
  return std::nullopt;
}

tl::expected<std::optional<Request>, Refusal> RequestReader::next() {
  if (refused_) return std::nullopt;
  auto refusal = parser_ || buffered() == 0 ? std::nullopt : read_header();
  if (!refusal && parser_) refusal = read_body();
  if (refusal) {
    refused_ = true;
    return tl::unexpected(*std::move(refusal));
  }
  if (!parser_ || !parser_->is_done()) return std::nullopt;
  request_.body = std::move(parser_->get().body());
  parser_.reset();
  checked_ = 0;
  return std::exchange(request_, {});
}

namespace {

using Message = http::response<http::span_body<const char>>;

void fill(Message& message, const Response& response) {
  message.version(11);
  message.result(response.status);
  message.set(http::field::date, http_date());
  if (!response.content_type.empty()) message.set(http::field::content_type, response.content_type);
  for (const auto& [name, text] : kEveryResponse) message.set(name, text);
  for (const auto& [name, text] : response.headers) message.insert(name, text);
}

std::string bytes_of(Message& message, std::size_t body) {
  http::response_serializer<http::span_body<const char>> serializer(message);
  std::string bytes;
  bytes.reserve(body + 1024);
  beast::error_code error;
  while (!serializer.is_done()) {
    serializer.next(error, [&](beast::error_code&, const auto& buffers) {
      for (auto b = boost::asio::buffer_sequence_begin(buffers);
           b != boost::asio::buffer_sequence_end(buffers); ++b) {
        const boost::asio::const_buffer part = *b;
        bytes.append(static_cast<const char*>(part.data()), part.size());
      }
      serializer.consume(beast::buffer_bytes(buffers));
    });
    if (error) throw std::runtime_error("serialise a response: " + error.message());
  }
  return bytes;
}

}  // namespace

std::string serialise(const Response& response, bool keep_alive, bool is_head) {
  Message message;
  fill(message, response);
  message.keep_alive(keep_alive);
  // RFC 9110, 8.6 and 15.4.5: a 304 tells no length that is not the page's own.
  if (response.status != 304) message.content_length(response.body.size());
  if (!is_head && response.status != 304) message.body() = {response.body.data(), response.body.size()};
  return bytes_of(message, response.body.size());
}

std::string serialise_header(const Response& response) {
  Message message;
  fill(message, response);
  message.keep_alive(false);
  return bytes_of(message, 0);
}

}  // namespace tidings::searcher
