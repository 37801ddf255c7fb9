// The proxy: what goes to Apple, what comes back, and what is recorded.
#include <gmock/gmock.h>

#include "tests/support/api/nanodep_fixture.h"

namespace muster::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kUuid = "95C2189CA0EFB3272AC8B3C66201F330";

class Proxy : public test::NanoDepFixture {
 protected:
  static test::AppleAnswer with(int status, http::Headers headers, std::string body) {
    return [=](const test::AppleCall&) {
      return http::Response{.status = status, .headers = headers, .body = body};
    };
  }
  Device device(const std::string& serial) {
    return read([&](Reader& r) -> Result<Device> {
      MUSTER_TRY(auto found, r.devices(account_.id, std::vector{Serial(serial)}));
      return found.at(0);
    });
  }
};

TEST_F(Proxy, PassesApplesAnswerOnAsItIs) {
  apple_.on("GET /os-beta-enrollment/tokens", with(200,
                                                   {{"Content-Type", "application/json;charset=UTF8"},
                                                    {"X-Apple-Request-UUID", "an-id"},
                                                    {"X-ADM-Auth-Session", "rotated"},
                                                    {"Connection", "close"}},
                                                   "{\"betaEnrollmentTokens\" : [ ] }"));
  const auto answer = get("/proxy/default/os-beta-enrollment/tokens?a=%2B1&b&a=2");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.response.body, "{\"betaEnrollmentTokens\" : [ ] }");
  EXPECT_EQ(type_of(answer), "application/json;charset=UTF8");
  EXPECT_EQ(answer.response.headers.get("X-Apple-Request-UUID"), "an-id");
  EXPECT_FALSE(answer.response.headers.has("X-ADM-Auth-Session"));
  EXPECT_FALSE(answer.response.headers.has("Connection"));
  ASSERT_EQ(apple_.calls().size(), 1U);
  EXPECT_EQ(apple_.calls()[0].query, "a=%2B1&b&a=2");
}

TEST_F(Proxy, PassesApplesErrorsOn) {
  const http::Headers text{{"Content-Type", "text/plain;Charset=UTF8"}};
  apple_.on("POST /devices/sync", test::answer_word(400, "CURSOR_REQUIRED", text));
  auto answer = post("/proxy/default/devices/sync", "{}");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.response.body, "CURSOR_REQUIRED");
  EXPECT_EQ(type_of(answer), "text/plain;Charset=UTF8");
  apple_.on("GET /account", test::answer_word(403, "T_C_NOT_SIGNED", text));
  EXPECT_EQ(get("/proxy/default/account").status, 403);
  apple_.on("GET /account", test::answer_word(500, ""));
  EXPECT_EQ(get("/proxy/default/account").status, 500);
}

TEST_F(Proxy, TroubleWithTheTokenIsABadGatewayWithApplesWord) {
  apple_.on("GET /session", test::answer_word(403, "token_rejectedForbidden"));
  for (const auto& answer : {get("/proxy/default/account"),
                             post("/proxy/default/profile/devices",
                                  R"({"profile_uuid":"95C2189CA0EFB3272AC8B3C66201F330","devices":["A"]})"),
                             post("/proxy/default/profile", R"({"profile_name":"A","url":"https://a"})")}) {
    EXPECT_EQ(answer.status, 502);
    EXPECT_EQ(answer.response.body, "token_rejected");
    EXPECT_THAT(type_of(answer), HasSubstr("text/plain"));
  }
  EXPECT_THAT(apple_.calls(), IsEmpty());
}

TEST_F(Proxy, NoAnswerAndNoTokenAreABadGateway) {
  apple_.on("GET /account", test::answer_lost());
  const auto lost = get("/proxy/default/account");
  EXPECT_EQ(lost.status, 502);
  EXPECT_THAT(lost.response.body, HasSubstr("connection reset"));
  write([](Writer& w) { return w.create_account(AccountName("bare")); });
  const auto bare = get("/proxy/bare/account");
  EXPECT_EQ(bare.status, 502);
  EXPECT_THAT(bare.response.body, HasSubstr("DEP not configured yet"));
  EXPECT_EQ(get("/proxy/nowhere/account").status, 404);
}

TEST_F(Proxy, WaitsAsLongAsAppleWants) {
  apple_.on("GET /account", test::answer_word(503, "", {{"Retry-After", "120"}}));
  const auto first = get("/proxy/default/account");
  EXPECT_EQ(first.status, 503);
  EXPECT_EQ(first.response.headers.get("Retry-After"), "120");
  const auto second = get("/proxy/default/account");
  EXPECT_EQ(second.status, 503);
  EXPECT_EQ(second.response.headers.get("Retry-After"), "120");
  EXPECT_EQ(apple_.calls().size(), 1U) << "the second one did not go out";
}

TEST_F(Proxy, APathThatCanBeReadInTwoWaysIsRefused) {
  for (const char* path : {"profile//devices", "./profile/devices", "a/../profile/devices", "session",
                           "Session", "profile/devices/", "%2e%2e/x"}) {
    const auto answer = get(std::string("/proxy/default/") + path);
    EXPECT_EQ(answer.status, 400) << path;
  }
  apple_.on("PUT /profile/devices", test::answer_json({{"devices", {{"A", "SUCCESS"}}}}));
  post("/proxy/default/profile%2Fdevices",
       R"({"profile_uuid":"95C2189CA0EFB3272AC8B3C66201F330","devices":["A"]})");
  EXPECT_EQ(device("A").desired.by, Desired::By::manual) << "it is what it is at Apple";
}

TEST_F(Proxy, ADefinitionIsAVersionInTheRegistry) {
  apple_.on("POST /profile", test::answer_json({{"profile_uuid", kUuid}}));
  apple_.on("PUT /profile/devices",
            test::answer_json({{"devices", {{"A", "SUCCESS"}, {"B", "NOT_ACCESSIBLE"}}}}));
  const auto answer = post("/proxy/default/profile",
                           R"({"profile_name":"Lab","url":"https://mdm.example.org","devices":["A","B"]})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(
      answer.response.body,
      R"({"profile_uuid":"95C2189CA0EFB3272AC8B3C66201F330","devices":{"A":"SUCCESS","B":"NOT_ACCESSIBLE"}})");
  EXPECT_EQ(type_of(answer), "application/json;charset=UTF8");
  EXPECT_EQ(write_json(apple_.calls("POST /profile").at(0).body),
            R"({"profile_name":"Lab","url":"https://mdm.example.org"})");
  const auto profile = read([&](Reader& r) { return r.current_profile(account_.id, "Lab"); });
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->uuid, ProfileUuid(kUuid));
  EXPECT_EQ(profile->version, 1);
  EXPECT_EQ(device("A").desired.profile, ProfileUuid(kUuid));
}

TEST_F(Proxy, ADefinitionWhoseDevicesFailedIsADefinition) {
  apple_.on("POST /profile", test::answer_json({{"profile_uuid", kUuid}}));
  apple_.on("PUT /profile/devices", test::answer_lost());
  const auto answer = post("/proxy/default/profile",
                           R"({"profile_name":"Lab","url":"https://mdm.example.org","devices":["A"]})");
  EXPECT_EQ(answer.response.body,
            R"({"profile_uuid":"95C2189CA0EFB3272AC8B3C66201F330","devices":{"A":"FAILED"}})");
  EXPECT_EQ(device("A").desired.profile, ProfileUuid(kUuid)) << "Muster looks after it";
}

TEST_F(Proxy, ApplesRefusalOfADefinitionIsPassedOn) {
  apple_.on("POST /profile", test::answer_word(400, "CONFIG_URL_REQUIRED"));
  const auto answer = post("/proxy/default/profile", R"({"profile_name":"Lab"})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.response.body, "CONFIG_URL_REQUIRED");
  for (const char* body : {"", "[]", "{", R"({"devices":"A"})"})
    EXPECT_EQ(post("/proxy/default/profile", body).status, 400) << body;
  EXPECT_EQ(apple_.calls().size(), 1U);
}

TEST_F(Proxy, AnAssignmentIsAManualOne) {
  add_device("A");
  apple_.on("PUT /profile/devices",
            test::answer_json({{"devices", {{"A", "THROTTLED"}}}, {"retry_after_seconds", 60}}));
  for (const char* method : {"POST", "PUT"}) {
    const auto answer = ask(method, "/proxy/default/profile/devices",
                            R"({"profile_uuid":"95c2189c-a0ef-b327-2ac8-b3c66201f330","devices":["A"]})");
    EXPECT_EQ(answer.status, 200) << method;
    EXPECT_EQ(answer.response.body, R"({"profile_uuid":"95C2189CA0EFB3272AC8B3C66201F330",)"
                                    R"("devices":{"A":"THROTTLED"},"retry_after_seconds":60})");
  }
  EXPECT_EQ(device("A").desired.by, Desired::By::manual);
  apple_.on("PUT /profile/devices", test::answer_word(404, "NOT_FOUND"));
  const auto unknown = post("/proxy/default/profile/devices",
                            R"({"profile_uuid":"00000000000000000000000000000000","devices":["A"]})");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.response.body, "NOT_FOUND");
  EXPECT_EQ(device("A").desired.profile, ProfileUuid(kUuid)) << "it is as before";
}

TEST_F(Proxy, ARemovalHoldsTheDevices) {
  add_device("A", "assigned", kUuid);
  apple_.on("DELETE /profile/devices", test::answer_json({{"devices", {{"A", "SUCCESS"}}}}));
  const auto answer = del("/proxy/default/profile/devices", R"({"devices":["A"]})");
  EXPECT_EQ(answer.response.body, R"({"devices":{"A":"SUCCESS"}})");
  EXPECT_EQ(device("A").desired.by, Desired::By::hold);
}

TEST_F(Proxy, WhatNamesNoDeviceIsForAppleToAnswer) {
  for (const char* method : {"POST", "PUT", "DELETE"})
    apple_.on(std::string(method) + " /profile/devices", test::answer_word(400, "DEVICE_ID_REQUIRED"));
  for (const auto& [method, body] : {std::pair{"POST", R"({"profile_uuid":"U","devices":[]})"},
                                     {"PUT", R"({"profile_uuid":"U"})"},
                                     {"POST", R"({"devices":["A"]})"},
                                     {"DELETE", R"({"devices":[]})"}}) {
    const auto answer = ask(method, "/proxy/default/profile/devices", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.response.body, "DEVICE_ID_REQUIRED") << body;
  }
  EXPECT_EQ(apple_.calls().size(), 4U);
}

}  // namespace
}  // namespace muster::api
