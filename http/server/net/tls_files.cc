#include "http/server/net/tls_files.h"

#include <openssl/asn1.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <ctime>
#include <memory>

namespace muster::http {
Result<Time> end_of_certificate(const TlsFiles& files) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(files.certificate.c_str(), "re"),
                                                             std::fclose);
  const std::unique_ptr<X509, void (*)(X509*)> certificate(
      file ? PEM_read_X509(file.get(), nullptr, nullptr, nullptr) : nullptr, X509_free);
  std::tm end{};
  if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) != 1)
    return failure(Code::invalid, "cannot read the TLS certificate " + files.certificate,
                   "It must be a readable PEM file");
  return from_millis(static_cast<long long>(timegm(&end)) * 1000);
}

}  // namespace muster::http
