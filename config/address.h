// SPDX-License-Identifier: GPL-2.0-or-later
// address.h — a TCP address that only this machine can reach.
//
// "127.0.0.1:8080", any address of 127.0.0.0/8, or "[::1]:8080"; port 0 lets the kernel choose. Names are not
// taken, not even localhost: what a name stands for is decided elsewhere.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidings::config {

struct TcpAddress {
  std::string host;  ///< "127.0.0.1" or "::1"
  std::uint16_t port = 0;
  bool operator==(const TcpAddress&) const = default;
};

/// The address, or nothing if it is malformed or not loopback. Leading zeros are malformed, as inet_pton(3)
/// has it.
std::optional<TcpAddress> loopback_address(std::string_view text);

}  // namespace tidings::config
