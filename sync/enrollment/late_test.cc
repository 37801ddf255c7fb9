#include "sync/enrollment/late.h"

#include <gmock/gmock.h>

#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class Late : public test::AccountFixture {
 protected:
  Late() {
    clock_.advance(24h * 365);
    take_messages();
  }
  void take_messages() {
    write([&](Writer& w) {
      return w.put_enrollment_webhook({.secret = "secret", .made_at = clock_.now(), .made_by = "ann"});
    });
  }
  // Apple has it with the rule's profile since then.
  void give(const std::string& serial, Millis ago, const Rule& rule) {
    add_device(serial, "assigned", rule.profile.str());
    change_device(serial, [&](Device& device) {
      device.facts.profile_assign_time = clock_.now() - ago;
      device.desired = {Desired::By::rule, rule.profile, rule.id, clock_.now() - ago};
    });
  }
  void enroll(const std::string& serial, Time at, std::optional<Time> until = {}) {
    const std::vector<Enrollment> told{{.serial = Serial(serial),
                                        .udid = "UDID-" + serial,
                                        .account = account_.id,
                                        .enrolled_at = until ? std::nullopt : std::optional(at),
                                        .ended_at = until,
                                        .last_seen = at}};
    write([&](Writer& w) { return w.put_enrollments(told); });
  }
  std::vector<std::string> late() {
    const auto rules = read([&](Reader& r) { return late_devices(r, account_, clock_.now()); });
    const auto devices =
        read([&](Reader& r) { return r.not_enrolled_page(account_.id, rules, Serial(), 100); });
    std::vector<std::string> serials;
    for (const auto& device : devices) serials.push_back(device.serial.str());
    return serials;
  }
  long long look() { return test::must(tell_late(*store_, account_, clock_.now())); }
  std::optional<LateLook> last() {
    return read([&](Reader& r) { return r.late_look(account_.id); });
  }

  const Rule rule_ = add_rule(
      {.filter = "family = iPad", .name = "ipads", .enroll_within = 24h * 14, .profile = ProfileUuid("P")});
};

TEST_F(Late, AreDevicesThatDidNotEnrollInTheTimeOfTheirRule) {
  const Rule others = add_rule({.filter = "*", .profile = ProfileUuid("Q")});
  give("EARLY", 24h * 14 - 1s, rule_);
  give("LATE", 24h * 14, rule_);
  give("OTHERS", 24h * 300, others);
  give("ENROLLED", 24h * 20, rule_);
  enroll("ENROLLED", clock_.now() - 24h * 2);
  give("BEFORE", 24h * 20, rule_);  // and is still
  enroll("BEFORE", clock_.now() - 24h * 100);
  give("BRIEFLY", 24h * 20, rule_);
  enroll("BRIEFLY", clock_.now() - 24h * 5, clock_.now() - 24h * 4);
  give("ERASED", 24h * 20, rule_);  // was enrolled before, and is not since it has the profile
  enroll("ERASED", clock_.now() - 24h * 50, clock_.now() - 24h * 30);
  give("TAKEN", 24h * 20, rule_);
  change_device("TAKEN", [](Device& device) { device.facts.profile_uuid = ProfileUuid("ANOTHERS"); });
  give("REMOVED", 24h * 20, rule_);
  change_device("REMOVED", [](Device& device) { device.facts.profile_status = "removed"; });
  give("BY_HAND", 24h * 20, rule_);
  change_device("BY_HAND", [](Device& device) { device.desired.by = Desired::By::manual; });
  give("GONE", 24h * 20, rule_);
  change_device("GONE", [&](Device& device) {
    device.tombstone = {Tombstone::Reason::deleted, clock_.now()};
  });
  EXPECT_THAT(late(), ElementsAre("ERASED", "LATE"));
}

// What the store finds and what is said of one device are the same.
TEST_F(Late, IsSaidOfADeviceAlike) {
  give("LATE", 24h * 15, rule_);
  const auto since = [&](const Enrollment* enrollment) {
    return late_since(account_, device("LATE"), &rule_, enrollment, clock_.now());
  };
  EXPECT_EQ(since(nullptr), clock_.now() - 24h);
  const Enrollment ended{.serial = Serial("LATE"), .ended_at = clock_.now() - 24h * 16};
  EXPECT_EQ(since(&ended), clock_.now() - 24h);
  const Enrollment present{.serial = Serial("LATE"), .enrolled_at = clock_.now() - 24h * 16};
  EXPECT_EQ(since(&present), std::nullopt);
  EXPECT_EQ(late_since(account_, device("LATE"), nullptr, nullptr, clock_.now()), std::nullopt);
  EXPECT_EQ(late_since(account_, device("LATE"), &rule_, nullptr, clock_.now() - 24h - 1s), std::nullopt);
}

TEST_F(Late, CountsByApplesClock) {
  give("LATE", 24h * 14 + 30s, rule_);
  EXPECT_THAT(late(), ElementsAre("LATE"));
  account_.clock_offset = 1min;  // ours is ahead
  EXPECT_THAT(late(), IsEmpty());
  EXPECT_EQ(late_since(account_, device("LATE"), &rule_, nullptr, clock_.now()), std::nullopt);
}

TEST_F(Late, ToldOnceWhenTheTimeIsOver) {
  give("OLD", 24h * 30, rule_);
  give("SOON", 24h * 14 - 30min, rule_);
  EXPECT_EQ(look(), 0) << "what was late before the first look is no news";
  EXPECT_EQ(last(), (LateLook{clock_.now(), 1}));
  clock_.advance(59min);
  EXPECT_EQ(look(), 0) << "not an hour later";
  EXPECT_EQ(last()->devices, 1);
  clock_.advance(1min);
  EXPECT_EQ(look(), 1);
  EXPECT_EQ(last(), (LateLook{clock_.now(), 2}));
  EXPECT_THAT(kinds("OLD"), Not(Contains(HistoryEntry::Kind::late)));
  EXPECT_EQ(history("SOON").back().kind, HistoryEntry::Kind::late);
  EXPECT_EQ(history("SOON").back().detail, "'ipads' expects it within 14d");
  clock_.advance(2h);
  EXPECT_EQ(look(), 0);
  enroll("SOON", clock_.now());
  clock_.advance(2h);
  EXPECT_EQ(look(), 0);
  EXPECT_EQ(last()->devices, 1);
}

TEST_F(Late, AllAreToldHoweverManyAndHoweverLongNobodyLooked) {
  EXPECT_EQ(look(), 0);
  for (int i = 0; i < 1203; ++i) give("C" + std::to_string(10'000 + i), 24h * 13, rule_);
  clock_.advance(24h * 3);
  EXPECT_EQ(look(), 1203);
  EXPECT_EQ(last()->devices, 1203);
  EXPECT_THAT(kinds("C11202"), Contains(HistoryEntry::Kind::late).Times(1));
}

TEST_F(Late, NothingIsWhereNobodyTellsWhatEnrolled) {
  give("LATE", 24h * 20, rule_);
  look();
  EXPECT_TRUE(last());
  write([](Writer& w) -> Result<> {
    MUSTER_TRY(w.remove_enrollment_webhook());
    return {};
  });
  EXPECT_THAT(late(), IsEmpty());
  EXPECT_EQ(look(), 0);
  EXPECT_EQ(last(), std::nullopt);
}

TEST_F(Late, AClockThatWasAheadSilencesNothing) {
  write([&](Writer& w) { return w.put_late_look(account_.id, LateLook{clock_.now() + 24h * 365, 0}); });
  give("SOON", 24h * 14 - 30min, rule_);
  EXPECT_EQ(look(), 0);
  EXPECT_EQ(last()->told_until, clock_.now());
  clock_.advance(1h);
  EXPECT_EQ(look(), 1);
}

}  // namespace
}  // namespace muster::sync
