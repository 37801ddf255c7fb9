// What the rules would change, as they are or with one change more. Nothing is made here.
#include <gmock/gmock.h>

#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using testing::HasSubstr;

class PlanCalls : public test::ApiFixture {
 protected:
  PlanCalls() {
    for (const char* serial : {"A", "B", "C"}) add_device(serial);
  }
  void rule() { add_rule({.filter = "*", .scope = Rule::Scope::all, .profile = ProfileUuid("P")}); }
};

TEST_F(PlanCalls, WithoutRulesNothingChanges) {
  EXPECT_EQ(write_json(get("/api/v1/plan").json),
            R"({"plan":{"changes":0,"adopted":0,"groups":[],"devices":[]},"waiting":0})");
}

TEST_F(PlanCalls, IsCountedGroupedAndListed) {
  rule();
  const auto answer = get("/api/v1/plan?limit=2");
  EXPECT_EQ(answer.number("plan.changes"), 3);
  const auto& group = answer["plan.groups"].as_array().at(0);
  EXPECT_EQ(group.at("devices"), 3);
  EXPECT_EQ(group.at("from"), "");
  EXPECT_EQ(group.at("to"), "P");
  EXPECT_EQ(answer["plan.devices"].as_array().size(), 2u);
  const auto rest = get("/api/v1/plan?limit=2&cursor=" + answer.text("plan.next_cursor"));
  EXPECT_EQ(rest["plan.devices"].as_array().at(0).at("serial_number"), "C");
  EXPECT_FALSE(rest["plan"].as_object().contains("next_cursor"));
}

TEST_F(PlanCalls, IsNotThatOfBeforeAChange) {
  EXPECT_EQ(get("/api/v1/plan").number("plan.changes"), 0);
  rule();
  EXPECT_EQ(get("/api/v1/plan").number("plan.changes"), 3);
}

TEST_F(PlanCalls, OfAChangeIsMadeAndUndone) {
  const auto answer =
      post("/api/v1/plan", R"({"rule":{"filter":"serial = A","scope":"all","profile_uuid":"P"}})");
  EXPECT_EQ(answer["applied"], false);
  EXPECT_EQ(answer.number("plan.changes"), 1);
  EXPECT_TRUE(get("/api/v1/rules")["rules"].as_array().empty());
  EXPECT_TRUE(runs().empty());
}

TEST_F(PlanCalls, OfARemovalLeavesTheRule) {
  rule();
  const auto answer = post("/api/v1/plan", R"({"remove_rule":{"filter":"*"}})");
  EXPECT_EQ(answer.number("plan.changes"), 0);
  EXPECT_EQ(get("/api/v1/rules")["rules"].as_array().size(), 1u);
  EXPECT_EQ(post("/api/v1/plan", R"({"remove_rule":{"name":"nobody"}})").status, 404);
}

TEST_F(PlanCalls, OfNothingIsRefused) {
  const auto answer = post("/api/v1/plan", "{}");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.error(), HasSubstr("\"rule\" or \"remove_rule\""));
  for (const char* body : {R"({"rule":"*"})", R"({"remove_rule":[]})", R"({"rule":{}})"})
    EXPECT_EQ(post("/api/v1/plan", body).status, 400) << body;
  for (const char* query : {"?limit=1001", "?limit=-1", "?cursor=x", "?cursor=-1"})
    EXPECT_EQ(get(std::string("/api/v1/plan") + query).status, 400) << query;
}

TEST_F(PlanCalls, NamesRulesWhoseFilterCannotBeRead) {
  write([&](Writer& w) {
    Rule newer{
        .account = account_.id, .name = "lab", .filter = "of a newer muster", .profile = ProfileUuid("P")};
    return w.put_rule(newer);
  });
  EXPECT_EQ(get("/api/v1/plan")["plan.broken"].as_array().at(0).at("rule"), "'lab'");
}

}  // namespace
}  // namespace muster::api
