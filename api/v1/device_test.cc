// One device: all that is known of it, what each rule says about it, and its history.
#include <gmock/gmock.h>

#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class DeviceCalls : public test::ApiFixture {
 protected:
  test::ApiAnswer show(const std::string& serial) { return get("/api/v1/devices/default/" + serial); }
  void note(const std::string& serial, HistoryEntry::Kind kind, const std::string& detail = "") {
    const HistoryEntry entry{device(serial).id, clock_.now(), kind, detail};
    write([&](Writer& w) { return w.add_history(account_.id, entry); });
  }
};

TEST_F(DeviceCalls, ShowsApplesKeysAndOurs) {
  add_device("A", "pushed", "P");
  change_device("A", [&](Device& d) {
    d.facts.model = "iPad";
    d.facts.other = R"({"imei":"42"})";
    d.arrived_at = clock_.now();
  });
  const auto answer = show("A");
  EXPECT_EQ(answer.text("device.serial_number"), "A");
  EXPECT_EQ(answer.text("device.model"), "iPad");
  EXPECT_EQ(answer.text("device.profile_status"), "pushed");
  EXPECT_EQ(answer.text("device.imei"), "42");
  EXPECT_EQ(answer.text("device.account"), "default");
  EXPECT_EQ(answer.text("device.arrived_at"), "2026-03-01T09:00:00Z");
  EXPECT_EQ(answer.text("device.desired_by"), "nobody");
  for (const char* absent : {"color", "left_at", "assignment", "backfill", "desired_profile_uuid"})
    EXPECT_FALSE(answer["device"].as_object().contains(absent)) << absent;
}

TEST_F(DeviceCalls, SerialsAreReadAsPeopleTypeThem) {
  add_device("ABC");
  EXPECT_EQ(show("abc").status, 200);
}

TEST_F(DeviceCalls, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(show("NOBODY").status, 404);
  EXPECT_EQ(get("/api/v1/devices/nobody/A").status, 404);
  EXPECT_EQ(get("/api/v1/devices/default/NOBODY/history").status, 404);
}

TEST_F(DeviceCalls, ADeviceThatLeftIsShownWithTheReason) {
  add_device("A");
  change_device("A", [&](Device& d) { d.tombstone = Tombstone{Tombstone::Reason::removed, clock_.now()}; });
  EXPECT_EQ(show("A").text("device.left_reason"), "removed");
  EXPECT_EQ(show("A").text("device.left_at"), "2026-03-01T09:00:00Z");
}

TEST_F(DeviceCalls, ShowsTheAssignmentThatWaits) {
  add_work("A", "P");
  const auto answer = show("A");
  EXPECT_EQ(answer.text("device.desired_by"), "manual");
  EXPECT_EQ(answer.text("device.desired_profile_uuid"), "P");
  EXPECT_EQ(answer.text("device.assignment.state"), "due");
  EXPECT_EQ(answer.number("device.assignment.attempts"), 0);
}

TEST_F(DeviceCalls, TellsWhichRulesCoverItAndWhichWins) {
  add_device("A");
  const auto first = add_rule({.filter = "serial = B", .priority = 1, .profile = ProfileUuid("P1")});
  add_rule({.filter = "serial = A", .name = "mine", .priority = 2, .profile = ProfileUuid("P2")});
  add_rule({.filter = "*", .profile = ProfileUuid("P3")});
  change_device("A", [&](Device& d) {
    d.desired = {Desired::By::rule, ProfileUuid("P1"), first.id, clock_.now()};
  });
  const auto rules = show("A")["device.rules"].as_array();
  ASSERT_EQ(rules.size(), 3u);
  const auto flags = [&](size_t place) {
    const auto& rule = rules[place].as_object();
    return std::string(rule.at("covers").as_bool() ? "covers " : "") +
           (rule.at("wins").as_bool() ? "wins " : "") + (rule.at("decided").as_bool() ? "decided" : "");
  };
  EXPECT_EQ(flags(0), "decided");
  EXPECT_EQ(flags(1), "covers wins ");
  EXPECT_EQ(flags(2), "covers ");
  EXPECT_EQ(rules[1].at("name"), "mine");
}

TEST_F(DeviceCalls, NamesProfilesOfTheRegistry) {
  write([&](Writer& w) {
    return w.put_profile(
        {.account = account_.id, .uuid = ProfileUuid("L2"), .name = "Lab", .version = 2, .document = "{}"});
  });
  add_device("A", "pushed", "L2");
  EXPECT_EQ(show("A").text("device.profile_uuid_name"), "Lab version 2");
}

TEST_F(DeviceCalls, TellsThatAPassHasNotComeToIt) {
  const auto done = add_device("DONE");
  add_device("NEXT");
  write([&](Writer& w) {
    return w.put_backfill(account_.id, {.state = Backfill::State::paused, .position = done.id});
  });
  EXPECT_FALSE(show("DONE")["device"].as_object().contains("backfill"));
  EXPECT_EQ(show("NEXT").text("device.backfill"), "paused");
}

TEST_F(DeviceCalls, HistoryIsInOrder) {
  add_device("A");
  note("A", HistoryEntry::Kind::baseline, "empty");
  clock_.advance(1h);
  note("A", HistoryEntry::Kind::held);
  const auto answer = get("/api/v1/devices/default/A/history");
  EXPECT_EQ(write_json(answer["history"]),
            R"([{"at":"2026-03-01T09:00:00Z","kind":"baseline","detail":"empty"},)"
            R"({"at":"2026-03-01T10:00:00Z","kind":"held"}])");
  EXPECT_FALSE(answer.has("state"));
}

TEST_F(DeviceCalls, HistoryUntilAMomentTellsHowItStoodThen) {
  add_device("A");
  note("A", HistoryEntry::Kind::baseline, "empty");
  clock_.advance(1500ms);
  note("A", HistoryEntry::Kind::left, "deleted");
  const auto at = [&](const std::string& time) {
    return get("/api/v1/devices/default/A/history?at=" + time);
  };
  EXPECT_EQ(at("2026-03-01T09:00:00Z")["history"].as_array().size(), 1u);
  EXPECT_EQ(at("2026-03-01T09:00:00Z")["state.known"], true);
  EXPECT_EQ(at("2026-03-01T09:00:01Z").text("state.left_at"), "2026-03-01T09:00:01Z")
      << "what is shown for that second is part of it";
  EXPECT_EQ(at("2026-02-28T09:00:00Z")["state.known"], false);
  const auto wrong = at("yesterday");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_THAT(wrong.error(), HasSubstr("\"yesterday\""));
}

}  // namespace
}  // namespace muster::api
