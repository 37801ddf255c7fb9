// What a store promises of enrollments: they are of serial numbers, and have the account where the device is.
#include <gmock/gmock.h>

#include <functional>
#include <map>

#include "filter/read.h"
#include "tests/contract/store_contract.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

Enrollment enrolled(const std::string& serial, AccountId account = {}, RuleId rule = {}) {
  return {.serial = Serial(serial),
          .udid = "UDID-" + serial,
          .account = account,
          .authenticated_at = kNow,
          .enrolled_at = kNow + 1s,
          .last_seen = kNow + 2s,
          .rule = rule,
          .profile = ProfileUuid("P")};
}

Result<> put(Writer& w, std::vector<Enrollment> enrollments) { return w.put_enrollments(enrollments); }

// What the tests do with the store again and again; it may be reopened.
struct Told {
  std::function<Store&()> store;

  Enrollment stored(const std::string& serial) const {
    const Serial only(serial);
    const auto found = store().read([&](Reader& r) { return r.enrollments(std::span(&only, 1)); });
    EXPECT_TRUE(found) << found.error().text();
    return found->empty() ? Enrollment{} : found->front();
  }
  std::map<RuleId, long long> counts(AccountId account) const {
    const auto found = store().read([&](Reader& r) { return r.enrolled_by_rule(account); });
    EXPECT_TRUE(found) << found.error().text();
    std::map<RuleId, long long> counts;
    for (const auto& of_rule : *found) counts[of_rule.rule] = of_rule.devices;
    return counts;
  }
  void bury(Device& device) const {
    device.tombstone = Tombstone{.reason = Tombstone::Reason::absent, .at = kNow};
    const auto done = store().write(installation, [&](Writer& w) { return w.update_device(device); });
    EXPECT_TRUE(done) << done.error().text();
  }
};

}  // namespace

TEST_P(StoreContract, AnEnrollmentIsKeptAndFoundBySerialAndByUdid) {
  auto first = enrolled("A"), second = enrolled("B");
  second.udid = first.udid;
  second.ended_at = kNow + 3s;
  second.enrolled_at.reset();
  write([&](Writer& w) { return put(w, {first, second}); });
  reopen();
  const std::vector<Serial> serials{Serial("B"), Serial("A"), Serial("C")};
  EXPECT_THAT(read([&](Reader& r) { return r.enrollments(serials); }), UnorderedElementsAre(first, second));
  const std::vector<std::string> udids{first.udid, "UNKNOWN"};
  EXPECT_THAT(read([&](Reader& r) { return r.enrollments_of_udids(udids); }),
              UnorderedElementsAre(first, second));
  first.udid = "NEW";
  first.last_seen = kNow + 1h;
  first.rule = RuleId{7};
  write([&](Writer& w) { return put(w, {first}); });
  EXPECT_THAT(read([&](Reader& r) { return r.enrollments(serials); }), UnorderedElementsAre(first, second));
  EXPECT_THAT(read([&](Reader& r) { return r.enrollments_of_udids(udids); }), UnorderedElementsAre(second));
}

TEST_P(StoreContract, AnEnrollmentFollowsItsDevice) {
  const Told told{[this]() -> Store& { return store(); }};
  const auto school = make_account("school"), lab = make_account("lab");
  write([&](Writer& w) { return put(w, {enrolled("A"), enrolled("B")}); });
  EXPECT_EQ(told.stored("A").account, AccountId{}) << "no account knows it yet";
  auto in_school = make_device(school, "A");
  EXPECT_EQ(told.stored("A").account, school);
  EXPECT_EQ(told.stored("B").account, AccountId{});
  EXPECT_THAT(told.counts(school), UnorderedElementsAre(Pair(RuleId{}, 1)));
  told.bury(in_school);
  EXPECT_EQ(told.stored("A").account, AccountId{});
  EXPECT_THAT(told.counts(school), IsEmpty());
  in_school.tombstone.reset();
  write([&](Writer& w) { return w.update_device(in_school); });
  EXPECT_EQ(told.stored("A").account, school);
  write([&](Writer& w) { return put(w, {enrolled("A", school, RuleId{3})}); });
  auto in_lab = make_device(lab, "A");
  EXPECT_EQ(told.stored("A").account, lab) << "where it came last";
  EXPECT_EQ(told.stored("A").rule, RuleId{}) << "a rule is of an account";
  EXPECT_THAT(told.counts(lab), UnorderedElementsAre(Pair(RuleId{}, 1)));
  told.bury(in_school);
  EXPECT_EQ(told.stored("A").account, lab);
  reopen();
  EXPECT_THAT(told.counts(school), IsEmpty());
  EXPECT_THAT(told.counts(lab), UnorderedElementsAre(Pair(RuleId{}, 1)));
  const std::vector<Serial> serials{Serial("A"), Serial("B")};
  const auto devices = read([&](Reader& r) { return r.devices_anywhere(serials); });
  ASSERT_EQ(devices.size(), 1U) << "without tombstones";
  EXPECT_EQ(devices.front(), in_lab);
}

TEST_P(StoreContract, EnrolledDevicesAreCountedByTheirRule) {
  const Told told{[this]() -> Store& { return store(); }};
  const auto school = make_account("school"), lab = make_account("lab");
  const RuleId first{1}, second{2};
  write([&](Writer& w) {
    return put(w, {enrolled("A", school, first), enrolled("B", school, first), enrolled("C", school, second),
                   enrolled("D", lab, first), enrolled("E")});
  });
  EXPECT_THAT(told.counts(school), UnorderedElementsAre(Pair(first, 2), Pair(second, 1)));
  EXPECT_THAT(told.counts(lab), UnorderedElementsAre(Pair(first, 1)));
  auto moved = enrolled("A", school, second), ended = enrolled("B", school, first);
  ended.enrolled_at.reset();
  write([&](Writer& w) { return put(w, {moved, ended}); });
  EXPECT_THAT(told.counts(school), UnorderedElementsAre(Pair(second, 2)));
  moved.last_seen = kNow + 1h;
  write([&](Writer& w) { return put(w, {moved, ended}); });
  EXPECT_THAT(told.counts(school), UnorderedElementsAre(Pair(second, 2)));
  const auto overviews = read([](Reader& r) { return r.account_overviews(); });
  ASSERT_EQ(overviews.size(), 2U);
  EXPECT_EQ(overviews[0].enrolled_by_rule, read([&](Reader& r) { return r.enrolled_by_rule(school); }));
  EXPECT_EQ(overviews[1].enrolled_by_rule, read([&](Reader& r) { return r.enrolled_by_rule(lab); }));
}

// What enrolled with the profile of one that is gone must not count as enrolled with the profile of a new
// one.
TEST_P(StoreContract, ANewRuleHasNoEnrolledDevices) {
  const Told told{[this]() -> Store& { return store(); }};
  const auto account = make_account();
  Rule old{.account = account, .filter = "family = iPad", .profile = ProfileUuid("P")};
  Rule fresh{.account = account, .filter = "*", .profile = ProfileUuid("P")};
  write([&](Writer& w) { return put_new(w, old); });
  write([&](Writer& w) { return put(w, {enrolled("A", account, old.id)}); });
  EXPECT_THAT(read([&](Reader& r) { return r.enrolled_by_rule(account); }),
              ElementsAre(EnrolledOfRule{old.id, "family = iPad", 1}));
  write([&](Writer& w) { return w.remove_rule(old.id); });
  write([&](Writer& w) { return put_new(w, fresh); });
  EXPECT_FALSE(told.counts(account).contains(fresh.id));
}

TEST_P(StoreContract, OfUnknownSerialNumbersThoseSeenLastAreKept) {
  const Told told{[this]() -> Store& { return store(); }};
  const auto account = make_account();
  constexpr int kMore = 5;
  std::vector<Enrollment> many;
  for (int i = 0; i < kMostStrangers + kMore; ++i) {
    many.push_back(enrolled("S" + std::to_string(i)));
    many.back().last_seen = kNow + Millis(i);
  }
  auto known = enrolled("KNOWN", account);
  known.last_seen = kNow - 1h;
  many.push_back(known);
  write([&](Writer& w) { return w.put_enrollments(many); });
  EXPECT_EQ(told.stored("S" + std::to_string(kMore - 1)).serial, Serial());
  EXPECT_EQ(told.stored("S" + std::to_string(kMore)).serial, Serial("S" + std::to_string(kMore)));
  EXPECT_EQ(told.stored("KNOWN"), known);
}

TEST_P(StoreContract, AnErasedDeviceTakesItsEnrollmentAway) {
  const Told told{[this]() -> Store& { return store(); }};
  const auto account = make_account("school"), other = make_account("other");
  auto first = make_device(account, "A"), second = make_device(account, "B"),
       third = make_device(account, "C");
  make_device(other, "C");
  write([&](Writer& w) {
    return put(w, {enrolled("A", account), enrolled("B", account), enrolled("C", other), enrolled("D")});
  });
  told.bury(second);
  told.bury(third);
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.remove_account(account));
    const DeviceId ids[] = {first.id, second.id, third.id};
    MUSTER_TRY(w.erase_devices(ids));
    MUSTER_TRY(const bool done, w.erase_account(account));
    EXPECT_TRUE(done);
    return {};
  });
  EXPECT_EQ(told.stored("A").serial, Serial());
  EXPECT_EQ(told.stored("B").serial, Serial());
  EXPECT_EQ(told.stored("C").account, other);
  EXPECT_EQ(told.stored("D").serial, Serial("D"));
  EXPECT_THAT(told.counts(account), IsEmpty());
}

TEST_P(StoreContract, DevicesThatDidNotEnrollAreFoundByTheRuleAndTheTimeOfTheirProfile) {
  const auto account = make_account(), other = make_account("other");
  const auto given = [&](AccountId to, const std::string& serial, RuleId rule, Time at) {
    auto device = make_device(to, serial);
    device.facts.profile_status = "assigned";
    device.facts.profile_uuid = ProfileUuid("P");
    device.facts.profile_assign_time = at;
    device.desired = {Desired::By::rule, ProfileUuid("P"), rule, kNow};
    write([&](Writer& w) { return w.update_device(device); });
    return device;
  };
  const RuleId lab{1}, rest{2};
  given(account, "A", lab, kNow);
  given(account, "B", lab, kNow + 1s);
  auto undated = given(account, "C", rest, kNow);
  undated.facts.profile_assign_time.reset();
  undated.desired.at = kNow - 1h;
  auto pushed = given(account, "D", lab, kNow);
  pushed.facts.profile_status = "pushed";
  auto anothers = given(account, "E", lab, kNow);
  anothers.facts.profile_uuid = ProfileUuid("Q");
  auto without = given(account, "F", lab, kNow);
  without.facts.profile_status = "removed";
  auto wanted = given(account, "G", lab, kNow);
  wanted.desired.profile = ProfileUuid("Q");
  given(other, "A", lab, kNow);
  given(account, "H", lab, kNow);
  given(account, "I", lab, kNow);
  auto ended = enrolled("I", account);
  ended.enrolled_at.reset();
  ended.ended_at = kNow - 1s;
  write([&](Writer& w) -> Result<> {
    for (const auto* device : {&undated, &pushed, &anothers, &without, &wanted})
      MUSTER_TRY(w.update_device(*device));
    return put(w, {enrolled("H", account), enrolled("A", other), ended});
  });

  using Rules = std::vector<GivenBetween>;
  const auto page = [&](const Rules& rules, const std::string& after = "", size_t limit = 10,
                        const FilterExpression* filter = nullptr) {
    const auto devices =
        read([&](Reader& r) { return r.not_enrolled_page(account, rules, Serial(after), limit, filter); });
    std::vector<std::string> serials;
    for (const auto& device : devices) serials.push_back(device.serial.str());
    return serials;
  };
  const GivenBetween of_lab{lab, {}, kNow}, of_rest{rest, {}, kNow - 1h};
  EXPECT_THAT(page({of_lab}), ElementsAre("A", "D", "I"));
  EXPECT_THAT(page({of_lab, of_rest}), ElementsAre("A", "C", "D", "I"));
  EXPECT_THAT(page({of_lab, of_rest}, "A", 2), ElementsAre("C", "D"));
  EXPECT_THAT(page({{lab, kNow, kNow + 1s}}), ElementsAre("B"));
  EXPECT_THAT(page({}), IsEmpty());
  const auto filter = assign::Filter::parse("status = pushed");
  ASSERT_TRUE(filter);
  EXPECT_THAT(page({of_lab}, "", 10, &filter->expression()), ElementsAre("D"));
  const auto counts = [&](const Rules& rules) {
    return read([&](Reader& r) { return r.not_enrolled(account, rules); });
  };
  EXPECT_THAT(counts({of_lab, of_rest}), UnorderedElementsAre(Pair(lab, 3), Pair(rest, 1)));
  EXPECT_THAT(counts({}), IsEmpty());
}

TEST_P(StoreContract, TheLastLookForLateDevicesIsKept) {
  const auto account = make_account(), other = make_account("other");
  const auto look = [&] { return read([&](Reader& r) { return r.late_look(account); }); };
  EXPECT_EQ(look(), std::nullopt);
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.put_late_look(account, LateLook{kNow, 3}));
    return w.put_late_look(other, LateLook{kNow, 5});
  });
  write([&](Writer& w) { return w.put_late_look(account, LateLook{kNow + 1h, 4}); });
  reopen();
  EXPECT_EQ(look(), (LateLook{kNow + 1h, 4}));
  const auto overviews = read([](Reader& r) { return r.account_overviews(); });
  ASSERT_EQ(overviews.size(), 2u);
  EXPECT_EQ(overviews[0].late_look, look());
  EXPECT_EQ(overviews[1].late_look, (LateLook{kNow, 5}));
  write([&](Writer& w) { return w.put_late_look(account, std::nullopt); });
  EXPECT_EQ(look(), std::nullopt);
}

TEST_P(StoreContract, TheSecretOfTheWebhookIsKeptUntilItIsRemoved) {
  const auto webhook = [&] { return read([](Reader& r) { return r.enrollment_webhook(); }); };
  EXPECT_EQ(webhook(), std::nullopt);
  EnrollmentWebhook first{.secret = "first secret", .made_at = kNow, .made_by = "ann"};
  write([&](Writer& w) { return w.put_enrollment_webhook(first); });
  EXPECT_EQ(webhook(), first);
  EnrollmentWebhook second{.secret = "second secret",
                           .old_secret = "first secret",
                           .old_secret_until = kNow + 24h,
                           .made_at = kNow + 1h,
                           .made_by = "bob"};
  write([&](Writer& w) { return w.put_enrollment_webhook(second); });
  reopen();
  EXPECT_EQ(webhook(), second);
  const auto remove = [&] {
    auto removed = store().write(installation, [](Writer& w) { return w.remove_enrollment_webhook(); });
    EXPECT_TRUE(removed);
    return *removed;
  };
  EXPECT_TRUE(remove());
  EXPECT_FALSE(remove());
  EXPECT_EQ(webhook(), std::nullopt);
}

}  // namespace muster::test
