// Rules as the API takes and gives them.
#include <gmock/gmock.h>

#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;

class RuleCalls : public test::ApiFixture {
 protected:
  test::ApiAnswer save(const std::string& body) { return put("/api/v1/rules", body); }
  boost::json::value rule(size_t place = 0) {
    return get("/api/v1/rules?counts=1")["rules"].as_array().at(place);
  }
  size_t rules() { return get("/api/v1/rules")["rules"].as_array().size(); }
};

TEST_F(RuleCalls, ARuleIsGivenAsItWasTaken) {
  const auto answer = save(R"({"filter":"family = iPad","name":"lab","priority":7,"scope":"unassigned",)"
                           R"("profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer["applied"], true);
  const auto& saved = answer["rule"].as_object();
  EXPECT_EQ(saved.at("filter"), "family = iPad");
  EXPECT_EQ(saved.at("name"), "lab");
  EXPECT_EQ(saved.at("priority"), 7);
  EXPECT_EQ(saved.at("scope"), "unassigned");
  EXPECT_EQ(saved.at("profile_uuid"), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  EXPECT_EQ(saved.at("version"), 1);
  EXPECT_EQ(saved.at("created_at"), "2026-03-01T09:00:00Z");
  EXPECT_FALSE(saved.contains("broken"));
  EXPECT_EQ(get("/api/v1/rules")["rules"].as_array().at(0).as_object(), saved);
}

TEST_F(RuleCalls, WhatIsLeftOutHasItsUsualValueOrStays) {
  EXPECT_EQ(
      save(R"({"filter":"serial = A","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})").text("rule.scope"),
      "new");
  EXPECT_EQ(rule().at("priority"), Rule::kUsualPriority);
  EXPECT_EQ(
      save(R"({"filter":"*","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})").number("rule.priority"),
      Rule::kLastPriority);
  save(R"({"filter":"serial = A","name":"lab","scope":"all"})");
  save(R"({"name":"lab","priority":3})");
  EXPECT_EQ(rule().at("scope"), "all");
  EXPECT_EQ(rule().at("profile_uuid"), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  EXPECT_EQ(rule().at("priority"), 3);
  EXPECT_EQ(rule().at("version"), 3);
}

TEST_F(RuleCalls, ARuleMayGiveNoProfileOnPurpose) {
  const auto answer = save(R"({"filter":"*","no_profile":true})");
  EXPECT_EQ(answer["rule.no_profile"], true);
  EXPECT_EQ(answer.text("rule.profile_uuid"), "");
}

TEST_F(RuleCalls, ARuleMayFollowAProfilesName) {
  EXPECT_EQ(save(R"({"filter":"*","profile_name":"Lab"})").status, 404);
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(
        w.put_profile({.account = account_.id, .uuid = ProfileUuid("L1"), .name = "Lab", .document = "{}"}));
    return w.set_current_profile(account_.id, "Lab", ProfileUuid("L1"));
  });
  const auto answer = save(R"({"filter":"*","profile_name":"Lab"})");
  EXPECT_EQ(answer.text("rule.profile_uuid"), "L1");
  EXPECT_EQ(answer.text("rule.profile_name"), "Lab");
}

TEST_F(RuleCalls, AChangeThatConcernsDevicesIsPlannedAndBegins) {
  add_device("A");
  const auto answer =
      save(R"({"filter":"*","scope":"all","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","limit":5})");
  EXPECT_EQ(answer.number("plan.changes"), 1);
  EXPECT_EQ(answer["plan.devices"].as_array().at(0).at("serial_number"), "A");
  EXPECT_EQ(answer["plan.groups"].as_array().at(0).at("rule"), "filter '*'");
  EXPECT_THAT(runs(), IsSupersetOf({Lane::changes, Lane::assignment}));
}

TEST_F(RuleCalls, APreviewAndMoreChangesThanAgreedToAreNotMade) {
  add_device("A");
  for (const char* option : {R"("dry_run":true)", R"("max_changes":0)"}) {
    const auto answer = save(
        std::string(R"({"filter":"*","scope":"all","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",)") +
        option + "}");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer["applied"], false) << option;
    EXPECT_EQ(answer.number("plan.changes"), 1) << option;
  }
  EXPECT_EQ(rules(), 0u);
  EXPECT_TRUE(runs().empty());
}

TEST_F(RuleCalls, WhatCannotBeIsRefused) {
  for (const char* body :
       {R"({"profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})",
        R"({"filter":"","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})", R"({"filter":"*"})",
        R"({"filter":"*","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","scope":"some"})",
        R"({"filter":"*","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","priority":-1})",
        R"({"filter":"*","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","priority":1.5})",
        R"({"filter":"*","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","no_profile":true})",
        R"({"filter":"*","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","dry_run":"yes"})",
        R"({"filter":"*","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","max_changes":-1})",
        R"({"filter":"*","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","limit":1001})",
        R"({"filter":"*","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","cursor":"x"})",
        R"({"filter":"famly = iPad","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})"})
    EXPECT_EQ(save(body).status, 400) << body;
  EXPECT_EQ(rules(), 0u);
}

TEST_F(RuleCalls, AnotherRevisionIsAConflict) {
  const auto revision =
      save(R"({"filter":"*","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})").number("revision");
  const std::string old = std::to_string(revision - 1);
  EXPECT_EQ(save(R"({"filter":"*","profile_uuid":"BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB","revision":)" + old + "}")
                .status,
            409);
  EXPECT_EQ(del("/api/v1/rules", R"({"filter":"*","revision":)" + old + "}").status, 409);
  EXPECT_EQ(rule().at("profile_uuid"), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}

TEST_F(RuleCalls, CountsShowWhatEachCoversAndWhatShadowsIt) {
  add_device("A");
  add_device("B");
  save(
      R"({"filter":"serial = A","name":"first","priority":1,"profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})");
  save(R"({"filter":"serial ~ A*","priority":2,"profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})");
  const auto answer = get("/api/v1/rules?counts=1");
  EXPECT_EQ(answer.number("covered_by_none"), 1);
  EXPECT_EQ(rule(0).at("devices"), 1);
  EXPECT_EQ(rule(1).at("matches"), 1);
  EXPECT_EQ(rule(1).at("devices"), 0);
  EXPECT_EQ(rule(1).at("shadowed_by").as_array().at(0), "'first'");
  EXPECT_FALSE(get("/api/v1/rules")["rules"].as_array().at(0).as_object().contains("devices"));
  EXPECT_EQ(get("/api/v1/rules?counts=perhaps").status, 400);
}

TEST_F(RuleCalls, CountsAreNotThoseOfBeforeAChange) {
  save(R"({"filter":"*","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})");
  EXPECT_EQ(rule().at("devices"), 0);
  add_device("A");
  EXPECT_EQ(rule().at("devices"), 1);
}

TEST_F(RuleCalls, ARuleThatDoesNotWorkSaysWhy) {
  write([&](Writer& w) -> Result<> {
    Rule newer{.account = account_.id,
               .filter = "of a newer muster",
               .profile = ProfileUuid("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")};
    MUSTER_TRY(w.put_rule(newer));
    Rule lost{.account = account_.id,
              .filter = "*",
              .priority = 200,
              .profile = ProfileUuid("BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"),
              .broken = "NOT_FOUND"};
    return w.put_rule(lost);
  });
  EXPECT_THAT(std::string(rule(0).at("broken").as_string()), HasSubstr("invalid filter"));
  EXPECT_TRUE(rule(0).as_object().contains("filter_error"));
  EXPECT_EQ(rule(1).at("broken"), "NOT_FOUND");
}

TEST_F(RuleCalls, OneIsRemovedByItsFilterOrItsName) {
  save(R"({"filter":"serial = A","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})");
  save(R"({"filter":"serial = B","name":"b","profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})");
  EXPECT_EQ(del("/api/v1/rules", R"({"filter":"serial = A","dry_run":true})")["applied"], false);
  EXPECT_EQ(rules(), 2u);
  EXPECT_EQ(del("/api/v1/rules", R"({"filter":"serial = A"})").text("rule.filter"), "serial = A");
  EXPECT_EQ(del("/api/v1/rules", R"({"name":"b"})").status, 200);
  EXPECT_EQ(rules(), 0u);
  EXPECT_EQ(del("/api/v1/rules", R"({"name":"b"})").status, 404);
  EXPECT_EQ(del("/api/v1/rules", R"({})").status, 400);
  EXPECT_EQ(del("/api/v1/rules", R"({"name":"b","filter":"*"})").status, 400);
}

}  // namespace
}  // namespace muster::api
