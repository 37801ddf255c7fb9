#include "apple/session/maid_token.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "apple/session/openssl.h"
#include "apple/session/token.h"
#include "base/text/encoding.h"
#include "base/text/strings.h"
#include "base/time/rfc3339.h"

namespace muster::apple {
namespace {

std::string decoded(std::string text) {
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  return base64_decode(text).value();
}

bool is_signed_by(const KeyPair& pair, const std::string& text, const std::string& signature) {
  const Certificate certificate = certificate_of(pair.certificate_pem);
  const std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr,
                              X509_get0_pubkey(certificate.get())) == 1 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                          text.size()) == 1;
}

TEST(MaidToken, SaysWhoseItIsAndIsSigned) {
  const Time now = *parse_rfc3339("2026-11-29T12:00:00.500Z");
  const auto pair = make_key_pair("muster", now, 1).value();
  const auto token = maid_token(pair, "677CAB70FE1811E2B7780800200C9A66", now, "an-id").value();
  const auto parts = split_list(token, '.');
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(decoded(parts[0]), R"({"alg":"RS256","typ":"JWT"})");
  EXPECT_EQ(decoded(parts[1]), R"({"iat":1795953600,"iss":"677CAB70FE1811E2B7780800200C9A66","jti":"an-id",)"
                               R"("service_type":"com.apple.maid"})");
  EXPECT_TRUE(is_signed_by(pair, parts[0] + "." + parts[1], decoded(parts[2])));
  EXPECT_FALSE(is_signed_by(pair, parts[0] + "." + parts[0], decoded(parts[2])));
  EXPECT_EQ(token.find_first_of("+/="), std::string::npos);
}

TEST(MaidToken, NeedsAKey) { EXPECT_FALSE(maid_token({"", ""}, "U", Time{}, "id")); }

}  // namespace
}  // namespace muster::apple
