// A self-signed certificate for 127.0.0.1 and localhost, made for one test.
#pragma once

#include <string>

namespace muster::test {

struct CertificateFiles {
  std::string certificate;  ///< path of the PEM file; also what to trust, by SSL_CERT_FILE
  std::string key;          ///< path of the PEM file
};

struct CertificateWish {
  std::string names = "DNS:localhost,IP:127.0.0.1";
  long valid_for = 24 * 3600;  ///< seconds from now, or negative ones
  bool is_rsa = false;         ///< of 2,048 bits, instead of a curve
};

/// Writes cert.pem and key.pem into `directory`. Throws when that fails.
CertificateFiles make_certificate(const std::string& directory, const CertificateWish& wish = {});

}  // namespace muster::test
