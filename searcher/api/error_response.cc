// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/api/error_response.h"

#include "searcher/present/json.h"

namespace tidings::searcher {
namespace {
constexpr const char* kRetrySeconds = "1";
}

unsigned status_of(Error::Code code) {
  switch (code) {
    case Error::Code::BadQuery:
    case Error::Code::BadRequest:
      return 400;
    case Error::Code::NotFound:
      return 404;
    case Error::Code::Busy:
    case Error::Code::IndexLocked:
    case Error::Code::IndexVersion:
      return 503;
    case Error::Code::Unreadable:
    case Error::Code::NotText:
    case Error::Code::IndexCorrupt:
    case Error::Code::Io:
      return 500;
  }
  return 500;
}

Response error_response(unsigned status, std::string_view code, const std::string& message,
                        const std::string& hint) {
  Response r;
  r.status = status;
  r.content_type = kJsonType;
  r.body =
      print({{"error", {{"code", code}, {"message", message}, {"hint", hint}, {"column", nullptr}}}}) + "\n";
  return r;
}

Response error_response(const Error& error) {
  Response r;
  r.status = status_of(error.code);
  r.content_type = kJsonType;
  r.body = print(to_json(error)) + "\n";
  if (r.status == 503) r.headers.emplace_back("Retry-After", kRetrySeconds);
  return r;
}

Response error_response(const Refusal& refusal) {
  std::string_view code = "malformed";
  if (refusal.status == 408) code = "timeout";
  if (refusal.status == 413 || refusal.status == 414 || refusal.status == 431) code = "too_large";
  return error_response(refusal.status, code, refusal.message, refusal.hint);
}

Response unavailable_response(std::string_view code, const std::string& message, const std::string& hint) {
  Response r = error_response(503, code, message, hint);
  r.headers.emplace_back("Retry-After", kRetrySeconds);
  return r;
}

Response busy_response(const std::string& message) {
  return unavailable_response("busy", message, "try again in a moment");
}

}  // namespace tidings::searcher
