// Addresses of the Internet Protocol, and networks of them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace muster::http {

/// An address in the 16 bytes of IPv6; one of IPv4 is `::ffff:a.b.c.d` there, however it was written.
using IpAddress = std::array<std::uint8_t, 16>;

/// `192.0.2.1` or `2001:db8::1`. Nothing for names, ports, brackets and zones.
std::optional<IpAddress> parse_ip(std::string_view text);

/// The usual text of an address: `192.0.2.1`, `2001:db8::1`.
std::string ip_text(const IpAddress& address);

bool is_ipv4(const IpAddress& address);

/// Whether only programs of the same machine reach it: 127.0.0.0/8 and ::1.
bool is_loopback(const IpAddress& address);

/// The addresses that begin with the same bits.
class IpNetwork {
 public:
  /// `10.0.0.0/8`, `2001:db8::/32`, or an address alone. Code::invalid says what is wrong, also with bits
  /// behind the length of the network, which may be a typo.
  static Result<IpNetwork> parse(std::string_view text);

  bool contains(const IpAddress& address) const;

 private:
  IpNetwork(const IpAddress& first, int bits) : first_(first), bits_(bits) {}
  IpAddress first_;
  int bits_;  // of 128
};

}  // namespace muster::http
