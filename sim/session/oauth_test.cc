#include "sim/session/oauth.h"

#include <gtest/gtest.h>

namespace muster::sim {
namespace {

// The request of Apple's documentation, folded as printed there.
const std::string kHeader =
    "OAuth realm=\"ADM\",\n"
    "       oauth_consumer_key=\"CK_00fadb3d36c6094cf479838455321b7c\",\n"
    "       oauth_token=\"AT_O2109279022Oe03b641fd6f07d7face7894211d521fd8bef09c3O137392\",\n"
    "       oauth_signature_method=\"HMAC-SHA1\",\n"
    "       oauth_signature=\"xRn7T%2FtMQ7u6ixBIjI0XXPIbCuk%3D\",\n"
    "       oauth_timestamp=\"137131200\",\n"
    "       oauth_nonce=\"4572616e48616d6d65724c61686176\",\n"
    "       oauth_version=\"1.0\"";

std::string replaced(const std::string& from, const std::string& to) {
  std::string header = kHeader;
  return header.replace(header.find(from), from.size(), to);
}

TEST(OAuth, SignsTheKnownRequest) {
  const auto oauth = parse_oauth_header(kHeader);
  ASSERT_TRUE(oauth);
  EXPECT_EQ(oauth->realm, "ADM");
  EXPECT_EQ(oauth->timestamp_s, 137131200);
  EXPECT_EQ(oauth->signature, "xRn7T/tMQ7u6ixBIjI0XXPIbCuk=");
  EXPECT_EQ(oauth_signature("GET", "https://mdmenrollment.apple.com/session", oauth->signed_parameters,
                            "CS_5fb17e5676db0cf875211937e5166d0f662ea1f9",
                            "AS_837c228d968ff303837086a5a54be645314ef755"),
            "xRn7T/tMQ7u6ixBIjI0XXPIbCuk=");
}

TEST(OAuth, RealmAndVersionMayBeMissing) {
  EXPECT_TRUE(parse_oauth_header(replaced("realm=\"ADM\",", "")));
  EXPECT_TRUE(parse_oauth_header(replaced(",\n       oauth_version=\"1.0\"", "")));
}

TEST(OAuth, RejectsIncompleteAndUnsupportedHeaders) {
  for (const std::string& bad : {
           std::string(),
           std::string("Bearer x"),
           std::string("OAuth"),
           std::string("OAuth nonsense"),
           replaced("oauth_nonce=\"4572616e48616d6d65724c61686176\",", ""),
           replaced("oauth_token=", "oauth_nonce="),  // doubled, and the token missing
           replaced("HMAC-SHA1", "PLAINTEXT"),
           replaced("\"1.0\"", "\"2.0\""),
           replaced("137131200", "soon"),
           replaced("oauth_version", "oauth_callback"),
           replaced("%3D\"", "%3\""),
       })
    EXPECT_FALSE(parse_oauth_header(bad)) << bad;
}

}  // namespace
}  // namespace muster::sim
