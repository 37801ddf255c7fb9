#include "sync/enrollment/webhook_secret.h"

#include <gmock/gmock.h>

#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using test::must;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kFormerSecret = "an-old-secret-of-24-chars";
constexpr const char* kLaterSecret = "a-newer-secret-of-24-char";
// openssl dgst -sha256 -hmac SECRET -binary | base64
constexpr const char* kMessage = R"({"topic":"mdm.Connect"})";
constexpr const char* kFormerSignature = "EdTa0HGj0qQNTeRYBEbBS4435BMeSlrpYTv0RpJY6p0=";
constexpr const char* kLaterSignature = "grEDxauD7c0nKlgpdRo7PZ3IPpRtvU37Wtm3T7XW348=";

class EnrollmentSecret : public test::AccountFixture {
 protected:
  AppliedEnrollmentWebhook apply(const std::optional<std::string>& secret, Millis overlap = 1h) {
    return must(apply_enrollment_webhook(*store_, secret, overlap, "ann", clock_.now()));
  }
  bool signs(const char* signature, Millis later = {}) {
    const auto webhook = read([](Reader& r) { return r.enrollment_webhook(); });
    return webhook && has_signed(*webhook, signature, kMessage, clock_.now() + later);
  }
};

TEST_F(EnrollmentSecret, SignsTheWholeBody) {
  apply(kFormerSecret);
  EXPECT_TRUE(signs(kFormerSignature));
  EXPECT_FALSE(signs(kLaterSignature));
  EXPECT_FALSE(signs(""));
  const auto webhook = read([](Reader& r) { return r.enrollment_webhook(); }).value();
  EXPECT_FALSE(has_signed(webhook, kFormerSignature, std::string(kMessage) + " ", clock_.now()));
  EXPECT_TRUE(is_secret(webhook, kFormerSecret, clock_.now()));
  EXPECT_FALSE(is_secret(webhook, "", clock_.now()));
}

TEST_F(EnrollmentSecret, TheOneBeforeIsTakenForAWhile) {
  apply(kFormerSecret);
  apply(kLaterSecret, 1h);
  EXPECT_TRUE(signs(kLaterSignature));
  EXPECT_TRUE(signs(kFormerSignature, 59min));
  EXPECT_FALSE(signs(kFormerSignature, 61min));
  apply(kLaterSecret, 0h);
  EXPECT_TRUE(signs(kFormerSignature)) << "nothing was changed";
  apply(kFormerSecret, 0h);
  EXPECT_FALSE(signs(kLaterSignature));
}

TEST_F(EnrollmentSecret, IsMadeWhereNoneIsGiven) {
  const auto made = apply(std::nullopt);
  EXPECT_EQ(made.made_secret.size(), 64U);
  EXPECT_EQ(made.webhook.secret, made.made_secret);
  EXPECT_NE(apply(std::nullopt).made_secret, made.made_secret);
  EXPECT_EQ(apply(kFormerSecret).made_secret, "");
}

TEST_F(EnrollmentSecret, ThatIsNoneIsRejectedAndNotRepeated) {
  for (const std::string& bad : {std::string("short-secret"), std::string("with spaces in it, and long"),
                                 std::string(257, 'x'), std::string("with-a-line-break-in-it\n")}) {
    const auto applied = apply_enrollment_webhook(*store_, bad, 1h, "ann", clock_.now());
    ASSERT_FALSE(applied) << bad;
    EXPECT_EQ(applied.error().code, Code::invalid);
    EXPECT_THAT(applied.error().text(), Not(HasSubstr(bad)));
  }
  EXPECT_FALSE(read([](Reader& r) { return r.enrollment_webhook(); }));
}

TEST_F(EnrollmentSecret, IsRemovedOnce) {
  apply(kFormerSecret);
  EXPECT_TRUE(remove_enrollment_webhook(*store_));
  EXPECT_FALSE(signs(kFormerSignature));
  const auto again = remove_enrollment_webhook(*store_);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::not_found);
}

}  // namespace
}  // namespace muster::sync
