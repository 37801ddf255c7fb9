// The battery's part on accounts that rest or go.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/contract/store_contract.h"

namespace muster::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> names(const std::vector<Account>& accounts) {
  std::vector<std::string> list;
  for (const auto& account : accounts) list.push_back(account.name.str());
  return list;
}

}  // namespace

TEST_P(StoreContract, AnAccountIsPausedAndGoesOn) {
  const auto id = make_account();
  EXPECT_FALSE(read([&](Reader& r) { return r.account(id); })->paused);
  write([&](Writer& w) { return w.put_paused(id, true); });
  reopen();
  EXPECT_TRUE(read([&](Reader& r) { return r.account(id); })->paused);
  EXPECT_TRUE(read([](Reader& r) { return r.accounts(); }).at(0).paused);
  write([&](Writer& w) { return w.put_paused(id, false); });
  EXPECT_FALSE(read([&](Reader& r) { return r.account(id); })->paused);
}

TEST_P(StoreContract, AccountsAreFoundByTheirTokenAndTheirService) {
  const auto first = make_account("first"), second = make_account("second"),
             without = make_account("without");
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.put_token(first, {"CK1", "CS", "AT", "AS", kNow}));
    AppleAccount of_apple;
    of_apple.server_uuid = "U1";
    MUSTER_TRY(w.put_apple_account(first, of_apple));
    MUSTER_TRY(w.put_token(second, {"CK2", "CS", "AT", "AS", kNow}));
    return w.put_apple_account(second, AppleAccount());
  });
  const auto found = [&](const std::string& consumer_key, const std::string& server_uuid) {
    std::vector<AccountId> ids;
    for (const auto& account :
         read([&](Reader& r) { return r.accounts_of_service(consumer_key, server_uuid); }))
      ids.push_back(account.id);
    return ids;
  };
  EXPECT_THAT(found("CK1", ""), ElementsAre(first));
  EXPECT_THAT(found("CK2", "U1"), ElementsAre(first, second));
  EXPECT_THAT(found("", "U1"), ElementsAre(first));
  EXPECT_THAT(found("CK3", ""), testing::IsEmpty());
  write([&](Writer& w) { return w.remove_account(first); });
  EXPECT_THAT(found("CK1", "U1"), testing::IsEmpty());
  EXPECT_NE(without, first);
}

TEST_P(StoreContract, ReplacementsInheritWhereAnAccountSaysSo) {
  const auto id = make_account(), other = make_account("other");
  EXPECT_FALSE(read([&](Reader& r) { return r.account(id); })->inherit_replacements) << "off by default";
  write([&](Writer& w) { return w.put_inherit_replacements(id, true); });
  reopen();
  EXPECT_TRUE(read([&](Reader& r) { return r.account(id); })->inherit_replacements);
  EXPECT_FALSE(read([&](Reader& r) { return r.account(other); })->inherit_replacements);
  write([&](Writer& w) { return w.put_inherit_replacements(id, false); });
  EXPECT_FALSE(read([&](Reader& r) { return r.account(id); })->inherit_replacements);
}

TEST_P(StoreContract, CountsWhatHappensOnADay) {
  using namespace std::chrono_literals;
  const auto school = make_account("school"), other = make_account("other");
  const Time day = beginning_of_day(kNow), before = day - 24h;
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.add_to_day(school, day - 1ms, {.arrived = 1}));  // the day before
    MUSTER_TRY(w.add_to_day(school, kNow, {.arrived = 20, .calls = 3, .failed_calls = 1, .paused = 90s}));
    return w.add_to_day(other, kNow, {.arrived = 7});
  });
  write([&](Writer& w) { return w.add_to_day(school, day + 24h - 1ms, {.assigned = 19, .calls = 1}); });
  EXPECT_FALSE(store().write(installation, [&](Writer& w) -> Result<> {
    MUSTER_TRY(w.add_to_day(school, kNow, {.arrived = 1000}));
    return failure(Code::internal, "undone");
  }));
  reopen();
  const CountsOfDay first{before, {.arrived = 1}};
  const CountsOfDay second{day,
                           {.arrived = 20, .assigned = 19, .calls = 4, .failed_calls = 1, .paused = 90s}};
  EXPECT_THAT(read([&](Reader& r) { return r.day_counts(school, before); }), ElementsAre(first, second));
  EXPECT_THAT(read([&](Reader& r) { return r.day_counts(school, day); }), ElementsAre(second));
  EXPECT_THAT(read([&](Reader& r) { return r.day_counts(other, Time{}); }),
              ElementsAre(CountsOfDay{day, {.arrived = 7}}));
}

TEST_P(StoreContract, ForgetsDaysThatAreLongGone) {
  const auto school = make_account("school"), other = make_account("other");
  const Time first = beginning_of_day(kNow);
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.add_to_day(other, first, {.calls = 1}));
    for (std::chrono::days day{0}; day < kDaysCounted; ++day)
      MUSTER_TRY(w.add_to_day(school, first + day, {.calls = 1}));
    return {};
  });
  const auto days = [&](AccountId account) {
    return read([&](Reader& r) { return r.day_counts(account, Time{}); });
  };
  EXPECT_THAT(days(school), SizeIs(kDaysCounted.count()));
  write([&](Writer& w) { return w.add_to_day(school, first + kDaysCounted, {.calls = 1}); });
  ASSERT_THAT(days(school), SizeIs(kDaysCounted.count()));
  EXPECT_EQ(days(school).front().day, first + std::chrono::days(1));
  EXPECT_THAT(days(other), SizeIs(1));  // whose newest day that is
}

TEST_P(StoreContract, TheOverviewHasWhatIsReadOneByOne) {
  const auto empty = make_account("empty"), school = make_account("school"), gone = make_account("gone");
  auto device = make_device(school, "S");
  make_device(school, "T");
  make_device(gone, "U");
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.put_token(school, {"CK", "CS", "AT", "AS", kNow}));
    MUSTER_TRY(w.put_apple_account(school, {"Server", "UUID", "Org", "admin@example.com", 500, "{}"}));
    SyncState state;
    state.changes = Cursor("C");
    state.list_number = 3;
    state.baseline_done = true;
    MUSTER_TRY(w.put_run(school, {kNow, kNow, "failed"}, state));
    Health health;
    health.state = Health::State::expiring;
    health.since = kNow;
    health.word = "W";
    MUSTER_TRY(w.put_health(school, health));
    LaneTrouble trouble;
    trouble.since = kNow;
    trouble.failures = 2;
    MUSTER_TRY(w.put_lane_trouble(school, Lane::questions, trouble));
    MUSTER_TRY(w.put_lane_trouble(gone, Lane::changes, trouble));
    for (const AccountId account : {school, gone})
      MUSTER_TRY(w.put_profile_trouble(account, ProfileUuid("P"),
                                       ProfileTrouble{.word = "NOT_FOUND", .since = kNow}));
    device.contested_at = kNow;
    MUSTER_TRY(w.update_device(device));
    Assignment assignment;
    assignment.device = device.id;
    assignment.account = school;
    assignment.serial = device.serial;
    assignment.profile = ProfileUuid("P");
    MUSTER_TRY(w.put_assignment(assignment));
    MUSTER_TRY(w.put_backfill(school, {.state = Backfill::State::paused, .planned = 7, .began = kNow}));
    return w.remove_account(gone);
  });
  reopen();
  const auto overviews = read([](Reader& r) { return r.account_overviews(); });
  ASSERT_EQ(overviews.size(), 2U);
  EXPECT_EQ(overviews.at(0).account.id, empty);
  EXPECT_EQ(overviews.at(1).account.id, school);
  EXPECT_EQ(overviews.at(1).counts.devices, 2);
  EXPECT_EQ(overviews.at(1).counts.contested, 1);
  EXPECT_EQ(overviews.at(1).waiting, 1);
  EXPECT_EQ(overviews.at(1).backfill.planned, 7);
  // What is read one by one.
  const auto expect_whole = [&](const AccountState& state) {
    const AccountId id = state.account.id;
    const auto account = read([&](Reader& r) { return r.account(id); });
    EXPECT_EQ(state.account.name, account->name);
    EXPECT_EQ(state.account.token, account->token);
    EXPECT_EQ(state.account.apple, account->apple);
    EXPECT_EQ(state.account.epoch, account->epoch);
    EXPECT_EQ(state.state, read([&](Reader& r) { return r.sync_state(id); }));
    const auto record = read([&](Reader& r) { return r.run_record(id); });
    EXPECT_EQ(state.record.last_attempt, record.last_attempt);
    EXPECT_EQ(state.record.last_error, record.last_error);
    EXPECT_EQ(state.health, read([&](Reader& r) { return r.health(id); }));
    EXPECT_EQ(state.troubles, read([&](Reader& r) { return r.lane_troubles(id); }));
    EXPECT_EQ(state.profile_troubles, read([&](Reader& r) { return r.profile_troubles(id); }));
    EXPECT_EQ(state.waiting, read([&](Reader& r) { return r.assignment_count(id); }));
  };
  EXPECT_EQ(overviews.at(1).troubles.size(), 1U);
  EXPECT_EQ(overviews.at(1).profile_troubles.size(), 1U);
  EXPECT_FALSE(read([&](Reader& r) { return r.account_state(gone); }));
  for (const auto& overview : overviews) {
    const AccountId id = overview.account.id;
    expect_whole(overview);
    const auto state = read([&](Reader& r) { return r.account_state(id); });
    ASSERT_TRUE(state);
    EXPECT_EQ(state->account.id, id);
    expect_whole(*state);
    const auto counts = read([&](Reader& r) { return r.device_counts(id); });
    EXPECT_EQ(overview.counts.devices, counts.devices);
    EXPECT_EQ(overview.counts.uncovered, counts.uncovered);
    EXPECT_EQ(overview.counts.contested, counts.contested);
    EXPECT_EQ(overview.devices_by_rule, read([&](Reader& r) { return r.devices_by_rule(id); }));
    EXPECT_EQ(overview.backfill, read([&](Reader& r) { return r.backfill(id); }));
    EXPECT_EQ(overview.enrolled_by_rule, read([&](Reader& r) { return r.enrolled_by_rule(id); }));
  }
  EXPECT_EQ(read([](Reader& r) { return r.last_attempt(); }), kNow);
  EXPECT_THAT(read([](Reader& r) { return r.account_ids(); }), ElementsAre(empty, school));
}

TEST_P(StoreContract, DevicesAreCountedByTheRuleAndStatusOfTheirProfile) {
  const auto id = make_account(), other = make_account("other");
  make_device(other, "C1");
  Rule lab{.account = id,
           .name = "lab",
           .filter = "family = Mac",
           .profile = ProfileUuid("P1"),
           .created_at = kNow,
           .updated_at = kNow};
  Rule rest{
      .account = id, .filter = "*", .profile = ProfileUuid("P2"), .created_at = kNow, .updated_at = kNow};
  write([&](Writer& w) -> Result<> {
    lab.id = rest.id = {};  // new ones, also where this runs again
    MUSTER_TRY(w.put_rule(lab));
    return w.put_rule(rest);
  });
  auto first = make_device(id, "C1"), second = make_device(id, "C2"), third = make_device(id, "C3");
  write([&](Writer& w) -> Result<> {
    first.facts.profile_status = "assigned";
    first.facts.profile_uuid = ProfileUuid("P1");
    second.facts.profile_status = "assigned";
    second.facts.profile_uuid = ProfileUuid("P2");
    third.facts.profile_status = "something new";
    first.desired = {Desired::By::rule, ProfileUuid("P1"), lab.id, kNow};
    second.desired = {Desired::By::rule, ProfileUuid("P2"), rest.id, kNow};
    for (const auto* device : {&first, &second, &third}) MUSTER_TRY(w.update_device(*device));
    return {};
  });
  using Counts = std::vector<DevicesOfRule>;
  const auto counts = [&] { return read([&](Reader& r) { return r.devices_by_rule(id); }); };
  const DevicesOfRule none{RuleId{}, "", {{ProfileStatus::unknown, 1}}};
  const DevicesOfRule by_lab{lab.id, "lab", {{ProfileStatus::assigned, 1}}};
  EXPECT_EQ(counts(), (Counts{none, by_lab, {rest.id, "*", {{ProfileStatus::assigned, 1}}}}));

  // Another rule gives it another profile, and Apple has shown the profile of the first one as fetched.
  write([&](Writer& w) {
    second.desired = {Desired::By::rule, ProfileUuid("P1"), lab.id, kNow};
    second.facts.profile_status = "pushed";
    return w.update_device(second);
  });
  const DevicesOfRule both{lab.id, "lab", {{ProfileStatus::assigned, 1}, {ProfileStatus::pushed, 1}}};
  EXPECT_EQ(counts(), (Counts{none, both}));

  write([&](Writer& w) -> Result<> {
    first.tombstone = Tombstone{Tombstone::Reason::deleted, kNow};
    third.desired = {Desired::By::manual, ProfileUuid("P1"), RuleId{}, kNow};
    for (const auto* device : {&first, &third}) MUSTER_TRY(w.update_device(*device));
    MUSTER_TRY(w.remove_rule(lab.id));
    return {};
  });
  EXPECT_EQ(counts(), (Counts{none, {lab.id, "", {{ProfileStatus::pushed, 1}}}}));
}

TEST_P(StoreContract, TheOldestArrivalIsTheFirstThatWaits) {
  using namespace std::chrono_literals;
  using State = Assignment::State;
  const auto id = make_account(), other = make_account("other");
  const auto oldest = [&] { return read([&](Reader& r) { return r.oldest_waiting_arrival(id); }); };
  EXPECT_EQ(oldest(), std::nullopt);

  // One for each state, the later ones older; each arrived when its assignment was made.
  std::vector<Device> devices;
  std::vector<Assignment> works;
  const auto add = [&](AccountId account, State state, Assignment::Urgency urgency, Time arrived, Time made) {
    auto device = make_device(account, "C" + std::to_string(devices.size()));
    device.arrived_at = arrived;
    write([&](Writer& w) { return w.update_device(device); });
    auto work = make_assignment(device, "P", kNow + 1h);
    work.state = state;
    work.urgency = urgency;
    work.created_at = made;
    devices.push_back(device);
    works.push_back(work);
  };
  using Urgency = Assignment::Urgency;
  add(id, State::due, Urgency::arrival, kNow - 1min, kNow - 1min);
  add(id, State::due, Urgency::retry, kNow - 2min, kNow - 2min);
  add(id, State::in_flight, Urgency::arrival, kNow - 3min, kNow - 3min);
  add(id, State::confirming, Urgency::arrival, kNow - 4min, kNow - 4min);
  add(id, State::looking, Urgency::retry, kNow - 5min, kNow - 5min);
  add(id, State::parked, Urgency::retry, kNow - 6min, kNow - 6min);
  add(id, State::due, Urgency::retry, kNow - 2h, kNow - 1h);        // it arrived before: drift
  add(id, State::due, Urgency::backfill, kNow - 1h, kNow - 30min);  // nor is this one its arrival's
  add(other, State::due, Urgency::arrival, kNow - 3h, kNow - 3h);
  write([&](Writer& w) { return w.put_assignments(works); });
  for (int minutes = 6; minutes > 0; --minutes) {
    EXPECT_EQ(oldest(), kNow - std::chrono::minutes(minutes));
    write([&](Writer& w) { return w.remove_assignment(devices.at(static_cast<size_t>(minutes - 1)).id); });
  }
  EXPECT_EQ(oldest(), std::nullopt);
}

TEST_P(StoreContract, ARemovedAccountIsNotThereForReaders) {
  const auto id = make_account("school");
  make_account("other");
  make_device(id, "S");
  write([&](Writer& w) { return w.remove_account(id); });
  reopen();
  EXPECT_THAT(names(read([](Reader& r) { return r.accounts(); })), ElementsAre("other"));
  EXPECT_FALSE(read([](Reader& r) { return r.account(AccountName("school")); }));
  EXPECT_FALSE(read([&](Reader& r) { return r.account(id); }));
  EXPECT_THAT(read([](Reader& r) { return r.removed_accounts(); }), ElementsAre(id));
}

TEST_P(StoreContract, ARemovedAccountsNameIsFreeAndItsIdIsNot) {
  const auto first = make_account("school");
  write([&](Writer& w) { return w.remove_account(first); });
  const auto second = make_account("school");
  EXPECT_NE(first, second);
  write([&](Writer& w) { return w.remove_account(second); });
  EXPECT_THAT(read([](Reader& r) { return r.removed_accounts(); }), ElementsAre(first, second));
  for (const auto id : {first, second})
    write([&](Writer& w) -> Result<> {
      MUSTER_TRY(const bool done, w.erase_account(id));
      EXPECT_TRUE(done);
      return {};
    });
  reopen();
  const auto third = make_account("school");
  EXPECT_GT(third, second);
}

TEST_P(StoreContract, ARemovedAccountIsErasedInSteps) {
  const auto id = make_account("school"), other = make_account("other");
  std::vector<DeviceId> devices;
  for (const char* serial : {"C", "A", "B"}) devices.push_back(make_device(id, serial).id);
  auto gone = make_device(id, "GONE");
  gone.tombstone = Tombstone{Tombstone::Reason::deleted, kNow};
  write([&](Writer& w) { return w.update_device(gone); });
  devices.push_back(gone.id);
  const auto kept = make_device(other, "A");
  make_assignment(kept, "U", kNow);
  EXPECT_THAT(read([&](Reader& r) { return r.devices_to_erase(id, 10); }), IsEmpty()) << "it is not removed";

  write([&](Writer& w) { return w.remove_account(id); });
  EXPECT_EQ(read([&](Reader& r) { return r.devices_to_erase(id, 10); }), devices);
  EXPECT_THAT(read([&](Reader& r) { return r.devices_to_erase(id, 2); }),
              ElementsAre(devices[0], devices[1]));
  write([&](Writer& w) { return w.erase_devices(std::span(devices).first(3)); });
  reopen();
  EXPECT_THAT(read([&](Reader& r) { return r.devices_to_erase(id, 10); }), ElementsAre(devices[3]));
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(const bool done, w.erase_account(id));
    EXPECT_FALSE(done) << "a device is left";
    return {};
  });
  EXPECT_THAT(read([](Reader& r) { return r.removed_accounts(); }), ElementsAre(id));
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.erase_devices(std::span(devices).last(1)));
    MUSTER_TRY(const bool done, w.erase_account(id));
    EXPECT_TRUE(done);
    return {};
  });
  EXPECT_THAT(read([](Reader& r) { return r.removed_accounts(); }), IsEmpty());
  EXPECT_EQ(read([&](Reader& r) { return r.device(kept.id); }), kept);
  EXPECT_TRUE(read([&](Reader& r) { return r.assignment(kept.id); }));
}

TEST_P(StoreContract, CodesOfLockedDevicesStayUntilTheirAccountGoes) {
  const auto id = make_account("school"), other = make_account("other");
  const auto stored = [&](AccountId account, const char* serial) {
    return read([&](Reader& r) { return r.device_lock(account, Serial(serial)); });
  };
  DeviceLock lock{.account = id,
                  .serial = Serial("A"),
                  .code = "3UM43-PUYVY",
                  .made_at = kNow,
                  .made_by = "ann",
                  .unanswered = 1};
  DeviceLock theirs = lock;
  theirs.account = other;
  theirs.code = "another";
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.put_device_lock(lock));
    return w.put_device_lock(theirs);
  });
  reopen();
  EXPECT_EQ(stored(id, "A"), lock) << "no device is needed";
  EXPECT_EQ(stored(id, "B"), std::nullopt);
  lock.unanswered = 0;
  lock.word = "SUCCESS";
  lock.answered_at = lock.locked_at = kNow + std::chrono::hours(1);
  write([&](Writer& w) { return w.put_device_lock(lock); });
  EXPECT_EQ(stored(id, "A"), lock);
  write([&](Writer& w) { return w.remove_account(id); });
  EXPECT_EQ(stored(id, "A"), std::nullopt);
  EXPECT_EQ(stored(other, "A"), theirs);
}

TEST_P(StoreContract, AnAccountThatIsNotRemovedIsNotErased) {
  const auto id = make_account();
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(const bool done, w.erase_account(id));
    EXPECT_TRUE(done);
    return {};
  });
  EXPECT_TRUE(read([&](Reader& r) { return r.account(id); }));
}

TEST_P(StoreContract, NothingComesToAnAccountThatIsErased) {
  const auto id = make_account();
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.remove_account(id));
    MUSTER_TRY(w.erase_account(id));
    return {};
  });
  Device late;
  late.account = id;
  late.serial = Serial("LATE");
  EXPECT_FALSE(store().write(installation, [&](Writer& w) { return w.insert_device(late); }));
}

}  // namespace muster::test
