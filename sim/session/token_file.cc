#include "sim/session/token_file.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>

#include "sim/world/codec.h"

namespace muster::sim {
namespace {

constexpr size_t kBase64Columns = 76;
constexpr size_t kWrappedColumns = 64;

struct Free {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(CMS_ContentInfo* cms) const { CMS_ContentInfo_free(cms); }
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }  // not the certificates in it
};
using Bio = std::unique_ptr<BIO, Free>;
using Certificate = std::unique_ptr<X509, Free>;

Bio memory_bio(std::string_view content) {
  return Bio(BIO_new_mem_buf(content.data(), static_cast<int>(content.size())));
}

std::string content_of(BIO* bio) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<size_t>(length));
}

std::string openssl_reason() {
  char text[256] = "unknown";
  ERR_error_string_n(ERR_get_error(), text, sizeof(text));
  ERR_clear_error();
  return text;
}

Result<Certificate> read_certificate(std::string_view bytes) {
  Bio pem = memory_bio(bytes);
  Certificate certificate(PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr));
  if (!certificate) {
    Bio der = memory_bio(bytes);
    certificate.reset(d2i_X509_bio(der.get(), nullptr));
  }
  ERR_clear_error();
  if (!certificate)
    return failure(Code::invalid, "the body is not an X.509 certificate in PEM or DER",
                   "Send the certificate as the body, e.g. curl --data-binary @cert.pem");
  const EVP_PKEY* key = X509_get0_pubkey(certificate.get());
  if (!key || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)
    return failure(Code::invalid,
                   "the certificate's key is not RSA; the token is encrypted by RSA key transport",
                   "Make an RSA key, e.g. openssl req -x509 -newkey rsa:2048");
  return certificate;
}

std::string inner_message(const Token& token, const TokenFileShape& shape) {
  std::string message = "Content-Type: text/plain;charset=UTF-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n";
  const std::string json = token.json();
  if (shape.message_lines) return message + "-----BEGIN MESSAGE-----\n" + json + "\n-----END MESSAGE-----\n";
  for (size_t i = 0; i < json.size(); i += kWrappedColumns) message += json.substr(i, kWrappedColumns) + "\n";
  return message;
}

Result<std::string> encrypt(std::string_view content, X509* certificate, bool triple_des) {
  const std::unique_ptr<STACK_OF(X509), Free> recipients(sk_X509_new_null());
  sk_X509_push(recipients.get(), certificate);
  Bio in = memory_bio(content);
  Bio out(BIO_new(BIO_s_mem()));
  // CMS_STREAM makes i2d_CMS_bio_stream write indefinite lengths, as Apple's encoder does.
  const unsigned flags = CMS_BINARY | CMS_STREAM;
  const std::unique_ptr<CMS_ContentInfo, Free> cms(
      CMS_encrypt(recipients.get(), in.get(), triple_des ? EVP_des_ede3_cbc() : EVP_aes_128_cbc(), flags));
  if (!cms || i2d_CMS_bio_stream(out.get(), cms.get(), in.get(), static_cast<int>(flags)) != 1)
    return failure(Code::internal, "encrypting the token: " + openssl_reason());
  return content_of(out.get());
}

}  // namespace

Result<std::string> make_token_file(const Token& token, std::string_view certificate,
                                    const TokenFileShape& shape) {
  MUSTER_TRY(const Certificate recipient, read_certificate(certificate));
  MUSTER_TRY(const std::string envelope,
             encrypt(inner_message(token, shape), recipient.get(), shape.triple_des));
  const std::string newline = shape.crlf ? "\r\n" : "\n";
  std::string file = "Content-Type: application/pkcs7-mime; name=\"smime.p7m\"; smime-type=enveloped-data" +
                     newline + "Content-Transfer-Encoding: base64" + newline +
                     "Content-Disposition: attachment; filename=\"smime.p7m\"" + newline +
                     "Content-Description: S/MIME Encrypted Message" + newline + newline;
  const std::string base64 = to_base64(envelope, Padding::with);
  for (size_t i = 0; i < base64.size(); i += kBase64Columns)
    file += base64.substr(i, kBase64Columns) + newline;
  return file;
}

std::string token_file_name(std::string_view server_name, long long now_ms) {
  std::string date;
  append_date(date, now_ms);
  std::replace(date.begin(), date.end(), ':', '-');
  std::string name;
  for (const char c : server_name)
    name += c == '"' || c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20 ? '_' : c;
  return name + "_Token_" + date + "_smime.p7m";
}

}  // namespace muster::sim
