#include "apple/session/maid_token.h"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>

#include "apple/session/openssl.h"
#include "base/text/encoding.h"
#include "base/text/json.h"

namespace muster::apple {
namespace {

using DigestContext = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;

// RFC 7515 section 2: base64url without padding.
std::string base64_url(std::string_view bytes) {
  std::string text = base64_encode(bytes);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(std::find(text.begin(), text.end(), '='), text.end());
  return text;
}

// RSASSA-PKCS1-v1_5 with SHA-256; "" when it fails.
std::string signature_of(const std::string& text, EVP_PKEY* key) {
  const DigestContext context(EVP_MD_CTX_new());
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  size_t size = 0;
  if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) != 1)
    return {};
  std::string signature(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                     text.size()) != 1)
    return {};
  signature.resize(size);
  return signature;
}

}  // namespace

Result<std::string> maid_token(const KeyPair& pair, const std::string& server_uuid, Time now,
                               const std::string& id) {
  const Key key = key_of(pair.private_key_pem);
  if (!key) return failure(Code::internal, "the account's private key cannot be read");
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  const boost::json::object header{{"alg", "RS256"}, {"typ", "JWT"}};
  const boost::json::object claims{
      {"iat", seconds}, {"iss", server_uuid}, {"jti", id}, {"service_type", "com.apple.maid"}};
  std::string token = base64_url(write_json(header)) + "." + base64_url(write_json(claims));
  const std::string signature = signature_of(token, key.get());
  if (signature.empty())
    return failure(Code::internal, "OpenSSL could not sign with the account's private key");
  return token + "." + base64_url(signature);
}

}  // namespace muster::apple
