// A self-signed certificate for 127.0.0.1 and localhost, made for one test.
#pragma once

#include <string>

namespace muster::test {

struct CertificateFiles {
  std::string certificate;  ///< path of the PEM file; also what to trust, by SSL_CERT_FILE
  std::string key;          ///< path of the PEM file
};

/// Writes cert.pem and key.pem into `directory`. Throws when that fails.
CertificateFiles make_certificate(const std::string& directory);

}  // namespace muster::test
