// MicroMDM's calls about rules.
#include <gmock/gmock.h>

#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;

class DepAutoassigners : public test::ApiFixture {
 protected:
  std::vector<Rule> rules() {
    return read([&](Reader& r) { return r.rules(account_.id); });
  }
};

TEST_F(DepAutoassigners, AreListedInTheirOrder) {
  EXPECT_EQ(get("/v1/dep/autoassigners")["autoassigners"].as_array().size(), 0u);
  add_rule({.filter = "*", .profile = ProfileUuid("P1")});
  add_rule({.filter = "serial = A", .profile = ProfileUuid("P2")});
  EXPECT_EQ(write_json(get("/v1/dep/autoassigners").json),
            R"({"autoassigners":[{"filter":"serial = A","profile_uuid":"P2"},)"
            R"({"filter":"*","profile_uuid":"P1"}]})");
}

TEST_F(DepAutoassigners, ANewOneIsForArrivalsAndAnswersWithNothing) {
  add_device("A");
  const auto answer =
      post("/v1/dep/autoassigners", R"({"filter":"*","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(write_json(answer.json), "{}");
  ASSERT_EQ(rules().size(), 1u);
  EXPECT_EQ(rules()[0].scope, Rule::Scope::arrivals);
  EXPECT_EQ(rules()[0].profile, ProfileUuid("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
  EXPECT_EQ(runs(), std::set{Lane::assignment}) << "what waited for its profile may be sent now";
}

TEST_F(DepAutoassigners, TheSameFilterChangesTheRule) {
  post("/v1/dep/autoassigners", R"({"filter":"*","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})");
  post("/v1/dep/autoassigners", R"({"filter":"*","profile_uuid":"BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"})");
  ASSERT_EQ(rules().size(), 1u);
  EXPECT_EQ(rules()[0].profile, ProfileUuid("BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"));
}

TEST_F(DepAutoassigners, AChangedRuleThatConcernsDevicesBeginsAPass) {
  add_device("A");
  add_rule(
      {.filter = "*", .scope = Rule::Scope::all, .profile = ProfileUuid("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")});
  post("/v1/dep/autoassigners", R"({"filter":"*","profile_uuid":"BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"})");
  EXPECT_EQ(read([&](Reader& r) { return r.backfill(account_.id); }).state, Backfill::State::running);
  EXPECT_THAT(runs(), IsSupersetOf({Lane::changes, Lane::assignment}));
}

TEST_F(DepAutoassigners, WhatIsMissingOrWrongIsNamed) {
  const auto error = [&](const std::string& body) {
    const auto answer = post("/v1/dep/autoassigners", body);
    EXPECT_EQ(answer.status, 400) << body;
    return answer.error();
  };
  EXPECT_THAT(error(R"({"profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})"),
              HasSubstr("\"filter\" is missing"));
  EXPECT_THAT(error(R"({"filter":"*"})"), HasSubstr("\"profile_uuid\" is missing"));
  EXPECT_THAT(error(R"({"filter":1,"profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})"),
              HasSubstr("\"filter\" must be a string"));
  EXPECT_THAT(error(R"({"filter":"famly = iPad","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})"),
              HasSubstr("famly"));
  EXPECT_TRUE(rules().empty());
}

TEST_F(DepAutoassigners, NoMoreThanTheServerAllows) {
  context_.rule_limit = 1;
  EXPECT_EQ(post("/v1/dep/autoassigners",
                 R"({"filter":"serial = A","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})")
                .status,
            200);
  EXPECT_EQ(post("/v1/dep/autoassigners",
                 R"({"filter":"serial = B","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})")
                .status,
            409);
}

TEST_F(DepAutoassigners, OneIsRemovedByItsFilter) {
  add_rule({.filter = "*", .profile = ProfileUuid("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")});
  EXPECT_EQ(write_json(del("/v1/dep/autoassigners", R"({"filter":"*"})").json), "{}");
  EXPECT_TRUE(rules().empty());
  EXPECT_EQ(del("/v1/dep/autoassigners", R"({"filter":"*"})").status, 404);
  EXPECT_EQ(del("/v1/dep/autoassigners", R"({})").status, 400);
}

}  // namespace
}  // namespace muster::api
