// MicroMDM's calls about profiles: define, read, assign, remove.
#include <gmock/gmock.h>

#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;

constexpr const char* kDocument = R"({"profile_name":"Lab","url":"https://mdm.example.org/enroll"})";
constexpr const char* kOther = R"({"profile_name":"Lab","url":"https://mdm.example.org/other"})";

class DepProfiles : public test::ApiFixture {
 protected:
  DepProfiles() {
    apple_.on("POST /profile", [this](const test::AppleCall& call) {
      return test::answer_json(
          {{"profile_uuid", "U" + std::to_string(++defined_)}, {"devices", boost::json::object()}})(call);
    });
    apple_.on("PUT /profile/devices", test::answers("SUCCESS"));
    apple_.on("DELETE /profile/devices", test::answers("SUCCESS"));
  }
  std::string current() {
    const auto profile = read([&](Reader& r) { return r.current_profile(account_.id, "Lab"); });
    return profile ? profile->uuid.str() : "";
  }
  int defined_ = 0;
};

TEST_F(DepProfiles, AFirstVersionsAnswerIsMicroMdms) {
  const auto answer = put("/v1/dep/profiles", kDocument);
  EXPECT_EQ(write_json(answer.json), R"({"profile_uuid":"U1","devices":{}})");
  EXPECT_EQ(current(), "U1");
}

TEST_F(DepProfiles, ItsDevicesAreAssignedByHand) {
  add_device("A");
  const auto answer = put("/v1/dep/profiles",
                          R"({"profile_name":"Lab","url":"https://mdm.example.org/enroll","devices":["A"]})");
  EXPECT_EQ(answer.text("devices.A"), "SUCCESS");
  EXPECT_EQ(device("A").desired.by, Desired::By::manual);
  EXPECT_FALSE(apple_.calls("POST /profile").at(0).body.as_object().contains("devices"))
      << "a definition whose answer is lost has no effect on any device";
}

TEST_F(DepProfiles, ANewVersionTellsWhatItMoves) {
  put("/v1/dep/profiles", kDocument);
  add_device("A", "pushed", "U1");
  add_rule({.filter = "*", .scope = Rule::Scope::all, .profile_name = "Lab"});
  (void)runs();
  const auto answer = put("/v1/dep/profiles", kOther);
  EXPECT_EQ(answer.text("profile_uuid"), "U2");
  EXPECT_EQ(answer.number("version"), 2);
  EXPECT_EQ(answer["unchanged"], false);
  EXPECT_EQ(answer["applied"], true);
  EXPECT_EQ(answer.number("plan.changes"), 1);
  EXPECT_EQ(answer.number("rules"), 1);
  EXPECT_EQ(answer.number("before.version"), 1);
  EXPECT_EQ(answer.number("before.devices"), 1);
  EXPECT_THAT(runs(), IsSupersetOf({Lane::changes, Lane::assignment}));
}

TEST_F(DepProfiles, ANewVersionThatARuleFollowsIsSentSoonThoughItMovesNobody) {
  put("/v1/dep/profiles", kDocument);
  add_rule({.filter = "*", .profile_name = "Lab"});
  (void)runs();
  EXPECT_EQ(put("/v1/dep/profiles", kOther).number("plan.changes"), 0);
  EXPECT_THAT(runs(), IsSupersetOf({Lane::changes, Lane::assignment})) << "what waits for the rule's profile";
}

TEST_F(DepProfiles, AnUnchangedOneIsNotDefinedAgainWhenAskedNotTo) {
  put("/v1/dep/profiles", kDocument);
  const auto answer = put("/v1/dep/profiles?if_changed=1", kDocument);
  EXPECT_EQ(answer.text("profile_uuid"), "U1");
  EXPECT_EQ(answer["unchanged"], true);
  EXPECT_EQ(defined_, 1);
  EXPECT_EQ(put("/v1/dep/profiles?if_changed=1", kOther).text("profile_uuid"), "U2");
  EXPECT_EQ(put("/v1/dep/profiles?if_changed=perhaps", kOther).status, 400);
}

TEST_F(DepProfiles, APreviewDoesNotGetAsFarAsApple) {
  put("/v1/dep/profiles", kDocument);
  const auto answer = put("/v1/dep/profiles?dry_run=1", kOther);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer["applied"], false);
  EXPECT_FALSE(answer.has("profile_uuid"));
  EXPECT_EQ(defined_, 1);
  EXPECT_EQ(current(), "U1");
}

TEST_F(DepProfiles, MoreChangesThanAgreedToAreNotMade) {
  put("/v1/dep/profiles", kDocument);
  add_device("A", "pushed", "U1");
  add_rule({.filter = "*", .scope = Rule::Scope::all, .profile_name = "Lab"});
  const auto answer = put("/v1/dep/profiles?max_changes=0", kOther);
  EXPECT_EQ(answer["applied"], false);
  EXPECT_EQ(defined_, 1);
  EXPECT_EQ(put("/v1/dep/profiles?max_changes=-1", kOther).status, 400);
}

TEST_F(DepProfiles, AnotherRevisionIsAConflictAndTheRevisionIsToldWhenAskedWith) {
  const auto revision = read([&](Reader& r) { return r.config_revision(account_.id); });
  EXPECT_EQ(put("/v1/dep/profiles?revision=" + std::to_string(revision + 1), kDocument).status, 409);
  EXPECT_EQ(defined_, 0);
  const auto answer = put("/v1/dep/profiles?revision=" + std::to_string(revision), kDocument);
  EXPECT_GT(answer.number("revision"), revision);
}

TEST_F(DepProfiles, KeepWhoAskedForThem) {
  put("/v1/dep/profiles", kDocument);
  const auto profile = read([&](Reader& r) { return r.current_profile(account_.id, "Lab"); });
  EXPECT_EQ(profile->defined_by, "192.0.2.1");
}

TEST_F(DepProfiles, WhatAppleRejectsIsTheCallersFaultAndKeptNowhere) {
  apple_.on("POST /profile", test::answer_word(400, "CONFIG_URL_INVALID"));
  const auto answer = put("/v1/dep/profiles", kDocument);
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.error(), HasSubstr("url"));
  EXPECT_EQ(current(), "");
  EXPECT_EQ(put("/v1/dep/profiles", "{").status, 400);
}

TEST_F(DepProfiles, OneIsReadFromAppleWithItsUuid) {
  apple_.on("GET /profile", test::answer_json({{"profile_name", "Lab"}}));
  const auto answer = post("/v1/dep/profiles", R"({"uuid":"77777777777777777777777777777777"})");
  EXPECT_EQ(answer.text("profile_name"), "Lab");
  EXPECT_EQ(answer.text("profile_uuid"), "77777777777777777777777777777777");
  EXPECT_EQ(apple_.calls("GET /profile").at(0).query, "profile_uuid=77777777777777777777777777777777");
  apple_.on("GET /profile", test::answer_word(404, "NOT_FOUND"));
  EXPECT_EQ(post("/v1/dep/profiles", R"({"uuid":"77777777777777777777777777777777"})").status, 404);
  EXPECT_EQ(post("/v1/dep/profiles", R"({})").status, 400);
}

TEST_F(DepProfiles, AssigningByHandGivesApplesWords) {
  add_device("A");
  apple_.on("PUT /profile/devices", test::answers("SUCCESS", {{"B", "NOT_ACCESSIBLE"}}));
  const auto answer =
      post("/v1/dep/assign", R"({"id":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","serials":["A","B"]})");
  EXPECT_EQ(
      write_json(answer.json),
      R"({"profile_uuid":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","devices":{"A":"SUCCESS","B":"NOT_ACCESSIBLE"}})");
  EXPECT_EQ(device("A").desired.profile, ProfileUuid("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
  EXPECT_THAT(runs(), IsSupersetOf({Lane::changes, Lane::assignment, Lane::questions}));
}

TEST_F(DepProfiles, AssigningNeedsAProfileAndDevices) {
  EXPECT_EQ(post("/v1/dep/assign", R"({"serials":["A"]})").status, 400);
  EXPECT_EQ(post("/v1/dep/assign", R"({"id":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})").status, 400);
  EXPECT_EQ(post("/v1/dep/assign", R"({"id":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","serials":[]})").status, 400);
  EXPECT_TRUE(apple_.calls().empty());
}

TEST_F(DepProfiles, RemovingGivesApplesWords) {
  add_device("A", "pushed", "P");
  const auto answer = del("/v1/dep/profiles", R"({"serials":["A"]})");
  EXPECT_EQ(write_json(answer.json), R"({"serials":{"A":"SUCCESS"}})");
  EXPECT_EQ(device("A").desired.by, Desired::By::hold);
  EXPECT_EQ(del("/v1/dep/profiles", R"({})").status, 400);
}

}  // namespace
}  // namespace muster::api
