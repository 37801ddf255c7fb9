#include "apple/session/token.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/err.h>

#include <boost/json/value.hpp>
#include <vector>

#include "apple/session/openssl.h"
#include "apple/session/smime.h"
#include "base/text/encoding.h"
#include "base/text/json.h"
#include "base/text/strings.h"
#include "base/time/rfc3339.h"

namespace muster::apple {
namespace {

constexpr int kKeyBits = 2048;  // what other servers upload; the portal is known to take it
constexpr size_t kSerialBytes = 16;
constexpr int kMostDays = 36'500;
constexpr size_t kLongestCommonName = 64;  // RFC 5280, ub-common-name
constexpr size_t kLongestFile = 1 << 20;   // bytes; real ones have under 4 KB
constexpr size_t kLongestTokenJson = 64 << 10;

Error openssl_failed(const std::string& what) {
  const unsigned long code = ERR_get_error();
  char reason[256] = "unknown reason";
  if (code) ERR_error_string_n(code, reason, sizeof reason);
  ERR_clear_error();
  return {Code::internal, what + " failed: " + reason, {}};
}

// Issuer and serial number tell two certificates of ours apart when a token comes back: the number must be
// another each time.
bool set_random_serial(X509* certificate) {
  std::string bytes = random_bytes(kSerialBytes);
  bytes[0] = static_cast<char>((bytes[0] & 0x3F) | 0x40);  // positive, and always of that length
  const Number number(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                                static_cast<int>(bytes.size()), nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

bool fill_certificate(X509* certificate, EVP_PKEY* key, const std::string& common_name, Time now, int days) {
  const time_t from = std::chrono::system_clock::to_time_t(now);
  X509_NAME* const name = X509_get_subject_name(certificate);
  return X509_set_version(certificate, X509_VERSION_3) == 1 && set_random_serial(certificate) &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(common_name.data()),
                                    static_cast<int>(common_name.size()), -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1 &&
         ASN1_TIME_set(X509_getm_notBefore(certificate), from) &&
         ASN1_TIME_adj(X509_getm_notAfter(certificate), from, days, 0) &&
         X509_set_pubkey(certificate, key) == 1 && X509_sign(certificate, key, EVP_sha256()) > 0;
}

// The token's keys that must be there.
struct TokenKey {
  const char* key;
  std::string Token::*field;
};
constexpr TokenKey kTokenKeys[] = {{"consumer_key", &Token::consumer_key},
                                   {"consumer_secret", &Token::consumer_secret},
                                   {"access_token", &Token::access_token},
                                   {"access_secret", &Token::access_secret}};

// From the first brace to the last, without line breaks: the documentation wraps the JSON hard, inside texts,
// too.
std::string json_of_message(const std::string& message) {
  const size_t begin = message.find('{');
  const size_t end = message.rfind('}');
  if (begin == std::string::npos || end == std::string::npos || end < begin) return {};
  std::string json = message.substr(begin, end - begin + 1);
  std::erase_if(json, [](char c) { return c == '\r' || c == '\n'; });
  return json;
}

}  // namespace

Result<KeyPair> make_key_pair(const std::string& common_name, Time now, int days) {
  if (common_name.empty() || common_name.size() > kLongestCommonName)
    return failure(Code::invalid, fmt::format("the common name of a certificate must have 1 to {} characters",
                                              kLongestCommonName));
  if (days < 1 || days > kMostDays)
    return failure(Code::invalid, fmt::format("the validity of a certificate must be 1 to {} days, not {}",
                                              kMostDays, days));

  const Key key(EVP_RSA_gen(kKeyBits));
  if (!key) return failure(openssl_failed("making an RSA key"));
  const Certificate certificate(X509_new());
  if (!certificate || !fill_certificate(certificate.get(), key.get(), common_name, now, days))
    return failure(openssl_failed("making a certificate"));

  const Bio certificate_out = writer();
  const Bio key_out = writer();
  if (PEM_write_bio_X509(certificate_out.get(), certificate.get()) != 1 ||
      PEM_write_bio_PrivateKey(key_out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return failure(openssl_failed("writing a key pair"));
  return KeyPair{written(certificate_out), written(key_out)};
}

Result<std::string> certificate_der(const KeyPair& pair) {
  const Certificate certificate = certificate_of(pair.certificate_pem);
  if (!certificate) return failure(openssl_failed("reading the account's certificate"));
  const Bio out = writer();
  if (i2d_X509_bio(out.get(), certificate.get()) != 1)
    return failure(openssl_failed("writing a certificate"));
  return written(out);
}

Result<Token> open_token(const std::string& p7m, const KeyPair& pair) {
  if (p7m.size() > kLongestFile)
    return failure(
        Code::invalid,
        fmt::format("the token file is too large: {} bytes; token files have a few thousand", p7m.size()));
  MUSTER_TRY(const std::string cms, cms_of_file(p7m));
  MUSTER_TRY(const std::string message, open_envelope(cms, pair));
  const std::string json = json_of_message(message);
  if (json.empty())
    return failure(Code::invalid, "the token file was decrypted, but contains no token",
                   "Check that this is the file that the portal provided for this service");
  auto token = parse_token(json);
  if (!token) return failure(token.error().while_doing("invalid token in the token file"));
  return token;
}

Result<Token> parse_token(const std::string& json) {
  if (json.size() > kLongestTokenJson) return failure(Code::invalid, "the token is too long");
  const auto parsed = parse_json(json);
  // The place only: the text around it may be half a secret.
  if (!parsed) return failure(Code::invalid, "the token is not valid JSON: " + parsed.error().message);
  if (!parsed->is_object()) return failure(Code::invalid, "the token is not a JSON object");

  const auto& object = parsed->as_object();
  const auto text_of = [&](const char* key) -> std::string {
    const auto* value = object.if_contains(key);
    if (!value || !value->is_string()) return {};
    return std::string(trim({value->as_string().data(), value->as_string().size()}));
  };
  Token token;
  std::vector<std::string> missing;
  for (const auto& [key, field] : kTokenKeys) {
    token.*field = text_of(key);
    if ((token.*field).empty()) missing.push_back(key);
  }
  if (!missing.empty())
    return failure(Code::invalid, fmt::format("the token has no {}", fmt::join(missing, ", ")),
                   "A token has the strings consumer_key, consumer_secret, access_token, access_secret and "
                   "access_token_expiry");

  // A date that cannot be read must not keep out a token that works; it only means that nobody is warned in
  // time.
  token.access_token_expiry = parse_rfc3339(text_of("access_token_expiry"));
  if (token.access_token_expiry && to_millis(*token.access_token_expiry) <= 0)
    token.access_token_expiry.reset();
  return token;
}

}  // namespace muster::apple
