// SPDX-License-Identifier: GPL-2.0-or-later
// error_response.h — what went wrong as an answer: {"error": {code, message, hint, column}} of
// present/json.h, with the HTTP status that fits. A program looks at code, a person reads message and hint.
//
// The code is the Error's name (bad_query, not_found, busy …) or, for what HTTP alone knows: malformed,
// unauthorized, forbidden, method_not_allowed, timeout, too_large, no_index, internal.
#pragma once
#include <string>
#include <string_view>

#include "index/error.h"
#include "searcher/api/http_codec.h"

namespace tidings::searcher {

inline constexpr std::string_view kJsonType = "application/json; charset=utf-8";

Response error_response(unsigned status, std::string_view code, const std::string& message,
                        const std::string& hint = {});
Response error_response(const Error& error);
Response error_response(const Refusal& refusal);
/// 503: not now; Retry-After says when to come back.
Response unavailable_response(std::string_view code, const std::string& message, const std::string& hint);
/// A bound was reached.
Response busy_response(const std::string& message);

/// Another version of the index is one that is just being rebuilt: 503, as for a bound that was reached.
unsigned status_of(Error::Code code);

}  // namespace tidings::searcher
