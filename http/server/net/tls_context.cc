#include "http/server/net/tls_context.h"

#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>

namespace muster::http {
namespace {

namespace ssl = boost::asio::ssl;

// Of TLS 1.2: ephemeral keys and authenticated encryption only (Mozilla's "intermediate", 2024).
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

Error unusable(const char* what, const std::string& path, const boost::system::error_code& error,
               const char* hint) {
  return {Code::invalid,
          std::string("cannot use the TLS ") + what + " " + path + ": " + error.message(),
          hint,
          {}};
}

}  // namespace

Result<std::shared_ptr<SSL_CTX>> load_tls(const TlsFiles& files) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  boost::system::error_code error;
  context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv3 | ssl::context::no_tlsv1 |
                           ssl::context::no_tlsv1_1,
                       error);
  SSL_CTX_set_options(context->native_handle(), SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_cipher_list(context->native_handle(), kCiphers);
  context->use_certificate_chain_file(files.certificate, error);
  if (error)
    return failure(unusable("certificate", files.certificate, error, "It must be a readable PEM file"));
  context->use_private_key_file(files.key, ssl::context::pem, error);
  if (error)
    return failure(
        unusable("key", files.key, error, "It must be a readable PEM file with the key of the certificate"));
  return std::shared_ptr<SSL_CTX>(context, context->native_handle());
}

}  // namespace muster::http
