// From an MDM server's webhook to what operators see of the device.
#include <gmock/gmock.h>

#include "base/hmac.h"
#include "base/text/encoding.h"
#include "base/text/json.h"
#include "tests/e2e/world/described_api.h"
#include "tests/e2e/world/world.h"
#include "tests/support/mdm/check_in_text.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kMdmSecret = "secret-of-the-mdm-server-in-tests";

class EnrollmentTest : public World {
 protected:
  void SetUp() override {
    add_secret(kMdmSecret);
    start_depsim();
    depsim().devices("add", {{"serials", {"IPAD1", "IPAD2"}}, {"family", "iPad"}, {"baseline", true}});
    start_muster();
    await_baseline(2);
  }
  void set_secret() {
    write("secret", std::string(kMdmSecret) + "\n");
    EXPECT_THAT(run_well("mdmctl apply enrollment-webhook -secret-file secret"),
                AllOf(HasSubstr("/webhook/mdm"), Not(HasSubstr(kMdmSecret))));
  }

  // As an MDM server, which has no API key.
  int post(const std::string& body, const http::Headers& headers) {
    http::Client client;
    const auto answer = client.send({.method = "POST",
                                     .url = muster().url() + "/webhook/mdm",
                                     .headers = headers,
                                     .body = body,
                                     .has_body = true});
    if (!answer) throw std::runtime_error(answer.error().text());
    expect_as_described("POST", "/webhook/mdm", *answer);
    return answer->status;
  }
  int post_signed(const CheckInText& text, const char* secret = kMdmSecret) {
    const auto body = check_in_text(text);
    return post(body, {{"Content-Type", "application/json"},
                       {"X-Hmac-Signature", base64_encode(hmac_sha256(secret, body))}});
  }
  void enroll(const std::string& serial, const std::string& udid, const std::string& at) {
    EXPECT_EQ(post_signed({.topic = "mdm.Authenticate", .udid = udid, .serial = serial, .at = at}), 200);
    EXPECT_EQ(post_signed({.topic = "mdm.TokenUpdate", .udid = udid, .tally = 1, .at = at}), 200);
  }
  boost::json::object device(const std::string& serial) const {
    return parse_json(call("GET", "/api/v1/devices/default/" + serial).body)->at("device").as_object();
  }
};

TEST_F(EnrollmentTest, ADeviceEnrollsAndOperatorsSeeIt) {
  set_secret();
  enroll("IPAD1", "00008030-00AA", "2026-03-01T08:00:00Z");
  EXPECT_THAT(run_well("mdmctl get devices"),
              AllOf(HasSubstr("00008030-00AA  IPAD1         true              2026-03-01 08:00:00 +0000 UTC"),
                    HasSubstr("IPAD2         false             0001-01-01 00:00:00 +0000 UTC")));
  const auto told = device("IPAD1").at("enrollment").as_object();
  EXPECT_EQ(told.at("enrolled"), true);
  EXPECT_EQ(told.at("enrolled_at"), "2026-03-01T08:00:00Z");
  EXPECT_FALSE(device("IPAD2").contains("enrollment"));
  EXPECT_THAT(run_well("mdmctl explain -serial IPAD1"),
              AllOf(HasSubstr("MDM server    enrolled at 2026-03-01T08:00:00Z"),
                    HasSubstr("enrolled: without a profile")));
  EXPECT_THAT(run_well("mdmctl get dep-devices -filter enrolled"),
              AllOf(HasSubstr("IPAD1"), Not(HasSubstr("IPAD2"))));
  EXPECT_THAT(run_well("mdmctl get dep-devices -filter 'not enrolled or last_seen > 2026-03-02'"),
              AllOf(HasSubstr("IPAD2"), Not(HasSubstr("IPAD1"))));
  EXPECT_THAT(call("GET", "/metrics").body,
              HasSubstr("muster_devices_enrolled{account=\"default\",rule=\"\"} 1"));
  EXPECT_EQ(post_signed({.topic = "mdm.CheckOut", .udid = "00008030-00AA", .at = "2026-03-01T10:00:00Z"}),
            200);
  EXPECT_THAT(run_well("mdmctl get devices -serials IPAD1"),
              HasSubstr("false             2026-03-01 10:00:00"));
  EXPECT_THAT(run_well("mdmctl explain -serial IPAD1"), HasSubstr("not enrolled since 2026-03-01T10:00:00Z"));
}

TEST_F(EnrollmentTest, TheFunnelShowsWhatEachRuleEnrolled) {
  set_secret();
  const auto profile = define_profile("*");
  depsim().devices("add", {{"serials", {"IPAD3", "IPAD4"}}, {"family", "iPad"}});
  sync_now();
  await_assigned(2, profile);
  await_idle();
  enroll("IPAD3", "00008030-0003", "2100-01-01T00:00:00Z");
  const auto told = device("IPAD3").at("enrollment").as_object();
  EXPECT_EQ(told.at("profile_uuid"), boost::json::value(profile));
  EXPECT_EQ(told.at("rule"), "filter '*'");
  EXPECT_THAT(run_well("mdmctl get dep-status -v"),
              AllOf(HasSubstr("Account  Rule         Devices  Assigned  Pushed  Enrolled"),
                    HasSubstr("default  all devices  4        2         0       1"),
                    HasSubstr("default  *            2        2         0       1")));
  EXPECT_THAT(run_well("mdmctl explain -serial IPAD3"), HasSubstr("by the rule filter '*'"));
  EXPECT_THAT(call("GET", "/metrics").body,
              HasSubstr("muster_devices_enrolled{account=\"default\",rule=\"*\"} 1"));
}

TEST_F(EnrollmentTest, ARuleSaysHowLongADeviceMayTake) {
  set_secret();
  const auto profile = define_profile("*");
  depsim().devices("add", {{"serials", {"IPAD3"}}, {"family", "iPad"}});
  sync_now();
  await_assigned(1, profile);
  await_idle();
  EXPECT_THAT(run_well("mdmctl apply dep-autoassigner -filter '*' -enroll-within 14d"),
              HasSubstr("a device that does not enroll within 14d is late"));
  EXPECT_THAT(run_well("mdmctl get dep-autoassigners -v"),
              HasSubstr("no device of filter '*' is late: they have 14d to enroll"));
  EXPECT_THAT(run_well("mdmctl get config"), HasSubstr("enroll_within: \"14d\""));
  EXPECT_THAT(run_well("mdmctl get dep-devices -late"), Not(HasSubstr("IPAD")));
  EXPECT_THAT(run("mdmctl apply dep-autoassigner -filter '*' -enroll-within 30m").err,
              HasSubstr("is not from 1 hour to 400 days"));
  EXPECT_THAT(run_well("mdmctl apply dep-autoassigner -filter '*' -enroll-within 0s"),
              Not(HasSubstr("late")));
}

// The last kind of "re-adding" in MicroMDM's guide.
TEST_F(EnrollmentTest, ADeviceThatWasEnrolledBeforeItsAccountHadItIsShownAsSuch) {
  set_secret();
  enroll("IPAD3", "00008030-0003", "2020-01-01T00:00:00Z");
  depsim().devices("add", {{"serials", {"IPAD3"}}, {"family", "iPad"}});
  sync_now();
  ASSERT_TRUE(comes_true([&] { return call("GET", "/api/v1/devices/default/IPAD3").status == 200; }));
  EXPECT_EQ(device("IPAD3").at("enrollment").at("before_assigned"), true);
  EXPECT_THAT(run_well("mdmctl explain -serial IPAD3"),
              HasSubstr("it takes its profile only when it is erased"));
}

TEST_F(EnrollmentTest, NobodyElseTellsOfDevices) {
  const CheckInText text{.topic = "mdm.Authenticate", .serial = "IPAD1"};
  EXPECT_EQ(post_signed(text), 404) << "there is no secret";
  muster().await("enrollment.refused", 0, [](const LogLine& line) {
    return line.field("reason").find("mdmctl apply enrollment-webhook") != std::string::npos;
  });
  set_secret();
  EXPECT_EQ(post_signed(text, "another-secret-of-24-characters"), 401);
  EXPECT_EQ(post(check_in_text(text), {}), 401);
  EXPECT_EQ(
      post(check_in_text(text), {{"Authorization", "Basic " + base64_encode("mdm:" + std::string(kApiKey))}}),
      401);
  EXPECT_EQ(post(check_in_text(text),
                 {{"Authorization", "Basic " + base64_encode("mdm:" + std::string(kMdmSecret))},
                  {"X-Hmac-Signature", "d3Jvbmc="}}),
            401)
      << "a password makes up for no signature";
  EXPECT_FALSE(device("IPAD1").contains("enrollment"));
  EXPECT_EQ(post("{", {{"X-Hmac-Signature", base64_encode(hmac_sha256(kMdmSecret, "{"))}}), 400);
  // MicroMDM signs nothing: -command-webhook-auth-user and -pass.
  EXPECT_EQ(post(check_in_text(text),
                 {{"Authorization", "Basic " + base64_encode("mdm:" + std::string(kMdmSecret))}}),
            200);
  EXPECT_TRUE(device("IPAD1").contains("enrollment"));
  EXPECT_THAT(run_well("mdmctl get enrollment-webhook"), HasSubstr("are accepted at /webhook/mdm"));
  EXPECT_THAT(run_well("mdmctl remove enrollment-webhook"), HasSubstr("no longer accepted"));
  EXPECT_EQ(post_signed(text), 404);
}

TEST_F(EnrollmentTest, WhatWasToldSurvivesAKill) {
  set_secret();
  enroll("IPAD1", "00008030-00AA", "2026-03-01T08:00:00Z");
  kill_muster();
  start_muster();
  EXPECT_EQ(device("IPAD1").at("enrollment").at("enrolled"), true);
  EXPECT_EQ(post_signed({.topic = "mdm.CheckOut", .udid = "00008030-00AA", .at = "2026-03-01T10:00:00Z"}),
            200);
  EXPECT_EQ(device("IPAD1").at("enrollment").at("enrolled"), false);
}

}  // namespace
}  // namespace muster::test
