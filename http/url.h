// URLs taken apart, and query strings decoded.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace muster::http {

/// Splits `path?query` of a request line into the decoded path and query. Code::invalid for bad escapes, a
/// target that is no absolute path, and text that is not UTF-8.
Result<> parse_target(std::string_view target, std::string& path, Query& query);

/// Checks that `url` is http:// or https:// with a host, and without a user name and password, which would be
/// shown and stored with it; returns it without a trailing slash. The error repeats no password.
Result<std::string> parse_base_url(std::string_view url);

/// Checks that `url` is http:// or https:// with a host, whatever comes behind it. The error does not repeat
/// it: there may be a secret in it.
Result<> check_url(std::string_view url);

struct Address {
  std::string host;  ///< "" for every interface
  unsigned short port = 0;
};
/// `:8080`, `127.0.0.1:8080`, `[::1]:8080`, `localhost:0`, `:https` (a port by its name in /etc/services); a
/// bare host has no port and is rejected.
Result<Address> parse_address(std::string_view text);

/// The address as it stands in a URL: `[::1]:8080`; `host` in place of every interface.
std::string authority_of(const Address& address, const std::string& host_of_all = "0.0.0.0");

}  // namespace muster::http
