#include "http/ip_network.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace muster::http {
namespace {

constexpr int kBits = 128;
constexpr int kMappedBits = 96;  // ::ffff:0:0/96 has all of IPv4
constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

// The address with the bits behind the first `bits` cleared.
IpAddress first_of(IpAddress address, int bits) {
  for (int i = 0; i < static_cast<int>(address.size()); ++i) {
    const int own = std::clamp(bits - i * 8, 0, 8);
    address[static_cast<size_t>(i)] &= static_cast<std::uint8_t>(0xff00 >> own);
  }
  return address;
}

}  // namespace

bool is_ipv4(const IpAddress& address) { return std::equal(kMapped.begin(), kMapped.end(), address.begin()); }

std::optional<IpAddress> parse_ip(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string name(text);
  IpAddress address{};
  if (::inet_pton(AF_INET6, name.c_str(), address.data()) == 1) return address;
  std::copy(kMapped.begin(), kMapped.end(), address.begin());
  if (::inet_pton(AF_INET, name.c_str(), address.data() + kMapped.size()) == 1) return address;
  return std::nullopt;
}

std::string ip_text(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_ipv4(address))
    ::inet_ntop(AF_INET, address.data() + kMapped.size(), text.data(), text.size());
  else
    ::inet_ntop(AF_INET6, address.data(), text.data(), text.size());
  return text.data();
}

bool is_loopback(const IpAddress& address) {
  static const IpAddress kIpv6 = *parse_ip("::1");
  return address == kIpv6 || (is_ipv4(address) && address[kMapped.size()] == 127);
}

Result<IpNetwork> IpNetwork::parse(std::string_view text) {
  const size_t slash = text.find('/');
  const auto address = parse_ip(text.substr(0, slash));
  if (!address)
    return failure(Code::invalid, fmt::format("\"{}\" is neither an address nor a network", text),
                   "Write 10.0.0.5, 10.0.0.0/8 or 2001:db8::/32; names are not looked up");
  if (slash == std::string_view::npos) return IpNetwork(*address, kBits);
  const int before = text.find(':') == std::string_view::npos ? kMappedBits : 0;
  const auto digits = text.substr(slash + 1);
  int bits = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (error != std::errc() || end != digits.data() + digits.size() || bits < 0 || before + bits > kBits)
    return failure(Code::invalid, fmt::format("\"{}\": the length of the network must be between 0 and {}",
                                              text, kBits - before));
  const auto first = first_of(*address, before + bits);
  if (first != *address)
    return failure(Code::invalid, fmt::format("\"{}\" is an address within a network: write {}/{} or {}",
                                              text, ip_text(first), bits, ip_text(*address)));
  return IpNetwork(first, before + bits);
}

bool IpNetwork::contains(const IpAddress& address) const { return first_of(address, bits_) == first_; }

}  // namespace muster::http
