// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/api/access.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "index/characters.h"
#include "loop/fd.h"
#include "searcher/api/error_response.h"
#include "searcher/web/assets.h"
#include "searcher/web/page.h"

namespace tidings::searcher {
namespace {

constexpr std::size_t kTokenDigits = 64;

constexpr const char* kNewAddress =
    "open the address that `tidings serve` prints when it starts; start it again for a new one";

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// Beside the old one and renamed over it: never half written, never with a wider mode.
void write_private(const std::filesystem::path& file, const std::string& text) {
  const std::string beside = file.string() + ".new";
  if (::unlink(beside.c_str()) != 0 && errno != ENOENT) fail("write " + beside);
  loop::Fd fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) fail("write " + beside);
  if (::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    fail("write " + beside);
  if (std::rename(beside.c_str(), file.c_str()) != 0) fail("write " + file.string());
}

/// What an earlier server wrote there; "" where nothing is that only this user could have written.
std::string kept_token(const std::filesystem::path& file) {
  const loop::Fd fd(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  struct stat st {};
  if (!fd || ::fstat(fd.get(), &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != ::geteuid() ||
      (st.st_mode & 077) != 0)
    return {};
  std::string text(kTokenDigits + 1, '\0');
  if (::read(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) return {};
  if (text.back() != '\n') return {};
  text.pop_back();
  const bool is_token = text.find_first_not_of("0123456789abcdef") == text.npos;
  return is_token ? text : std::string();
}

/// As a page where a browser shows a page.
Response refuse(const Target& target, unsigned status, const std::string& code, const std::string& message,
                const std::string& hint) {
  Response r = error_response(status, code, message, hint);
  if (target.path == "/" || target.path == "/report" || target.path == "/copies") {
    r.content_type = "text/html; charset=utf-8";
    r.body = web::error_page({}, {Error::Code::BadRequest, message, hint});
  }
  return r;
}

/// The value of a cookie: "a=1; name=value".
std::string_view cookie_value(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    const auto end = std::min(cookies.find(';'), cookies.size());
    std::string_view pair = cookies.substr(0, end);
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
    pair.remove_prefix(std::min(pair.find_first_not_of(" \t"), pair.size()));
    if (pair.size() > name.size() && pair.substr(0, name.size()) == name && pair[name.size()] == '=')
      return pair.substr(name.size() + 1);
  }
  return {};
}

}  // namespace

std::string random_token() {
  std::array<unsigned char, 32> bytes;
  for (std::size_t have = 0; have < bytes.size();) {
    const ssize_t n = ::getrandom(bytes.data() + have, bytes.size() - have, 0);
    if (n < 0 && errno != EINTR) fail("getrandom");
    if (n > 0) have += static_cast<std::size_t>(n);
  }
  std::string hex;
  for (const unsigned char b : bytes) hex.append({"0123456789abcdef"[b >> 4], "0123456789abcdef"[b & 15]});
  return hex;
}

bool same_secret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference = static_cast<unsigned char>(difference | (a[i] ^ b[i]));
  return difference == 0;
}

Access::Access(const std::filesystem::path& state_folder)
    : token_file_(state_folder / "token"),
      bearer_(random_token()),
      once_(random_token()),
      cookie_(kept_token(state_folder / "cookie")) {
  std::filesystem::create_directories(state_folder.parent_path());
  if (::mkdir(state_folder.c_str(), 0700) != 0 && errno != EEXIST)
    fail("make the folder " + state_folder.string());
  write_private(token_file_, bearer_ + "\n");
  if (!cookie_.empty()) return;
  cookie_ = random_token();
  write_private(state_folder / "cookie", cookie_ + "\n");
}

void Access::listen_on(const std::string& address, int port) {
  if (address_.empty()) {
    address_ = address;
    cookie_name_ = "tidings_" + std::to_string(port);
  }
  const std::string suffix = ":" + std::to_string(port);
  for (const char* name : {"127.0.0.1", "localhost", "[::1]"}) {
    hosts_.push_back(name + suffix);
    if (port == 80) hosts_.emplace_back(name);  // browsers leave it out
  }
  hosts_.push_back(address);
}

std::string Access::first_address() const {
  return "http://" + address_ + "/?token=" + once_;
}

bool Access::is_ours(std::string_view host) const {
  return std::find(hosts_.begin(), hosts_.end(), ascii_lower(host)) != hosts_.end();
}

bool Access::is_known(const Request& request) const {
  constexpr std::string_view kBearer = "bearer ";
  const std::string_view given = request.authorization;
  if (given.size() > kBearer.size() && ascii_lower(given.substr(0, kBearer.size())) == kBearer)
    return same_secret(given.substr(kBearer.size()), bearer_);
  return same_secret(cookie_value(request.cookie, cookie_name_), cookie_);
}

Response Access::exchange(const Target& target, std::string_view token) {
  if (once_used_ || !same_secret(token, once_))
    return refuse(
        target, 403, "forbidden",
        once_used_ ? "this address was used already, and is good for one use" : "this token is not known",
        kNewAddress);
  once_used_ = true;
  Response r;
  r.status = 303;
  r.headers = {{"Location", "/"},
               {"Set-Cookie", cookie_name_ + "=" + cookie_ + "; HttpOnly; SameSite=Strict; Path=/"}};
  return r;
}

std::optional<Response> Access::check(const Request& request, const Target& target) {
  if (!is_ours(request.host))
    return refuse(target, 421, "forbidden", "this server is not called by that Host",
                  "use http://" + address_ + "/, or localhost with the same port");
  constexpr std::string_view kScheme = "http://";
  const std::string origin = ascii_lower(request.origin);
  if (!origin.empty() &&
      (origin.rfind(kScheme, 0) != 0 || !is_ours(std::string_view(origin).substr(kScheme.size()))))
    return refuse(target, 403, "forbidden", "a page of another origin may not ask here", {});
  if (target.path == "/healthz" || web::asset(target.path)) return std::nullopt;

  const std::string* token = target.path == "/" ? target.find("token") : nullptr;
  if (is_known(request)) {
    if (!token) return std::nullopt;
    Response r;  // the page, and the used token out of the address
    r.status = 303;
    r.headers = {{"Location", "/"}};
    return r;
  }
  if (token && request.method == "GET") return exchange(target, *token);
  Response r = refuse(target, 401, "unauthorized", "a token is needed",
                      "programs: the header `Authorization: Bearer TOKEN`, the token being in " +
                          token_file_.string() + "; browsers: " + kNewAddress);
  r.headers.emplace_back("WWW-Authenticate", "Bearer");
  return r;
}

}  // namespace tidings::searcher
