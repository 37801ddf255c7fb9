#include "cli/client/certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace muster::cli {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

std::string der_of(X509* certificate) {
  std::string der(static_cast<size_t>(i2d_X509(certificate, nullptr)), '\0');
  auto* end = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509(certificate, &end);
  return der;
}

}  // namespace

Result<std::vector<std::string>> certificates_of_pem(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  std::vector<std::string> found;
  for (;;) {
    const Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
    if (!certificate) break;
    found.push_back(der_of(certificate.get()));
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!at_end)
    return failure(Code::invalid, "certificate " + std::to_string(found.size() + 1) + " cannot be read");
  if (found.empty())
    return failure(Code::invalid, "there is no certificate in it",
                   "It must have -----BEGIN CERTIFICATE-----");
  return found;
}

Result<std::string> pem_of_certificate(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())), X509_free);
  const Bio bio(BIO_new(BIO_s_mem()), BIO_free);
  if (!certificate || PEM_write_bio_X509(bio.get(), certificate.get()) != 1) {
    ERR_clear_error();
    return failure(Code::invalid, "it is not a certificate in DER form");
  }
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, static_cast<size_t>(size));
}

}  // namespace muster::cli
