// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/address.h"

#include <arpa/inet.h>

#include <charconv>

namespace tidings::config {

std::optional<TcpAddress> loopback_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || text.find(char{0}) != std::string_view::npos) return std::nullopt;
  const std::string_view port = text.substr(colon + 1);
  TcpAddress address;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (error != std::errc{} || end != port.data() + port.size()) return std::nullopt;

  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    address.host = host.substr(1, host.size() - 2);
    in6_addr six{};
    if (inet_pton(AF_INET6, address.host.c_str(), &six) != 1 || !IN6_IS_ADDR_LOOPBACK(&six))
      return std::nullopt;
    return address;
  }
  address.host = host;
  in_addr four{};
  if (inet_pton(AF_INET, address.host.c_str(), &four) != 1 || ntohl(four.s_addr) >> 24 != 127)
    return std::nullopt;
  return address;
}

}  // namespace tidings::config
