// SPDX-License-Identifier: GPL-2.0-or-later
// access.h — who may ask on TCP. (On the Unix socket the kernel has answered that: loop/listener.h.)
//
// Every user and every web page of this machine reaches a loopback port, so TCP asks for all of:
// - Host is 127.0.0.1:PORT, localhost:PORT, [::1]:PORT or the address listened on, else 421: a page whose
// name was rebound
//   to 127.0.0.1 still sends its own name.
// - Origin, where it is sent, is http:// with one of these, else 403: a foreign page's form or script.
// - A token, else 401; /healthz and the pages' style and modules (web/assets.h), which tell nothing, are free. Either "Authorization: Bearer
// TOKEN", the
//   token being in the file `token` (0600) of the state folder, for programs; or the cookie, for browsers.
// The address printed at the start has another token, /?token=…, good for one exchange against the cookie: an
// address gets into histories and terminals. Used again, it is answered by 403 and where to find a new one;
// with a cookie that is valid, by the page. HEAD never uses it up. The cookie's name has the port in it,
// since browsers keep the cookies of a host's ports together.
//
// Tokens are 256 bits from getrandom(2) in hex, compared in constant time, and never logged. They are new with each start, but for the cookie's:
// it is kept in the file `cookie` (0600) beside the other, so that a page which is open outlives a restart of the server; whoever
// removes that file shuts all browsers out from the next start on. Loop thread only. Errors: the constructor throws std::system_error or
// std::filesystem::filesystem_error naming the file.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "searcher/api/http_codec.h"
#include "searcher/api/target.h"

namespace tidings::searcher {

class Access {
 public:
  /// Makes the tokens, and writes the file.
  explicit Access(const std::filesystem::path& state_folder);

  /// address: as bound, "127.0.0.1:4711".
  void listen_on(const std::string& address, int port);

  /// nullopt: let in. Else the answer: a refusal, or the cookie.
  std::optional<Response> check(const Request& request, const Target& target);

  /// "http://127.0.0.1:4711/?token=…"
  std::string first_address() const;
  const std::filesystem::path& token_file() const { return token_file_; }

 private:
  bool is_ours(std::string_view host) const;
  bool is_known(const Request& request) const;
  Response exchange(const Target& target, std::string_view token);

  std::filesystem::path token_file_;
  std::string bearer_, once_, cookie_;
  bool once_used_ = false;
  std::string address_, cookie_name_;
  std::vector<std::string> hosts_;
};

/// 256 random bits, 64 hex digits.
std::string random_token();

/// Takes as long for any two texts of one length.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace tidings::searcher
