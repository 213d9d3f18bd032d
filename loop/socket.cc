// SPDX-License-Identifier: GPL-2.0-or-later
#include "loop/socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace tidings::loop {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_un unix_address(const std::string& what, const std::string& path) {
  if (path.size() > kMaxSocketPath)
    throw std::runtime_error(what + ": the path has " + std::to_string(path.size()) +
                             " bytes, a socket's has at most " + std::to_string(kMaxSocketPath) +
                             "; choose a shorter folder");
  if (path.empty() || path.find('\0') != std::string::npos)
    throw std::runtime_error(what + ": not a path for a socket");
  sockaddr_un a{};
  a.sun_family = AF_UNIX;
  std::memcpy(a.sun_path, path.data(), path.size());
  return a;
}

template <class Address>
const sockaddr* generic(const Address& a) {
  return reinterpret_cast<const sockaddr*>(&a);
}

Fd make_socket(int family, const std::string& what) {
  Fd fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) fail(what);
  return fd;
}

/// Not std::filesystem: what is made on the way must be 0700 from the start.
void make_folders(const std::string& folder, const std::string& what) {
  for (std::size_t end = folder.find('/', 1);; end = folder.find('/', end + 1)) {
    const std::string part = folder.substr(0, end);
    struct stat st;
    if (::stat(part.c_str(), &st) != 0 && ::mkdir(part.c_str(), 0700) != 0 && errno != EEXIST)
      fail(what + ": make the folder " + part);
    if (end == std::string::npos) return;
  }
}

/// Held while we look at, remove and bind the name. In a folder of somebody else's (/tmp) anyone could keep
/// us waiting, so there we go without.
Fd lock_folder(const std::string& folder, const std::string& what) {
  Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) fail(what + ": open the folder " + folder);
  struct stat st;
  if (::fstat(fd.get(), &st) != 0) fail(what);
  if (st.st_uid != ::geteuid() || (st.st_mode & 0077) != 0) return fd;
  while (::flock(fd.get(), LOCK_EX) != 0)
    if (errno != EINTR) fail(what + ": lock the folder " + folder);
  return fd;
}

bool somebody_answers(const sockaddr_un& address, const std::string& what) {
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) fail(what);
  if (::connect(fd.get(), generic(address), sizeof address) == 0 || errno == EAGAIN) return true;
  if (errno == ECONNREFUSED) return false;
  fail(what + ": whether a server listens there cannot be found out");
}

ListeningSocket listen_unix(const std::string& path) {
  const std::string what = "listen on " + path;
  const sockaddr_un address = unix_address(what, path);
  const std::string folder = path.substr(0, path.rfind('/') == 0 ? 1 : path.rfind('/'));
  make_folders(folder, what);
  Fd lock = lock_folder(folder, what);

  struct stat st;
  if (::lstat(path.c_str(), &st) == 0) {
    if (!S_ISSOCK(st.st_mode))
      throw std::runtime_error(what +
                               ": that file exists and is no socket; remove it or choose another path");
    if (somebody_answers(address, what))
      throw std::runtime_error(what + ": a server is already listening there");
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail(what + ": replace the socket of a dead server");
  }

  ListeningSocket s;
  s.fd = make_socket(AF_UNIX, what);
  // On Linux the file takes its mode from the socket's own, so it never exists with a wider one.
  if (::fchmod(s.fd.get(), 0600) != 0) fail(what);
  if (::bind(s.fd.get(), generic(address), sizeof address) != 0) fail(what);
  // Within the lock: bound and not listening looks like a dead server's.
  if (::listen(s.fd.get(), kBacklog) != 0 || ::lstat(path.c_str(), &st) != 0) fail(what);
  s.address = path;
  s.is_unix = true;
  s.dev = st.st_dev;
  s.ino = st.st_ino;
  return s;
}

/// What a socket is bound to, and that nobody but this machine can reach it.
void describe(ListeningSocket& s, const std::string& what) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  if (::getsockname(s.fd.get(), reinterpret_cast<sockaddr*>(&storage), &length) != 0) fail(what);
  char text[INET6_ADDRSTRLEN] = "";
  bool loopback = false;
  if (storage.ss_family == AF_UNIX) {
    const auto* a = reinterpret_cast<const sockaddr_un*>(&storage);
    s.is_unix = true;
    s.address.assign(a->sun_path, length - offsetof(sockaddr_un, sun_path));
    if (!s.address.empty() && s.address[0] == '\0')
      s.address[0] = '@';  // an abstract name
    else
      s.address = s.address.c_str();
    return;
  }
  if (storage.ss_family == AF_INET) {
    const auto* a = reinterpret_cast<const sockaddr_in*>(&storage);
    ::inet_ntop(AF_INET, &a->sin_addr, text, sizeof text);
    loopback = (ntohl(a->sin_addr.s_addr) >> 24) == 127;
    s.port = ntohs(a->sin_port);
    s.address = std::string(text) + ":" + std::to_string(s.port);
  } else if (storage.ss_family == AF_INET6) {
    const auto* a = reinterpret_cast<const sockaddr_in6*>(&storage);
    ::inet_ntop(AF_INET6, &a->sin6_addr, text, sizeof text);
    loopback = IN6_IS_ADDR_LOOPBACK(&a->sin6_addr);
    s.port = ntohs(a->sin6_port);
    s.address = "[" + std::string(text) + "]:" + std::to_string(s.port);
  } else {
    throw std::runtime_error(what + ": neither a Unix socket nor TCP");
  }
  if (!loopback)
    throw std::runtime_error(what + ": other machines could reach " + s.address +
                             "; only 127.0.0.1 and [::1] are allowed");
}

ListeningSocket listen_tcp(const std::string& address) {
  const std::string what = "listen on " + address;
  const auto colon = address.rfind(':');
  std::string host = colon == std::string::npos ? "" : address.substr(0, colon);
  std::uint16_t port = 0;
  const char* end = address.data() + address.size();
  const auto number =
      std::from_chars(address.data() + (colon == std::string::npos ? 0 : colon + 1), end, port);
  const bool v6 = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (v6) host = host.substr(1, host.size() - 2);

  sockaddr_in a4{};
  sockaddr_in6 a6{};
  a4.sin_family = AF_INET;
  a6.sin6_family = AF_INET6;
  a4.sin_port = a6.sin6_port = htons(port);
  const bool known = v6 ? ::inet_pton(AF_INET6, host.c_str(), &a6.sin6_addr) == 1
                        : ::inet_pton(AF_INET, host.c_str(), &a4.sin_addr) == 1;
  if (!known || number.ec != std::errc() || number.ptr != end)
    throw std::runtime_error(what + ": not an address; give a path with a '/', 127.0.0.1:PORT or [::1]:PORT");

  ListeningSocket s;
  s.fd = make_socket(v6 ? AF_INET6 : AF_INET, what);
  const int on = 1;  // else the port of a server just stopped is taken for a minute
  if (::setsockopt(s.fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) fail(what);
  if ((v6 ? ::bind(s.fd.get(), generic(a6), sizeof a6) : ::bind(s.fd.get(), generic(a4), sizeof a4)) != 0)
    fail(what);
  describe(s, what);  // refuses before anybody can connect
  if (::listen(s.fd.get(), kBacklog) != 0) fail(what);
  return s;
}

}  // namespace

ListeningSocket listen_on(const std::string& address) {
  return address.find('/') != std::string::npos ? listen_unix(address) : listen_tcp(address);
}

ListeningSocket adopt_listening(Fd fd) {
  const std::string what = "listen on descriptor " + std::to_string(fd.get());
  int listening = 0;
  socklen_t length = sizeof listening;
  if (::getsockopt(fd.get(), SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) != 0) fail(what);
  if (!listening) throw std::runtime_error(what + ": that socket is not listening");
  ListeningSocket s;
  s.fd = std::move(fd);
  if (::fcntl(s.fd.get(), F_SETFD, FD_CLOEXEC) != 0) fail(what);
  describe(s, what);
  return s;
}

void remove_socket_file(const ListeningSocket& socket) noexcept {
  struct stat st;
  if (socket.ino == 0 || ::lstat(socket.address.c_str(), &st) != 0) return;
  if (st.st_dev == socket.dev && st.st_ino == socket.ino) ::unlink(socket.address.c_str());
}

Fd connect_unix(const std::string& path, int timeout_ms) {
  const std::string what = "connect to " + path;
  const sockaddr_un address = unix_address(what, path);
  Fd fd = make_socket(AF_UNIX, what);
  const timeval wait{timeout_ms / 1000, (timeout_ms % 1000) * 1000};
  if (::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) != 0) fail(what);
  while (::connect(fd.get(), generic(address), sizeof address) != 0) {
    if (errno == EINTR) continue;
    if (errno == EAGAIN) errno = ETIMEDOUT;
    fail(what);
  }
  return fd;
}

}  // namespace tidings::loop
