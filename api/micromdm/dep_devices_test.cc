// MicroMDM's calls that ask Apple now: about devices and about the account.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using testing::HasSubstr;

class DepDevices : public test::ApiFixture {};

TEST_F(DepDevices, AreWhatAppleSaysOfThem) {
  apple_.on("POST /devices", test::reports({{.serial = "A", .status = "pushed", .profile = "P"}}));
  const auto answer = post("/v1/dep/devices", R"({"serials":["A","B"]})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text("devices.A.serial_number"), "A");
  EXPECT_EQ(answer.text("devices.A.profile_status"), "pushed");
  EXPECT_EQ(answer.text("devices.A.response_status"), "SUCCESS");
  EXPECT_EQ(answer.text("devices.B.response_status"), "NOT_ACCESSIBLE");
}

// Go's time.Time refuses "" and null.
TEST_F(DepDevices, TimesThatAreNotSetAreLeftOut) {
  apple_.on("POST /devices", test::answer_json({{"devices",
                                                 {{"A",
                                                   {{"response_status", "SUCCESS"},
                                                    {"profile_assign_time", ""},
                                                    {"profile_push_time", nullptr},
                                                    {"device_assigned_date", "2026-03-01T09:00:00Z"}}}}}}));
  const auto answer = post("/v1/dep/devices", R"({"serials":["A"]})");
  const auto& device = answer["devices.A"].as_object();
  EXPECT_FALSE(device.contains("profile_assign_time"));
  EXPECT_FALSE(device.contains("profile_push_time"));
  EXPECT_TRUE(device.contains("device_assigned_date"));
}

TEST_F(DepDevices, AreAskedAboutAThousandACall) {
  boost::json::array serials;
  for (int i = 0; i < 1001; ++i) serials.emplace_back(fmt::format("C{:04}", i));
  apple_.on("POST /devices", test::reports({}));
  const auto answer = post("/v1/dep/devices", write_json(boost::json::object{{"serials", serials}}));
  EXPECT_EQ(answer["devices"].as_object().size(), 1001u);
  EXPECT_EQ(apple_.calls("POST /devices").size(), 2u);
}

TEST_F(DepDevices, MustBeNamed) {
  for (const char* body :
       {R"({})", R"({"serials":[]})", R"({"serials":"A"})", R"({"serials":[1]})", R"({"serials":[""]})"}) {
    const auto answer = post("/v1/dep/devices", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_THAT(answer.error(), HasSubstr("\"serials\"")) << body;
  }
  EXPECT_TRUE(apple_.calls().empty());
}

TEST_F(DepDevices, WithoutATokenAppleIsNotAsked) {
  write([](Writer& w) { return w.create_account(AccountName("bare")); });
  const auto answer = post("/v1/dep/devices?account=bare", R"({"serials":["A"]})");
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.error(), HasSubstr("token"));
  EXPECT_TRUE(apple_.calls().empty());
}

TEST_F(DepDevices, ApplesTroubleIsNotTheCallersFault) {
  apple_.on("POST /devices", test::answer_lost());
  EXPECT_EQ(post("/v1/dep/devices", R"({"serials":["A"]})").status, 504);
  apple_.on("POST /devices", test::answer_word(500, "internal_server_error"));
  EXPECT_EQ(post("/v1/dep/devices", R"({"serials":["A"]})").status, 502);
}

TEST_F(DepDevices, TheAccountIsAppleAnswerAsItIs) {
  apple_.on("GET /account", test::answer_json({{"server_name", "S"}, {"server_uuid", "U"}, {"new_key", 1}}));
  const auto answer = get("/v1/dep/account");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.response.body, "{\"server_name\":\"S\",\"server_uuid\":\"U\",\"new_key\":1}\n");
  apple_.on("GET /account", test::answer_word(403, "ACCESS_DENIED"));
  EXPECT_EQ(get("/v1/dep/account").status, 502);
}

}  // namespace
}  // namespace muster::api
