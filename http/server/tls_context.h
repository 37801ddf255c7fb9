// What OpenSSL needs to serve TLS. Asio is slow to compile: for .cc files that make connections.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "http/server/tls_files.h"

namespace muster::http {

/// TLS 1.2 and 1.3 with forward secrecy, in the server's order of preference. Code::invalid for a file that cannot be used, and
/// for a key that is not the certificate's.
Result<std::shared_ptr<boost::asio::ssl::context>> load_tls(const TlsFiles& files);

}  // namespace muster::http
