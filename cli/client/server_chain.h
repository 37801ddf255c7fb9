// The certificates that a server shows at its TLS handshake.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/client/config.h"

namespace muster::cli {

/// The chain as the server sends it, leaf first, each as DER. Makes one connection. Code::invalid when the
/// server's URL is not https, Code::unreachable when there is no handshake.
Result<std::vector<std::string>> chain_of_server(const ServerConfig& server);

}  // namespace muster::cli
