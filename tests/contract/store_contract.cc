#include "tests/contract/store_contract.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <future>
#include <thread>

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

std::vector<std::string> serials(const std::vector<Assignment>& assignments) {
  std::vector<std::string> list;
  for (const auto& assignment : assignments) list.push_back(assignment.serial.str());
  return list;
}

DeviceFacts every_fact() {
  return {.model = "MacBook Pro",
          .description = "MBP 13.3 SPACE GRAY/2.0GHZ",
          .color = "SPACE GRAY",
          .asset_tag = "SCH-1",
          .family = "Mac",
          .os = "OSX",
          .profile_status = "assigned",
          .profile_uuid = ProfileUuid("C1F123098EB5074580041E69883004C3"),
          .profile_assign_time = kNow - 2h,
          .profile_push_time = kNow - 1h,
          .assigned_by = "admin@example.com",
          .assigned_at = kNow - 3h,
          .other = R"({"imei":["01 129600 314225 1"]})"};
}

}  // namespace

AccountId StoreContract::make_account(const std::string& name) {
  AccountId id{};
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(id, w.create_account(AccountName(name)));
    return {};
  });
  return id;
}

Device StoreContract::make_device(AccountId account, const std::string& serial) {
  Device device;
  device.account = account;
  device.serial = Serial(serial);
  device.first_seen = kNow;
  write([&](Writer& w) { return w.insert_device(device); });
  return device;
}

Assignment StoreContract::make_assignment(const Device& device, const std::string& profile, Time next_try) {
  Assignment assignment{.device = device.id,
                        .serial = device.serial,
                        .account = device.account,
                        .profile = ProfileUuid(profile),
                        .state = Assignment::State::due,
                        .urgency = Assignment::Urgency::arrival,
                        .attempts = 0,
                        .next_try = next_try,
                        .last_answer = {},
                        .created_at = kNow};
  write([&](Writer& w) { return w.put_assignment(assignment); });
  return assignment;
}

TEST_P(StoreContract, AnAccountIsKeptWithAllItsParts) {
  const auto id = make_account("school");
  const Token token{"CK", "CS", "AT", "AS", kNow + 24h};
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.put_base_url(id, "https://example.test"));
    MUSTER_TRY(w.put_key_pair(id, {"CERT", "KEY"}));
    MUSTER_TRY(w.put_token(id, token));
    return w.put_apple_account(id, {"Server", "UUID", "Org", "admin@example.com", 500, "{}"});
  });
  reopen();
  const auto account = read([](Reader& r) { return r.account(AccountName("school")); });
  ASSERT_TRUE(account);
  EXPECT_EQ(account->id, id);
  EXPECT_EQ(account->base_url, "https://example.test");
  EXPECT_EQ(account->token, token.info());
  EXPECT_EQ(read([&](Reader& r) { return r.token(id); }), token);
  const auto pair = read([&](Reader& r) { return r.key_pair(id); });
  ASSERT_TRUE(pair);
  EXPECT_EQ(pair->certificate_pem, "CERT");
  EXPECT_EQ(pair->private_key_pem, "KEY");
  EXPECT_EQ(account->apple->page_limit, 500);
  EXPECT_EQ(account->apple->server_uuid, "UUID");
}

TEST_P(StoreContract, ANewAccountHasNothing) {
  const auto id = make_account();
  const auto account = read([&](Reader& r) { return r.account(id); });
  EXPECT_FALSE(account->token);
  EXPECT_FALSE(read([&](Reader& r) { return r.token(id); }));
  EXPECT_FALSE(read([&](Reader& r) { return r.key_pair(id); }));
  EXPECT_FALSE(account->apple);
  EXPECT_EQ(read([&](Reader& r) { return r.sync_state(id); }), SyncState{});
  EXPECT_FALSE(read([&](Reader& r) { return r.run_record(id); }).last_success);
  EXPECT_FALSE(read([](Reader& r) { return r.account(AccountName("nobody")); }));
}

TEST_P(StoreContract, AnAccountsNameIsTakenOnce) {
  make_account("a");
  make_account("b");
  const auto again =
      store().write(installation, [](Writer& w) { return w.create_account(AccountName("a")); });
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::conflict);
  EXPECT_THAT(read([](Reader& r) { return r.accounts(); }), SizeIs(2));
}

TEST_P(StoreContract, TheSyncStateAndTheRunRecordSurvive) {
  const auto id = make_account();
  const SyncState state{.changes = Cursor("MDowOjE1"),
                        .cursor_troubles = 2,
                        .refetch_not_before = kNow + 2h,
                        .list = Cursor("MDowOjE2"),
                        .list_under_way = true,
                        .list_number = 7,
                        .list_began = kNow - 1s,
                        .next_list = kNow + 1h,
                        .baseline_done = true,
                        .baseline_began = kNow - 2s,
                        .taken_over_since = kNow - 4s,
                        .many_missing_since = kNow - 3s,
                        .many_missing = 50};
  const Health health{.state = Health::State::terms_unsigned,
                      .since = kNow,
                      .word = "T_C_NOT_SIGNED",
                      .message = "m",
                      .remedy = "sign",
                      .told = kNow + 1s,
                      .failures = 3,
                      .not_before = kNow + 2s,
                      .reminded = kNow + 3s};
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.put_sync_state(id, state));
    MUSTER_TRY(w.put_health(id, health));
    return w.put_run_record(id, {kNow, kNow + 1s, "no answer"});
  });
  reopen();
  EXPECT_EQ(read([&](Reader& r) { return r.sync_state(id); }), state);
  EXPECT_EQ(read([&](Reader& r) { return r.health(id); }), health);
  const auto record = read([&](Reader& r) { return r.run_record(id); });
  EXPECT_EQ(record.last_success, kNow);
  EXPECT_EQ(record.last_error, "no answer");
}

TEST_P(StoreContract, ADeviceIsKeptWithEverythingKnownOfIt) {
  const auto account = make_account();
  Device device = make_device(account, "C02T0HL0GGC0");
  device.facts = every_fact();
  device.last_operation = DeviceReport::Operation::modified;
  device.last_op_date = kNow - 5min;
  device.desired = {Desired::By::rule, ProfileUuid("U"), RuleId{7}, kNow};
  device.tombstone = Tombstone{Tombstone::Reason::absent, kNow};
  device.arrived_at = kNow - 1min;
  device.arrival_due_before = kNow - 5s;
  write([&](Writer& w) { return w.update_device(device); });
  reopen();
  EXPECT_EQ(read([&](Reader& r) { return r.device(device.id); }), device);
  const std::vector<Serial> asked{device.serial, Serial("UNKNOWN")};
  EXPECT_THAT(read([&](Reader& r) { return r.devices(account, asked); }), ElementsAre(device));
}

TEST_P(StoreContract, InsertingKeepsEveryFieldToo) {
  const auto account = make_account();
  Device device;
  device.account = account;
  device.serial = Serial("S");
  device.facts = every_fact();
  device.last_operation = DeviceReport::Operation::added;
  device.last_op_date = kNow;
  device.desired = {Desired::By::hold, ProfileUuid(), RuleId{}, kNow};
  device.tombstone = Tombstone{Tombstone::Reason::deleted, kNow};
  device.first_seen = kNow - 1h;
  device.arrived_at = kNow;
  device.arrival_due_before = kNow + 5s;
  write([&](Writer& w) { return w.insert_device(device); });
  EXPECT_NE(device.id, DeviceId{});
  EXPECT_EQ(read([&](Reader& r) { return r.device(device.id); }), device);
}

// Whatever becomes of it: what it was when it was seen first is the first line of its history.
TEST_P(StoreContract, TheHistoryOfADeviceThatWasThereBeforeBeginsWithThat) {
  Device device;
  device.account = make_account();
  device.serial = Serial("S");
  device.first_seen = kNow;
  device.facts.profile_status = "assigned";
  device.facts.profile_uuid = ProfileUuid("OLD");
  device.baseline = ProfileShown{"assigned", ProfileUuid("OLD")};
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.insert_device(device));
    return w.add_history(device.account,
                         {device.id, kNow + 1h, HistoryEntry::Kind::observed, "assigned OLD -> empty"});
  });
  device.facts.profile_status = "empty";
  device.facts.profile_uuid = {};
  write([&](Writer& w) { return w.update_device(device); });
  reopen();
  EXPECT_EQ(read([&](Reader& r) { return r.device(device.id); }), device);
  const auto history = read([&](Reader& r) { return r.history(device.id); });
  ASSERT_THAT(history, SizeIs(2));
  EXPECT_EQ(history[0].kind, HistoryEntry::Kind::baseline);
  EXPECT_EQ(history[0].at, kNow);
  EXPECT_EQ(history[0].detail, "assigned OLD");
  EXPECT_EQ(history[1].detail, "assigned OLD -> empty");
}

TEST_P(StoreContract, WhatIsWrittenInPassingIsSeenAtOnceAndKept) {
  const auto account = make_account();
  Device device;
  device.account = account;
  device.serial = Serial("S");
  EXPECT_TRUE(store().write_in_passing(installation, [&](Writer& w) { return w.insert_device(device); }));
  EXPECT_EQ(read([&](Reader& r) { return r.device(device.id); }), device);
  EXPECT_FALSE(store().write_in_passing(installation, [&](Writer& w) -> Result<> {
    MUSTER_TRY(w.remove_account(account));
    return failure(Code::invalid, "and yet not");
  }));
  reopen();
  EXPECT_EQ(read([&](Reader& r) { return r.device(device.id); }), device);
  EXPECT_THAT(read([](Reader& r) { return r.accounts(); }), SizeIs(1));
}

TEST_P(StoreContract, TheSameSerialInTwoAccountsIsTwoDevices) {
  const auto a = make_account("a"), b = make_account("b");
  const auto in_a = make_device(a, "S"), in_b = make_device(b, "S");
  EXPECT_NE(in_a.id, in_b.id);
  const std::vector<Serial> asked{Serial("S")};
  EXPECT_THAT(read([&](Reader& r) { return r.devices(a, asked); }), ElementsAre(in_a));
  EXPECT_THAT(read([&](Reader& r) { return r.devices(b, asked); }), ElementsAre(in_b));
}

TEST_P(StoreContract, ASerialIsOnceInAnAccount) {
  const auto account = make_account();
  make_device(account, "S");
  Device twin;
  twin.account = account;
  twin.serial = Serial("S");
  EXPECT_FALSE(store().write(installation, [&](Writer& w) { return w.insert_device(twin); }));
}

TEST_P(StoreContract, DevicesAreCountedByWhatPeopleLookAt) {
  const auto account = make_account();
  const auto other = make_account("other");
  make_device(other, "S");
  make_device(account, "BASELINE");
  auto uncovered = make_device(account, "UNCOVERED"), contested = make_device(account, "CONTESTED"),
       gone = make_device(account, "GONE");
  uncovered.arrived_at = kNow;
  contested.contested_at = kNow;
  gone.arrived_at = kNow;
  gone.tombstone = Tombstone{Tombstone::Reason::deleted, kNow};
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.update_device(uncovered));
    MUSTER_TRY(w.update_device(contested));
    return w.update_device(gone);
  });
  const auto counts = read([&](Reader& r) { return r.device_counts(account); });
  EXPECT_EQ(counts.devices, 3);
  EXPECT_EQ(counts.uncovered, 1);
  EXPECT_EQ(counts.contested, 1);
}

TEST_P(StoreContract, HistoryIsCountedByKindAndTime) {
  const auto device = make_device(make_account(), "S");
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.add_history(device.account, {device.id, kNow, HistoryEntry::Kind::repaired, "A"}));
    MUSTER_TRY(w.add_history(device.account, {device.id, kNow + 1h, HistoryEntry::Kind::repaired, "A"}));
    return w.add_history(device.account, {device.id, kNow + 1h, HistoryEntry::Kind::observed, "A"});
  });
  const auto count = [&](Time since) {
    return read([&](Reader& r) { return r.history_count(device.id, HistoryEntry::Kind::repaired, since); });
  };
  EXPECT_EQ(count(kNow), 2);
  EXPECT_EQ(count(kNow + 1s), 1);
  EXPECT_EQ(count(kNow + 2h), 0);
}

TEST_P(StoreContract, HistoryIsInOrder) {
  const auto device = make_device(make_account(), "S");
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.add_history(device.account, {device.id, kNow, HistoryEntry::Kind::arrived, "added"}));
    return w.add_history(device.account, {device.id, kNow, HistoryEntry::Kind::decided, "filter '*' -> U"});
  });
  const auto history = read([&](Reader& r) { return r.history(device.id); });
  ASSERT_THAT(history, SizeIs(2));
  EXPECT_EQ(history[0].kind, HistoryEntry::Kind::arrived);
  EXPECT_EQ(history[1].detail, "filter '*' -> U");
  EXPECT_EQ(history[1].at, kNow);
}

TEST_P(StoreContract, ProfilesAreKeptByUuid) {
  const auto account = make_account();
  Profile profile{.account = account,
                  .uuid = ProfileUuid("U"),
                  .name = "Lab",
                  .document = R"({"profile_name":"Lab"})",
                  .defined_at = kNow,
                  .defined_by = "person@laptop"};
  write([&](Writer& w) { return w.put_profile(profile); });
  profile.unknown_at_apple = "NOT_FOUND";
  write([&](Writer& w) { return w.put_profile(profile); });
  EXPECT_THAT(read([&](Reader& r) { return r.profiles(account); }), ElementsAre(profile));
  EXPECT_EQ(read([&](Reader& r) { return r.profile(account, ProfileUuid("U")); }), profile);
  EXPECT_FALSE(read([&](Reader& r) { return r.profile(account, ProfileUuid("V")); }));
}

TEST_P(StoreContract, AnAssignmentIsOnePerDevice) {
  const auto device = make_device(make_account(), "S");
  auto assignment = make_assignment(device, "U1", kNow);
  EXPECT_EQ(read([&](Reader& r) { return r.assignment(device.id); }), assignment);
  assignment.profile = ProfileUuid("U2");
  assignment.state = Assignment::State::confirming;
  assignment.urgency = Assignment::Urgency::retry;
  assignment.attempts = 3;
  assignment.last_answer = "FAILED";
  assignment.next_try = kNow + 10min;
  write([&](Writer& w) { return w.put_assignment(assignment); });
  reopen();
  EXPECT_EQ(read([&](Reader& r) { return r.assignment(device.id); }), assignment);
  EXPECT_EQ(read([&](Reader& r) { return r.assignment_count(device.account); }), 1);

  write([&](Writer& w) { return w.remove_assignment(device.id); });
  write([&](Writer& w) { return w.remove_assignment(device.id); });  // nothing happens
  EXPECT_FALSE(read([&](Reader& r) { return r.assignment(device.id); }));
}

// What somebody did to an assignment since it was read is not overwritten.
TEST_P(StoreContract, AnAssignmentIsUpdatedOnlyWhileItIsTheSame) {
  const auto account = make_account();
  const auto same = make_assignment(make_device(account, "SAME"), "A", kNow);
  const auto other_profile = make_assignment(make_device(account, "PROFILE"), "A", kNow);
  const auto made_anew = make_assignment(make_device(account, "ANEW"), "A", kNow);
  const auto gone = make_assignment(make_device(account, "GONE"), "A", kNow);
  write([&](Writer& w) -> Result<> {
    Assignment changed = other_profile;
    changed.profile = ProfileUuid("B");
    MUSTER_TRY(w.put_assignment(changed));
    changed = made_anew;
    changed.created_at += 1s;
    MUSTER_TRY(w.put_assignment(changed));
    MUSTER_TRY(w.remove_assignment(gone.device));
    std::vector<Assignment> answered{same, other_profile, made_anew, gone};
    for (auto& assignment : answered) {
      assignment.state = Assignment::State::confirming;
      assignment.urgency = Assignment::Urgency::retry;
      assignment.attempts = 3;
      assignment.next_try = kNow + 5s;
      assignment.last_answer = "SUCCESS";
    }
    return w.update_assignments(answered);
  });
  const auto read_one = [&](const Assignment& one) {
    return read([&](Reader& r) { return r.assignment(one.device); });
  };
  Assignment expected = same;
  expected.state = Assignment::State::confirming;
  expected.urgency = Assignment::Urgency::retry;
  expected.attempts = 3;
  expected.next_try = kNow + 5s;
  expected.last_answer = "SUCCESS";
  EXPECT_EQ(read_one(same), expected);
  EXPECT_EQ(read_one(other_profile)->state, other_profile.state);
  EXPECT_EQ(read_one(made_anew)->state, made_anew.state);
  EXPECT_FALSE(read_one(gone));
  EXPECT_THAT(
      read([&](Reader& r) { return r.assignments_in(account, Assignment::State::confirming, kNow + 5s, 9); }),
      SizeIs(1))
      << "by its new state and time";
}

TEST_P(StoreContract, ABatchIsOfOneProfileDueAndLimited) {
  const auto account = make_account(), other = make_account("other");
  make_assignment(make_device(account, "A1"), "U1", kNow - 3min);
  make_assignment(make_device(account, "A2"), "U2", kNow - 2min);
  make_assignment(make_device(account, "A3"), "U1", kNow);
  make_assignment(make_device(account, "LATER"), "U1", kNow + 1ms);
  make_assignment(make_device(other, "OTHER"), "U1", kNow - 9min);

  const auto batch = [&](size_t limit) {
    return serials(read([&](Reader& r) { return r.next_batch(account, kNow, limit); }));
  };
  EXPECT_THAT(batch(10), ElementsAre("A1", "A3"));
  EXPECT_THAT(batch(1), ElementsAre("A1"));
  EXPECT_THAT(read([&](Reader& r) { return r.next_batch(account, kNow - 1h, 10); }), IsEmpty());
}

TEST_P(StoreContract, ArrivalsGoFirstAndTheRestFillsTheBatch) {
  const auto account = make_account();
  auto backfill = make_assignment(make_device(account, "BACKFILL"), "U1", kNow - 1h);
  backfill.urgency = Assignment::Urgency::backfill;
  auto retry = make_assignment(make_device(account, "RETRY"), "U1", kNow - 1h);
  retry.urgency = Assignment::Urgency::retry;
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.put_assignment(backfill));
    return w.put_assignment(retry);
  });
  make_assignment(make_device(account, "ARRIVAL"), "U1", kNow);
  EXPECT_THAT(serials(read([&](Reader& r) { return r.next_batch(account, kNow, 10); })),
              ElementsAre("ARRIVAL", "RETRY", "BACKFILL"));
  EXPECT_THAT(serials(read([&](Reader& r) { return r.next_batch(account, kNow, 2); })),
              ElementsAre("ARRIVAL", "RETRY"));
}

TEST_P(StoreContract, WorkIsFoundByStateAndTheNextTimeIsKnown) {
  const auto account = make_account();
  const auto next = [&](Assignment::State state, const std::set<ProfileUuid>& without = {}) {
    return read([&](Reader& r) { return r.next_assignment_time(account, state, without); });
  };
  EXPECT_FALSE(next(Assignment::State::due));
  EXPECT_FALSE(next(Assignment::State::confirming));
  auto confirming = make_assignment(make_device(account, "C"), "U1", kNow + 15min);
  confirming.state = Assignment::State::confirming;
  write([&](Writer& w) { return w.put_assignment(confirming); });
  make_assignment(make_device(account, "D"), "U1", kNow + 20min);
  EXPECT_EQ(next(Assignment::State::confirming), kNow + 15min);
  EXPECT_EQ(next(Assignment::State::due), kNow + 20min);
  EXPECT_FALSE(next(Assignment::State::due, {ProfileUuid("U1")}));

  const auto found = [&](Time now) {
    return serials(
        read([&](Reader& r) { return r.assignments_in(account, Assignment::State::confirming, now, 10); }));
  };
  EXPECT_THAT(found(kNow), IsEmpty());
  EXPECT_THAT(found(kNow + 15min), ElementsAre("C"));
}

TEST_P(StoreContract, WaitingDevicesFollowTheirRulesNewProfile) {
  const auto account = make_account();
  const auto want = [&](const char* serial, Desired::By by, RuleId rule, Assignment::State state) {
    auto device = make_device(account, serial);
    device.desired = {by, ProfileUuid("OLD"), rule, kNow};
    write([&](Writer& w) { return w.update_device(device); });
    auto assignment = make_assignment(device, "OLD", kNow + 1h);
    assignment.state = state;
    assignment.attempts = 2;
    write([&](Writer& w) { return w.put_assignment(assignment); });
    return device.id;
  };
  const auto waiting = want("WAITING", Desired::By::rule, RuleId{1}, Assignment::State::due);
  const auto sent = want("SENT", Desired::By::rule, RuleId{1}, Assignment::State::in_flight);
  const auto foreign = want("FOREIGN", Desired::By::rule, RuleId{2}, Assignment::State::due);
  const auto by_hand = want("BYHAND", Desired::By::manual, RuleId{}, Assignment::State::due);

  Rule rule{.id = RuleId{1}, .account = account, .filter = "*", .profile = ProfileUuid("NEW")};
  const auto moved = store().write(installation, [&](Writer& w) { return w.repoint_waiting(rule, kNow); });
  EXPECT_EQ(*moved, 1);
  EXPECT_EQ(read([&](Reader& r) { return r.history(waiting); }).back().detail, "filter '*' -> NEW");
  const auto assignment = *read([&](Reader& r) { return r.assignment(waiting); });
  EXPECT_EQ(assignment.profile, ProfileUuid("NEW"));
  EXPECT_EQ(assignment.next_try, kNow);
  EXPECT_EQ(assignment.attempts, 0);
  EXPECT_EQ(read([&](Reader& r) { return r.device(waiting); })->desired.profile, ProfileUuid("NEW"));
  for (const auto id : {sent, foreign, by_hand})
    EXPECT_EQ(read([&](Reader& r) { return r.assignment(id); })->profile, ProfileUuid("OLD"));

  rule.profile = {};  // no profile, on purpose: nothing is left to do
  EXPECT_EQ(*store().write(installation, [&](Writer& w) { return w.repoint_waiting(rule, kNow); }), 1);
  EXPECT_FALSE(read([&](Reader& r) { return r.assignment(waiting); }));
  EXPECT_EQ(read([&](Reader& r) { return r.device(waiting); })->desired.profile, ProfileUuid());
}

TEST_P(StoreContract, ANameStandsForOneVersionOfItsProfiles) {
  const auto account = make_account();
  EXPECT_FALSE(read([&](Reader& r) { return r.current_profile(account, "Lab"); }));
  EXPECT_EQ(read([&](Reader& r) { return r.newest_profile_version(account, "Lab"); }), 0);
  for (int version = 1; version <= 2; ++version) {
    const Profile profile{.account = account,
                          .uuid = ProfileUuid("U" + std::to_string(version)),
                          .name = "Lab",
                          .version = version,
                          .document = "{}"};
    write([&](Writer& w) { return w.put_profile(profile); });
    write([&](Writer& w) { return w.set_current_profile(account, "Lab", profile.uuid); });
    EXPECT_EQ(read([&](Reader& r) { return r.current_profile(account, "Lab"); }), profile);
  }
  EXPECT_EQ(read([&](Reader& r) { return r.newest_profile_version(account, "Lab"); }), 2);
  write([&](Writer& w) { return w.set_current_profile(account, "Lab", ProfileUuid("U1")); });
  EXPECT_EQ(read([&](Reader& r) { return r.current_profile(account, "Lab"); })->version, 1);
}

TEST_P(StoreContract, AFailedWriteLeavesNothing) {
  const auto account = make_account();
  const auto failed = store().write(installation, [&](Writer& w) -> Result<> {
    Device device;
    device.account = account;
    device.serial = Serial("S");
    MUSTER_TRY(w.insert_device(device));
    SyncState state;
    state.changes = Cursor("C");
    MUSTER_TRY(w.put_sync_state(account, state));
    return failure(Code::remote, "changed my mind");
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "changed my mind");
  EXPECT_THAT(read([&](Reader& r) { return r.device_page(account, Serial(), 10); }), IsEmpty());
  EXPECT_EQ(read([&](Reader& r) { return r.sync_state(account); }), SyncState{});
  make_device(account, "S");  // and the store goes on
}

TEST_P(StoreContract, AThrowingWriteLeavesNothing) {
  const auto account = make_account();
  EXPECT_THROW((void)store().write(installation,
                                   [&](Writer& w) -> Result<> {
                                     MUSTER_TRY(w.put_base_url(account, "https://half.done"));
                                     throw std::runtime_error("broken");
                                   }),
               std::runtime_error);
  EXPECT_EQ(read([&](Reader& r) { return r.account(account); })->base_url, "");
}

TEST_P(StoreContract, AWriterReadsWhatItWrote) {
  const auto account = make_account();
  write([&](Writer& w) -> Result<> {
    Device device;
    device.account = account;
    device.serial = Serial("S");
    MUSTER_TRY(w.insert_device(device));
    const std::vector<Serial> asked{Serial("S")};
    MUSTER_TRY(const auto found, w.devices(account, asked));
    EXPECT_THAT(found, SizeIs(1));
    return {};
  });
}

TEST_P(StoreContract, AReaderSeesOneMomentAndDoesNotWaitForAWriter) {
  const auto account = make_account();
  std::promise<void> reading, written;
  auto reader = std::async(std::launch::async, [&] {
    return store().read([&](Reader& r) -> Result<std::vector<size_t>> {
      MUSTER_TRY(const auto before, r.device_page(account, Serial(), 10));
      reading.set_value();
      written.get_future().wait();
      MUSTER_TRY(const auto after, r.device_page(account, Serial(), 10));
      return std::vector{before.size(), after.size()};
    });
  });
  reading.get_future().wait();
  make_device(account, "S");
  written.set_value();
  EXPECT_THAT(*reader.get(), ElementsAre(0, 0));
  EXPECT_THAT(read([&](Reader& r) { return r.device_page(account, Serial(), 10); }), SizeIs(1));
}

TEST_P(StoreContract, ManyThreadsWriteAndReadAtOnce) {
  const auto account = make_account();
  constexpr int kThreads = 8, kEach = 25;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        Device device;
        device.account = account;
        device.serial = Serial(std::to_string(t) + "-" + std::to_string(i));
        EXPECT_TRUE(store().write(installation, [&](Writer& w) { return w.insert_device(device); }));
        EXPECT_TRUE(store().read([&](Reader& r) { return r.device(device.id); })->has_value());
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_THAT(read([&](Reader& r) { return r.device_ids(account); }), SizeIs(kThreads * kEach));
}

}  // namespace muster::test
