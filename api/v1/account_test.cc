// Accounts as the API adds, changes, removes and shows them.
#include <gmock/gmock.h>

#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;

constexpr const char* kToken =
    R"({"consumer_key":"CK2","consumer_secret":"SECRET","access_token":"AT","access_secret":"SECRET"})";

class AccountCalls : public test::ApiFixture {
 protected:
  AccountCalls() {
    apple_.on("GET /account",
              test::answer_json({{"server_name", "School"}, {"server_uuid", "U"}, {"org_name", "Org"}}));
  }
  boost::json::object shown(const std::string& name = "default") {
    const auto answer = get("/api/v1/accounts");
    for (const auto& account : answer["accounts"].as_array())
      if (account.at("name").as_string() == name) return account.as_object();
    return {};
  }
};

TEST_F(AccountCalls, OneThatIsNotThereIsMade) {
  const auto answer = put("/api/v1/accounts/school", "{}");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer["created"], true);
  EXPECT_EQ(answer["has_token"], false);
  EXPECT_EQ(put("/api/v1/accounts/school", "{}")["created"], false);
}

TEST_F(AccountCalls, ATokenIsTakenAndNeverShown) {
  const auto answer = put("/api/v1/accounts/school", std::string(R"({"token":)") + kToken + "}");
  EXPECT_EQ(answer["has_token"], true);
  EXPECT_EQ(answer.text("server_name"), "School");
  EXPECT_THAT(answer.response.body, testing::Not(HasSubstr("SECRET")));
  EXPECT_THAT(get("/api/v1/accounts").response.body, testing::Not(HasSubstr("SECRET")));
}

TEST_F(AccountCalls, AChangeHasEveryLaneStartAnew) {
  EXPECT_EQ(put("/api/v1/accounts/default", R"({"paused":true})")["paused"], true);
  EXPECT_THAT(runs(), IsSupersetOf({Lane::changes, Lane::full_list, Lane::questions, Lane::assignment}));
  put("/api/v1/accounts/default", "{}");
  EXPECT_TRUE(runs().empty()) << "nothing was changed";
}

TEST_F(AccountCalls, WhatIsNotKnownOrWrongIsRefused) {
  for (const char* body :
       {R"({"pausd":true})", R"({"paused":1})", R"({"inherit_replacements":"yes"})", R"({"token":"text"})",
        R"({"token":{}})", R"({"p7m_content":"***"})", R"({"p7m_content":""})", R"({"base_url":"ftp://x"})",
        R"({"base_url":1})", R"({"revision":"1"})"})
    EXPECT_EQ(put("/api/v1/accounts/school", body).status, 400) << body;
  EXPECT_THAT(put("/api/v1/accounts/school", R"({"pausd":true})").error(), HasSubstr("\"pausd\""));
  EXPECT_EQ(put("/api/v1/accounts/a%20b%2Fc", "{}").status, 404) << "no name has a slash";
  EXPECT_TRUE(shown("school").empty());
}

TEST_F(AccountCalls, AnotherServicesTokenNeedsForce) {
  const std::string body = std::string(R"({"token":)") + kToken + "}";
  ASSERT_EQ(put("/api/v1/accounts/school", body).status, 200);
  apple_.on("GET /account", test::answer_json({{"server_name", "Other"}, {"server_uuid", "V"}}));
  EXPECT_EQ(put("/api/v1/accounts/school", body).status, 409);
  EXPECT_EQ(put("/api/v1/accounts/school?force=1", body).text("server_name"), "Other");
}

TEST_F(AccountCalls, AnotherRevisionIsAConflict) {
  const auto revision = put("/api/v1/accounts/default", R"({"paused":true})").number("revision");
  EXPECT_EQ(
      put("/api/v1/accounts/default", R"({"paused":false,"revision":)" + std::to_string(revision - 1) + "}")
          .status,
      409);
  EXPECT_EQ(shown().at("paused"), true);
}

TEST_F(AccountCalls, OneIsRemovedForGood) {
  put("/api/v1/accounts/school", "{}");
  EXPECT_EQ(write_json(del("/api/v1/accounts/school").json), "{}");
  EXPECT_TRUE(shown("school").empty());
  EXPECT_EQ(del("/api/v1/accounts/school").status, 404);
  EXPECT_EQ(del("/api/v1/accounts/default").status, 409);
}

TEST_F(AccountCalls, AnAccountShowsHowItStands) {
  add_work("A", "P");
  Device uncovered;
  uncovered.serial = Serial("B");
  uncovered.arrived_at = clock_.now();
  add_device(uncovered);
  const auto account = shown();
  EXPECT_EQ(account.at("state"), "ok");
  EXPECT_EQ(account.at("devices"), 2);
  EXPECT_EQ(account.at("waiting"), 1);
  EXPECT_EQ(account.at("uncovered"), 1);
  EXPECT_EQ(account.at("contested"), 0);
  EXPECT_EQ(account.at("lanes").as_array().size(), 4u);
  EXPECT_FALSE(account.contains("last_error"));
  EXPECT_FALSE(account.contains("days_left"));
}

TEST_F(AccountCalls, AnAccountWithoutATokenSaysHowToGetOne) {
  put("/api/v1/accounts/school", "{}");
  const auto account = shown("school");
  EXPECT_EQ(account.at("state"), "not_configured");
  EXPECT_THAT(std::string(account.at("remedy").as_string()), HasSubstr("-account school"));
}

TEST_F(AccountCalls, ALanesTroubleIsShownWithItsRemedy) {
  write([&](Writer& w) {
    return w.put_lane_trouble(account_.id, Lane::assignment,
                              LaneTrouble{.state = Health::State::terms_unsigned,
                                          .since = clock_.now(),
                                          .failures = 2,
                                          .retry_at = clock_.now() + std::chrono::minutes(15),
                                          .word = "T_C_NOT_SIGNED",
                                          .message = "New terms",
                                          .remedy = "Accept them"});
  });
  const auto account = shown();
  for (const auto& lane : account.at("lanes").as_array()) {
    if (lane.at("lane") != "assignment") {
      EXPECT_EQ(lane.at("state"), "ok");
      continue;
    }
    EXPECT_EQ(lane.at("state"), "terms_unsigned");
    EXPECT_EQ(lane.at("failures"), 2);
    EXPECT_EQ(lane.at("apple_code"), "T_C_NOT_SIGNED");
    EXPECT_EQ(lane.at("remedy"), "Accept them");
    EXPECT_EQ(lane.at("since"), "2026-03-01T09:00:00Z");
  }
}

TEST_F(AccountCalls, ATokensDaysAreCounted) {
  write([&](Writer& w) {
    return w.put_token(account_.id, {"CK", "CS", "AT", "AS", clock_.now() + std::chrono::hours(49)});
  });
  EXPECT_EQ(shown().at("days_left"), 2);
}

TEST_F(AccountCalls, AreInOrderOfTheirCreation) {
  put("/api/v1/accounts/zoo", "{}");
  put("/api/v1/accounts/aula", "{}");
  const auto answer = get("/api/v1/accounts");
  std::vector<std::string> names;
  for (const auto& account : answer["accounts"].as_array())
    names.emplace_back(account.at("name").as_string());
  EXPECT_THAT(names, ElementsAre("default", "zoo", "aula"));
}

}  // namespace
}  // namespace muster::api
