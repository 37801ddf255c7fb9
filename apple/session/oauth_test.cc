#include "apple/session/oauth.h"

#include <gtest/gtest.h>

namespace muster::apple {
namespace {

// apple-dep-api.md section 2.1: computed with two implementations. Apple's own example does not verify.
Token sample_token() {
  return {"CK_00fadb3d36c6094cf479838455321b7c",
          "CS_5fb17e5676db0cf875211937e5166d0f662ea1f9",
          "AT_O2109279022Oe03b641fd6f07d7face7894211d521fd8bef09c3O137392",
          "AS_837c228d968ff303837086a5a54be645314ef755",
          {}};
}
const OauthStamp kStamp{137131200, "4572616e48616d6d65724c61686176"};
constexpr const char* kSignature = "xRn7T/tMQ7u6ixBIjI0XXPIbCuk=";

TEST(Oauth, SignsTheKnownVector) {
  EXPECT_EQ(oauth_signature("GET", "https://mdmenrollment.apple.com/session", sample_token(), kStamp),
            kSignature);
}

TEST(Oauth, LeavesOutTheSchemesOwnPortAndTheCaseOfTheHost) {
  for (const char* url :
       {"https://mdmenrollment.apple.com:443/session", "HTTPS://MDMEnrollment.apple.com/session"})
    EXPECT_EQ(oauth_signature("GET", url, sample_token(), kStamp), kSignature) << url;
  for (const char* url :
       {"https://mdmenrollment.apple.com:8443/session", "http://mdmenrollment.apple.com/session",
        "https://mdmenrollment.apple.com/Session"})
    EXPECT_NE(oauth_signature("GET", url, sample_token(), kStamp), kSignature) << url;
}

TEST(Oauth, WritesTheHeaderPercentEncodedAndQuoted) {
  EXPECT_EQ(oauth_header("GET", "https://mdmenrollment.apple.com/session", sample_token(), kStamp),
            "OAuth realm=\"ADM\", "
            "oauth_consumer_key=\"CK_00fadb3d36c6094cf479838455321b7c\", "
            "oauth_token=\"AT_O2109279022Oe03b641fd6f07d7face7894211d521fd8bef09c3O137392\", "
            "oauth_signature_method=\"HMAC-SHA1\", "
            "oauth_timestamp=\"137131200\", "
            "oauth_nonce=\"4572616e48616d6d65724c61686176\", "
            "oauth_version=\"1.0\", "
            "oauth_signature=\"xRn7T%2FtMQ7u6ixBIjI0XXPIbCuk%3D\"");
}

TEST(Oauth, StampsWholeSecondsAndNeverTheSameNonce) {
  const OauthStamp first = fresh_stamp(from_millis(1'700'000'000'999));
  const OauthStamp second = fresh_stamp(from_millis(1'700'000'000'999));
  EXPECT_EQ(first.timestamp, 1'700'000'000);
  EXPECT_EQ(first.nonce.size(), 32u);
  EXPECT_NE(first.nonce, second.nonce);
}

}  // namespace
}  // namespace muster::apple
