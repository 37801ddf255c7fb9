#include "http/client/public_address.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace muster::http {
namespace {

constexpr const char* kPrivateNetworks[] = {
    "0.0.0.0/8",        // this network
    "10.0.0.0/8",       // private
    "100.64.0.0/10",    // behind a carrier's NAT
    "127.0.0.0/8",      // this machine
    "169.254.0.0/16",   // this link: also what clouds tell a machine of itself
    "172.16.0.0/12",    // private
    "192.0.0.0/24",     // protocols
    "192.0.2.0/24",     // documentation
    "192.168.0.0/16",   // private
    "198.18.0.0/15",    // measurements
    "198.51.100.0/24",  // documentation
    "203.0.113.0/24",   // documentation
    "224.0.0.0/3",      // many receivers, and reserved
    "2001::/23",        // protocols
    "2001:db8::/32",    // documentation
};

// Those whose addresses have one of IPv4 within, and the byte at which it begins.
struct Translated {
  const char* network;
  size_t at;
};
constexpr Translated kTranslated[] = {{"64:ff9b::/96", 12}, {"2002::/16", 2}};

IpNetwork known_network(const char* text) { return *IpNetwork::parse(text); }

bool is_in_private_network(const IpAddress& address) {
  static const auto kNetworks = [] {
    std::vector<IpNetwork> networks;
    for (const char* text : kPrivateNetworks) networks.push_back(known_network(text));
    return networks;
  }();
  return std::any_of(kNetworks.begin(), kNetworks.end(),
                     [&](const IpNetwork& network) { return network.contains(address); });
}

IpAddress of_ipv4(const std::uint8_t* bytes) {
  IpAddress address{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  std::copy_n(bytes, 4, address.begin() + 12);
  return address;
}

}  // namespace

bool is_public(const IpAddress& address) {
  if (is_in_private_network(address)) return false;
  if (is_ipv4(address)) return true;
  for (const auto& [network, at] : kTranslated)
    if (known_network(network).contains(address)) return is_public(of_ipv4(address.data() + at));
  static const IpNetwork kGlobalUnicast = known_network("2000::/3");
  return kGlobalUnicast.contains(address);
}

std::optional<IpAddress> ip_address_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in plain{};
    std::memcpy(&plain, &address, sizeof plain);
    return of_ipv4(reinterpret_cast<const std::uint8_t*>(&plain.sin_addr));
  }
  if (address.sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 plain{};
  std::memcpy(&plain, &address, sizeof plain);
  IpAddress found;
  std::copy_n(plain.sin6_addr.s6_addr, found.size(), found.begin());
  return found;
}

}  // namespace muster::http
