#include "sync/webhooks/signature.h"

#include <gmock/gmock.h>

#include "base/hmac.h"
#include "base/text/encoding.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

// The example of the specification (standardwebhooks.com) and its libraries.
TEST(WebhookSignature, IsThatOfStandardWebhooks) {
  const Receiver receiver{.secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
  const auto headers = signature_headers(receiver, "msg_p5jXN8AQM9LWM0D4loKWxJek", R"({"test": 2432232314})",
                                         from_millis(1'614'265'330'000));
  EXPECT_EQ(headers.get("webhook-id"), "msg_p5jXN8AQM9LWM0D4loKWxJek");
  EXPECT_EQ(headers.get("webhook-timestamp"), "1614265330");
  EXPECT_EQ(headers.get("webhook-signature"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSignature, IsNanoMdmsToo) {
  const Receiver receiver{.secret = "a-secret-of-24-characters"};
  const auto headers = signature_headers(receiver, "msg", "{}", from_millis(1'000));
  EXPECT_EQ(headers.get("X-Hmac-Signature"), base64_encode(hmac_sha256("a-secret-of-24-characters", "{}")));
}

TEST(WebhookSignature, HasTheOldSecretAsLongAsItOverlaps) {
  const auto now = from_millis(1'772'355'600'000);
  Receiver receiver{.secret = "the-new-secret-is-this-one",
                    .old_secret = "the-old-secret-is-this-one",
                    .old_secret_until = now + 1h};
  const auto signature = [](std::string_view key) {
    return "v1," + base64_encode(hmac_sha256(key, "msg.1772355600.{}"));
  };
  EXPECT_EQ(signature_headers(receiver, "msg", "{}", now).get("webhook-signature"),
            signature("the-new-secret-is-this-one") + " " + signature("the-old-secret-is-this-one"));
  receiver.old_secret_until = now;
  EXPECT_EQ(signature_headers(receiver, "msg", "{}", now).get("webhook-signature"),
            signature("the-new-secret-is-this-one"));
}

TEST(WebhookSignature, RefusesWhatIsNoSecret) {
  EXPECT_TRUE(check_webhook_secret(new_webhook_secret()));
  EXPECT_NE(new_webhook_secret(), new_webhook_secret());
  EXPECT_TRUE(check_webhook_secret("twenty-four-characters-x"));
  for (const std::string secret :
       {"", "short", "whsec_", "whsec_c2hvcnQ=", "whsec_?", "twenty-four characters-x",
        "twenty-four\ncharacters-x", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS?"}) {
    const auto refused = check_webhook_secret(secret);
    ASSERT_FALSE(refused) << secret;
    if (secret.size() > 7) {
      EXPECT_THAT(refused.error().text(), Not(HasSubstr(secret)));
    }
  }
}

}  // namespace
}  // namespace muster::sync
