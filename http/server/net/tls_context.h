// What OpenSSL needs to serve TLS.
#pragma once

#include <openssl/types.h>

#include <memory>

#include "http/server/net/tls_files.h"

namespace muster::http {

/// TLS 1.2 and 1.3 with forward secrecy, in the server's order of preference. Code::invalid for a file that
/// cannot be used, and for a key that is not the certificate's.
Result<std::shared_ptr<SSL_CTX>> load_tls(const TlsFiles& files);

}  // namespace muster::http
