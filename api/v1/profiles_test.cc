// The registry of profiles: shown, checked, rolled back, and moved to its current version.
#include <gmock/gmock.h>

#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using testing::IsSupersetOf;

class ProfileCalls : public test::ApiFixture {
 protected:
  void define(const std::string& name, int version, const std::string& uuid) {
    write([&](Writer& w) -> Result<> {
      MUSTER_TRY(w.put_profile({.account = account_.id,
                                .uuid = ProfileUuid(uuid),
                                .name = name,
                                .version = version,
                                .document = R"({"profile_name":")" + name + "\"}",
                                .defined_at = clock_.now(),
                                .defined_by = "ann"}));
      return w.set_current_profile(account_.id, name, ProfileUuid(uuid));
    });
  }
};

TEST_F(ProfileCalls, AreListedWithDevicesAndRules) {
  define("Lab", 1, "L1");
  add_device("A", "pushed", "L1");
  add_rule({.filter = "*", .name = "all", .profile_name = "Lab"});
  EXPECT_EQ(write_json(get("/api/v1/profiles").json),
            R"({"profiles":[{"name":"Lab","version":1,"current":true,"profile_uuid":"L1","devices":1,)"
            R"("rules":["'all'"],"defined_at":"2026-03-01T09:00:00Z","defined_by":"ann"}]})");
}

TEST_F(ProfileCalls, OneIsShownWithItsDocumentAndVersions) {
  define("Lab/2", 1, "L1");
  define("Lab/2", 2, "L2");
  const auto current = get("/api/v1/profiles/Lab/2");
  EXPECT_EQ(current.text("profile_uuid"), "L2");
  EXPECT_EQ(current.text("document.profile_name"), "Lab/2");
  EXPECT_EQ(current["versions"].as_array().size(), 2u);
  EXPECT_EQ(get("/api/v1/profiles/Lab/2?version=1").text("profile_uuid"), "L1");
}

TEST_F(ProfileCalls, WhatIsNotThereIsNotFound) {
  define("Lab", 1, "L1");
  EXPECT_EQ(get("/api/v1/profiles/Nobody").status, 404);
  EXPECT_EQ(get("/api/v1/profiles/Lab?version=2").status, 404);
  EXPECT_EQ(get("/api/v1/profiles/Lab?version=0").status, 400);
}

TEST_F(ProfileCalls, ARollbackMakesTheVersionBeforeTheCurrentOne) {
  define("Lab", 1, "L1");
  define("Lab", 2, "L2");
  add_device("A", "pushed", "L2");
  add_rule({.filter = "*", .scope = Rule::Scope::all, .profile_name = "Lab"});
  const auto preview = post("/api/v1/profiles/Lab/rollback", R"({"dry_run":true})");
  EXPECT_EQ(preview["applied"], false);
  EXPECT_EQ(preview.number("plan.changes"), 1);
  EXPECT_TRUE(runs().empty());
  const auto answer = post("/api/v1/profiles/Lab/rollback", "");
  EXPECT_EQ(answer["applied"], true);
  EXPECT_EQ(answer.number("version"), 1);
  EXPECT_EQ(answer.text("profile_uuid"), "L1");
  EXPECT_EQ(answer.number("rules"), 1);
  EXPECT_EQ(answer.number("before.version"), 2);
  EXPECT_EQ(answer.number("before.devices"), 1);
  EXPECT_THAT(runs(), IsSupersetOf({Lane::changes, Lane::assignment}));
  EXPECT_EQ(post("/api/v1/profiles/Lab/rollback", "").status, 409) << "none is before it";
  EXPECT_EQ(post("/api/v1/profiles/Lab/rollback", R"({"version":2})").number("version"), 2);
  EXPECT_EQ(post("/api/v1/profiles/Nobody/rollback", "").status, 404);
}

TEST_F(ProfileCalls, AMoveGivesDevicesTheCurrentVersion) {
  define("Lab", 1, "L1");
  define("Lab", 2, "L2");
  add_device("A", "pushed", "L1");
  EXPECT_EQ(post("/api/v1/profiles/Lab/move", R"({"max_changes":0})")["applied"], false);
  const auto answer = post("/api/v1/profiles/Lab/move", "{}");
  EXPECT_EQ(answer["applied"], true);
  EXPECT_EQ(answer.number("plan.changes"), 1);
  const auto& group = answer["plan.groups"].as_array().at(0);
  EXPECT_EQ(group.at("from_name"), "Lab");
  EXPECT_EQ(group.at("to_name"), "Lab version 2");
  EXPECT_EQ(post("/api/v1/profiles/Nobody/move", "{}").status, 404);
}

TEST_F(ProfileCalls, ACheckTellsWhatIsWrongWithoutAskingApple) {
  const auto good =
      post("/api/v1/profiles/validate", R"({"profile_name":"Lab","url":"https://mdm.example.org/enroll"})");
  EXPECT_EQ(good["valid"], true);
  const auto bad = post("/api/v1/profiles/validate", R"({"profile_name":"Lab"})");
  EXPECT_EQ(bad.status, 200);
  EXPECT_EQ(bad["valid"], false);
  const auto& finding = bad["findings"].as_array().at(0);
  EXPECT_EQ(finding.at("severity"), "error");
  EXPECT_EQ(finding.at("key"), "url");
  EXPECT_EQ(finding.at("reason"), "it is missing");
  EXPECT_EQ(post("/api/v1/profiles/validate", "{")["valid"], false);
  EXPECT_TRUE(apple_.calls().empty());
}

}  // namespace
}  // namespace muster::api
