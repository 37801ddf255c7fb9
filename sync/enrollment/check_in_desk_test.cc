#include "sync/enrollment/check_in_desk.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using test::serials_of;
using testing::ElementsAre;
using testing::IsEmpty;
using Kind = CheckIn::Kind;

class Desk : public test::AccountFixture {
 protected:
  CheckIn check_in(Kind kind, const std::string& serial, Millis later = {}) {
    return {.kind = kind,
            .udid = "UDID-" + serial,
            .serial = kind == Kind::authenticate ? Serial(serial) : Serial(),
            .at = clock_.now() + later,
            .told_at = clock_.now() + later,
            .is_first = kind == Kind::token_update};
  }
  void take(const CheckIn& told) { test::must(desk_.take(told)); }
  void enroll(const std::string& serial, Millis later = {}) {
    take(check_in(Kind::authenticate, serial, later));
    take(check_in(Kind::token_update, serial, later + 1s));
  }
  std::optional<Enrollment> stored(const std::string& serial) {
    const Serial only(serial);
    auto found = read([&](Reader& r) { return r.enrollments(std::span(&only, 1)); });
    return found.empty() ? std::nullopt : std::optional(found.front());
  }
  std::vector<HistoryEntry::Kind> enrollment_kinds(const std::string& serial) {
    auto all = kinds(serial);
    std::erase_if(all, [](auto kind) {
      return kind != HistoryEntry::Kind::enrolled && kind != HistoryEntry::Kind::unenrolled;
    });
    return all;
  }
  std::vector<EnrolledOfRule> counts() {
    return read([&](Reader& r) { return r.enrolled_by_rule(account_.id); });
  }

  CheckInDesk desk_{*store_};
};

TEST_F(Desk, ADeviceEnrollsWithTheProfileOfItsRule) {
  const auto rule = add_rule({.filter = "family = iPad", .name = "ipads", .profile = ProfileUuid("P")});
  add_device("A", "assigned", "P");
  change_device("A", [&](Device& device) {
    device.desired = {Desired::By::rule, ProfileUuid("P"), rule.id, clock_.now()};
  });
  enroll("A");
  const auto told = stored("A").value();
  EXPECT_EQ(told.account, account_.id);
  EXPECT_EQ(told.udid, "UDID-A");
  EXPECT_EQ(told.enrolled_at, clock_.now() + 1s);
  EXPECT_EQ(told.profile, ProfileUuid("P"));
  EXPECT_EQ(told.rule, rule.id);
  EXPECT_THAT(counts(), ElementsAre(EnrolledOfRule{rule.id, "ipads", 1}));
  EXPECT_EQ(history("A").back().detail, "with P");
  take(check_in(Kind::check_out, "A", 1h));
  EXPECT_FALSE(stored("A")->enrolled_at);
  EXPECT_THAT(counts(), IsEmpty());
  EXPECT_THAT(enrollment_kinds("A"),
              ElementsAre(HistoryEntry::Kind::enrolled, HistoryEntry::Kind::unenrolled));
}

TEST_F(Desk, AProfileThatNoRuleGaveIsNobodys) {
  add_device("A", "pushed", "OTHER");
  add_device("B");
  enroll("A");
  enroll("B");
  EXPECT_EQ(stored("A")->profile, ProfileUuid("OTHER"));
  EXPECT_EQ(stored("A")->rule, RuleId{});
  EXPECT_EQ(stored("B")->profile, ProfileUuid());
  EXPECT_THAT(counts(), ElementsAre(EnrolledOfRule{RuleId{}, "", 2}));
}

// The last kind of "re-adding" in MicroMDM's guide: it was enrolled by hand, and then assigned to the
// service.
TEST_F(Desk, ADeviceThatEnrolledBeforeItWasAssignedTookNoProfile) {
  enroll("A");
  EXPECT_EQ(stored("A")->account, AccountId{});
  Device device;
  device.serial = Serial("A");
  device.facts.profile_status = "assigned";
  device.facts.profile_uuid = ProfileUuid("P");
  device.facts.assigned_at = clock_.now() + 24h;
  add_device(device);
  EXPECT_EQ(stored("A")->account, account_.id);
  EXPECT_TRUE(enrolled_before_assigned(stored("A").value(), this->device("A")));
  // Erased, it enrolls by the profile.
  enroll("A", 48h);
  EXPECT_FALSE(enrolled_before_assigned(stored("A").value(), this->device("A")));
  EXPECT_EQ(stored("A")->profile, ProfileUuid("P"));
}

TEST_F(Desk, WhatNobodyNamedByItsSerialNumberIsNotStored) {
  add_device("A");
  take(check_in(Kind::connect, "A"));
  take(check_in(Kind::token_update, "A"));
  EXPECT_FALSE(stored("A"));
}

TEST_F(Desk, ADeviceThatConnectsIsWrittenOnceAnHour) {
  enroll("A");
  const auto revision = store_->revision();
  for (int minute = 1; minute < 60; ++minute)
    take(check_in(Kind::connect, "A", std::chrono::minutes(minute)));
  EXPECT_EQ(store_->revision(), revision);
  take(check_in(Kind::connect, "A", 2h));
  EXPECT_NE(store_->revision(), revision);
  EXPECT_EQ(stored("A")->last_seen, clock_.now() + 2h);
}

TEST_F(Desk, WhatComesTogetherIsAllStored) {
  constexpr int kThreads = 8, kEach = 25;
  std::vector<std::thread> threads;
  std::atomic<int> failed = 0;
  for (int thread = 0; thread < kThreads; ++thread)
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kEach; ++i)
        for (const auto kind : {Kind::authenticate, Kind::token_update})
          if (!desk_.take(check_in(kind, fmt::format("T{}-{}", thread, i)))) ++failed;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  for (int thread = 0; thread < kThreads; ++thread)
    for (int i = 0; i < kEach; ++i)
      EXPECT_TRUE(stored(fmt::format("T{}-{}", thread, i)).value().enrolled_at) << thread << " " << i;
}

TEST_F(Desk, ADeviceInTwoAccountsIsWhereItWasAssignedLast) {
  add_device("A");
  const auto other = write([](Writer& w) { return w.create_account(AccountName("other")); });
  Device twin;
  twin.account = other;
  twin.serial = Serial("A");
  twin.first_seen = clock_.now();
  twin.facts.assigned_at = clock_.now();
  write([&](Writer& w) { return w.insert_device(twin); });
  enroll("A", 1h);
  EXPECT_EQ(stored("A")->account, other);
  EXPECT_THAT(enrollment_kinds("A"), IsEmpty());
}

}  // namespace
}  // namespace muster::sync
