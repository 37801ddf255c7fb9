// Which addresses of the Internet are everybody's, and which are of a machine or a network that only some can
// see.
#pragma once

#include <optional>

#include "http/ip_network.h"

struct sockaddr;

namespace muster::http {

/// False for those of this machine, of private and local networks, for documentation and for many receivers
/// (the registries of RFC 6890), also where an IPv6 address stands for such an IPv4 address.
bool is_public(const IpAddress& address);

/// Nothing for what is no IP address.
std::optional<IpAddress> ip_address_of(const sockaddr& address);

}  // namespace muster::http
