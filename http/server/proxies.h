// The proxies in front of a server. What they say of a client is believed; what anybody else says is not.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/ip_network.h"
#include "http/message.h"

namespace muster::http {

class Proxies {
 public:
  /// None.
  Proxies() = default;
  /// `10.0.0.5, 192.168.0.0/16`: addresses and networks, with commas or spaces between them. Code::invalid
  /// names the one that is neither.
  static Result<Proxies> parse(std::string_view text);

  bool are_none() const { return networks_.empty(); }
  bool include(std::string_view peer) const;

  /// Who sent a request that came from `peer`: the last address of X-Forwarded-For that is no proxy's, as
  /// each proxy adds the address that it was called from to the end. `peer` itself unless it is a proxy that
  /// names somebody.
  std::string client_of(const std::string& peer, const Headers& headers) const;

  /// Whether the client reached the proxy by HTTPS, as the proxy says (X-Forwarded-Proto).
  bool has_https(const std::string& peer, const Headers& headers) const;

 private:
  bool include(const IpAddress& address) const;

  std::vector<IpNetwork> networks_;
};

}  // namespace muster::http
