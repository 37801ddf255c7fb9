// The arrival table (docs/arrivals.md), row by row.
#include "assign/arrival.h"

#include <gtest/gtest.h>

#include "tests/support/manual_clock.h"

namespace muster::assign {
namespace {

using namespace std::chrono_literals;
using Effect = Verdict::Effect;
using Warning = Verdict::Warning;
using Operation = DeviceReport::Operation;

DeviceReport row(Operation operation, Time date, const std::string& status = "empty",
                 std::optional<Time> assigned_at = kNow) {
  DeviceReport report;
  report.serial = Serial("S");
  report.operation = operation;
  if (operation != Operation::none) report.op_date = date;
  report.facts.profile_status = status;
  report.facts.assigned_at = assigned_at;
  return report;
}

// Known from the baseline: no operation was ever seen.
Device listed() {
  Device device;
  device.serial = Serial("S");
  device.facts.profile_status = "assigned";
  device.facts.assigned_at = kNow;
  return device;
}

Device known(Operation operation, Time date) {
  Device device = listed();
  device.last_operation = operation;
  device.last_op_date = date;
  return device;
}

Device gone(Time date, Tombstone::Reason reason = Tombstone::Reason::deleted) {
  Device device = known(Operation::deleted, date);
  device.tombstone = Tombstone{reason, date};
  return device;
}

Verdict sync(const DeviceReport& report, const Device* device) { return judge(report, device, Source::sync); }

TEST(Arrival, AddedIsAnArrivalAndWarnsWhenItWasKnown) {
  EXPECT_EQ(sync(row(Operation::added, kNow), nullptr), (Verdict{Effect::arrived}));
  const Device device = known(Operation::added, kNow);
  EXPECT_EQ(sync(row(Operation::added, kNow + 1s), &device), (Verdict{Effect::arrived, Warning::readding}));
}

TEST(Arrival, ATombstonesOwnLastRowOnceMoreIsNone) {
  for (const auto reason :
       {Tombstone::Reason::absent, Tombstone::Reason::not_accessible, Tombstone::Reason::removed}) {
    for (const auto operation : {Operation::added, Operation::modified}) {
      const Device device = gone(kNow, reason);
      EXPECT_EQ(sync(row(operation, kNow), &device), (Verdict{Effect::nothing}));
      DeviceReport confirmed = row(operation, kNow);
      confirmed.confirmed = true;
      // Asked, Apple says that it is there. If it only was missing, and nobody added it again, it never left.
      EXPECT_EQ(sync(confirmed, &device).effect, reason == Tombstone::Reason::removed ? Effect::nothing
                                                 : operation == Operation::added      ? Effect::arrived
                                                                                      : Effect::observed);
    }
  }
}

TEST(Arrival, AddedInTheSecondOfItsDeletionIsOne) {
  const Device device = gone(kNow);
  EXPECT_EQ(sync(row(Operation::added, kNow), &device), (Verdict{Effect::arrived, Warning::readding}));
}

TEST(Arrival, RowsOfOneSecondAreTiesUnlessTheyAreTheSame) {
  const Device device = known(Operation::added, kNow);
  DeviceReport same = row(Operation::added, kNow, "assigned");
  EXPECT_FALSE(is_tie(same, device));
  EXPECT_TRUE(is_tie(row(Operation::added, kNow, "removed"), device));
  EXPECT_TRUE(is_tie(row(Operation::modified, kNow, "assigned"), device));
  EXPECT_TRUE(is_tie(row(Operation::deleted, kNow), device));
  EXPECT_FALSE(is_tie(row(Operation::modified, kNow + 1s), device));
  EXPECT_FALSE(is_tie(row(Operation::deleted, kNow), gone(kNow)));
  EXPECT_TRUE(is_tie(row(Operation::added, kNow), gone(kNow)));
  EXPECT_FALSE(is_tie(same, row(Operation::added, kNow, "assigned")));
  EXPECT_TRUE(is_tie(same, row(Operation::deleted, kNow)));
  EXPECT_FALSE(is_tie(row(Operation::none, kNow), device));
}

TEST(Arrival, AddedOnceMoreIsNone) {
  const Device device = known(Operation::added, kNow);
  EXPECT_EQ(sync(row(Operation::added, kNow), &device), (Verdict{Effect::observed}));
}

TEST(Arrival, TheAddedRowOfABaselineDeviceIsNone) {
  // The first sync after a fetch may deliver the row of the last device fetched.
  const Device device = listed();
  EXPECT_EQ(sync(row(Operation::added, kNow), &device), (Verdict{Effect::observed}));
}

TEST(Arrival, OlderRowsChangeNothing) {
  const Device device = known(Operation::modified, kNow + 10s);
  for (const auto operation : {Operation::added, Operation::modified, Operation::deleted})
    EXPECT_EQ(sync(row(operation, kNow + 9s), &device), Verdict{}) << int(operation);
}

// Known, and assigned to the service once more at kNow + 5s, of which a row of ten seconds later told first.
Device shown_too_early(const std::string& status = "assigned") {
  Device device = known(Operation::modified, kNow + 15s);
  device.facts.profile_status = status;
  device.facts.assigned_at = kNow + 5s;
  device.arrival_due_before = kNow + 15s;
  return device;
}

TEST(Arrival, TheRowOfAnAssignmentBehindWhatFollowedItIsALateOne) {
  const Time at = kNow + 5s;
  const Device device = shown_too_early();
  for (const char* status : {"removed", "empty", ""})
    EXPECT_EQ(sync(row(Operation::modified, at, status, at), &device), (Verdict{Effect::arrived_late}))
        << status;
  for (const char* status : {"empty", "assigned"})
    EXPECT_EQ(sync(row(Operation::added, at, status, at), &device),
              (Verdict{Effect::arrived_late, Warning::readding}))
        << status;
}

TEST(Arrival, AnOlderRowOtherwiseIsNoLateOne) {
  const Time at = kNow + 5s;
  const Device device = shown_too_early();
  EXPECT_EQ(sync(row(Operation::modified, at, "assigned", at), &device), Verdict{}) << "it has a profile";
  EXPECT_EQ(sync(row(Operation::modified, kNow + 4s, "removed", kNow), &device), Verdict{})
      << "an assignment before";
  EXPECT_EQ(sync(row(Operation::modified, at, "removed", std::nullopt), &device), Verdict{})
      << "of which assignment?";
  EXPECT_EQ(sync(row(Operation::deleted, at, "", at), &device), Verdict{}) << "it left before";
  Device later = device;
  later.last_op_date = kNow + 30s;
  EXPECT_EQ(sync(row(Operation::modified, kNow + 20s, "removed", at), &later), Verdict{})
      << "it lost its profile since";
  Device arrived = device;
  arrived.arrival_due_before.reset();
  EXPECT_EQ(sync(row(Operation::added, at, "empty", at), &arrived), Verdict{}) << "it has arrived";
  Device left = device;
  left.tombstone = Tombstone{Tombstone::Reason::deleted, kNow + 30s};
  EXPECT_EQ(sync(row(Operation::added, at, "empty", at), &left), Verdict{}) << "it has left";
}

TEST(Arrival, ALateRowTellsOfAnAssignmentThatNoRowHasShownYet) {
  Device device = known(Operation::modified, kNow + 15s);  // by a row without device_assigned_date
  EXPECT_EQ(sync(row(Operation::modified, kNow + 5s, "removed", kNow + 5s), &device),
            (Verdict{Effect::arrived_late}));
}

TEST(Arrival, WhatAListShowedIsNewerThanTheRowOfItsAssignment) {
  Device device = listed();
  device.facts.assigned_at = kNow + 5s;
  device.arrival_due_before = kNow + 6s;
  const auto late = row(Operation::modified, kNow + 5s, "removed", kNow + 5s);
  EXPECT_FALSE(is_tie(late, device));
  EXPECT_EQ(sync(late, &device), (Verdict{Effect::arrived_late}));
}

TEST(Arrival, AProfileOfTheSecondOfTheAssignmentCameAfterIt) {
  const auto assigned = row(Operation::modified, kNow + 5s, "removed", kNow + 5s);
  const auto foreign = row(Operation::modified, kNow + 5s, "assigned", kNow + 5s);
  EXPECT_FALSE(is_tie(assigned, foreign));
  EXPECT_FALSE(is_tie(foreign, assigned));
  EXPECT_TRUE(is_tie(row(Operation::modified, kNow + 5s, "removed", kNow),
                     row(Operation::modified, kNow + 5s, "assigned", kNow)))
      << "it may have lost it";
  EXPECT_TRUE(is_tie(assigned, row(Operation::deleted, kNow + 5s, "", kNow + 5s)));
}

TEST(Arrival, ModifiedOfAnUnknownDeviceIsAnArrival) {
  EXPECT_EQ(sync(row(Operation::modified, kNow, "removed"), nullptr),
            (Verdict{Effect::arrived, Warning::unknown_update}));
  EXPECT_EQ(sync(row(Operation::modified, kNow, "assigned"), nullptr),
            (Verdict{Effect::arrived, Warning::unknown_update}));
  const Device device = gone(kNow);
  EXPECT_EQ(sync(row(Operation::modified, kNow + 1s, "removed"), &device),
            (Verdict{Effect::arrived, Warning::unknown_update}));
}

TEST(Arrival, ReassignedToTheSameServiceIsAnArrival) {
  const Device device = known(Operation::added, kNow);
  for (const char* status : {"removed", "empty", ""})
    EXPECT_EQ(sync(row(Operation::modified, kNow + 5s, status, kNow + 5s), &device),
              (Verdict{Effect::arrived}))
        << status;
}

TEST(Arrival, AModifiedRowOtherwiseOnlyShowsWhatIs) {
  const Device device = known(Operation::added, kNow);
  EXPECT_EQ(sync(row(Operation::modified, kNow + 5s, "removed", kNow), &device), (Verdict{Effect::observed}));
  EXPECT_EQ(sync(row(Operation::modified, kNow + 5s, "assigned", kNow + 5s), &device),
            (Verdict{Effect::observed}));
}

TEST(Arrival, DeletedLeavesAndWarns) {
  const Device device = known(Operation::added, kNow);
  const Verdict left{Effect::left, Warning::unassigned};
  EXPECT_EQ(sync(row(Operation::deleted, kNow + 1s), &device), left);
  EXPECT_EQ(sync(row(Operation::deleted, kNow), nullptr), left);
}

TEST(Arrival, TheSameDeletedRowOnceMoreIsNothing) {
  const Device device = gone(kNow);
  EXPECT_EQ(sync(row(Operation::deleted, kNow), &device), Verdict{});
}

TEST(Arrival, AddedAfterDeletedRevives) {
  const Device device = gone(kNow);
  EXPECT_EQ(sync(row(Operation::added, kNow + 1s), &device), (Verdict{Effect::arrived, Warning::readding}));
  EXPECT_EQ(sync(row(Operation::added, kNow - 1s), &device), Verdict{});
}

TEST(Arrival, ARowWithoutADateIsTakenForNews) {
  auto report = row(Operation::added, kNow);
  report.op_date.reset();
  report.facts.assigned_at.reset();
  const Device device = known(Operation::added, kNow);
  EXPECT_EQ(sync(report, &device), (Verdict{Effect::arrived, Warning::readding}));
}

TEST(Arrival, TheBaselineIsNone) {
  EXPECT_EQ(judge(row(Operation::none, kNow), nullptr, Source::baseline), (Verdict{Effect::observed}));
}

TEST(Arrival, ALaterFullListFindsWhoIsNew) {
  const auto refetch = [](const DeviceReport& report, const Device* device) {
    return judge(report, device, Source::refetch).effect;
  };
  EXPECT_EQ(refetch(row(Operation::none, kNow), nullptr), Effect::arrived);
  const Device tombstone = gone(kNow), present = listed();
  EXPECT_EQ(refetch(row(Operation::none, kNow), &tombstone), Effect::arrived);
  EXPECT_EQ(refetch(row(Operation::none, kNow), &present), Effect::observed);
  EXPECT_EQ(refetch(row(Operation::none, kNow, "removed", kNow + 1h), &present), Effect::arrived);
}

TEST(Arrival, ADeviceRemovedByAnOperatorReappearsButDoesNotArrive) {
  const Device device = gone(kNow, Tombstone::Reason::removed);
  EXPECT_EQ(judge(row(Operation::none, kNow), &device, Source::refetch).effect, Effect::observed);
  EXPECT_EQ(sync(row(Operation::modified, kNow + 1s), &device).effect, Effect::observed);
  EXPECT_EQ(sync(row(Operation::added, kNow + 1s), &device).effect, Effect::arrived);
}

TEST(Arrival, WhoWasRemovedByHandIsNewOnceItIsAssignedAgain) {
  Device device = gone(kNow, Tombstone::Reason::removed);
  device.facts.assigned_at = kNow - 1h;
  device.asked_after = kNow + 2s;  // when it was removed
  const auto refetch = [&](Time assigned_at) {
    return judge(row(Operation::none, kNow, "removed", assigned_at), &device, Source::refetch).effect;
  };
  EXPECT_EQ(refetch(kNow + 1s), Effect::observed);  // before the removal, and not seen by us until now
  EXPECT_EQ(refetch(kNow + 3s), Effect::arrived);
  EXPECT_EQ(sync(row(Operation::modified, kNow + 1s, "removed", kNow + 1s), &device).effect, Effect::nothing);
  EXPECT_EQ(sync(row(Operation::modified, kNow + 3s, "removed", kNow + 3s), &device).effect, Effect::arrived);
}

TEST(Arrival, AddedOnlyIsMicroMdmsLiteralRule) {
  const auto literal = [](const DeviceReport& report, const Device* device, Source source) {
    return judge(report, device, source, ArrivalPolicy::added_only).effect;
  };
  EXPECT_EQ(literal(row(Operation::added, kNow), nullptr, Source::sync), Effect::arrived);
  EXPECT_EQ(literal(row(Operation::modified, kNow), nullptr, Source::sync), Effect::observed);
  EXPECT_EQ(literal(row(Operation::none, kNow), nullptr, Source::refetch), Effect::observed);
  EXPECT_EQ(literal(row(Operation::deleted, kNow), nullptr, Source::sync), Effect::left);
  const Device early = shown_too_early();
  EXPECT_EQ(literal(row(Operation::added, kNow + 5s, "empty", kNow + 5s), &early, Source::sync),
            Effect::arrived_late);
  EXPECT_EQ(literal(row(Operation::modified, kNow + 5s, "empty", kNow + 5s), &early, Source::sync),
            Effect::nothing);
}

// Another server had the account, and looked for new devices last at `kNow`.
const ListTime kTakenOver{
    .began = {}, .arrived_since = {}, .surely_arrived_since = {}, .taken_over_since = kNow};

TEST(TakenOver, TheFirstListHasArrivalsThatTheOtherServerDidNotSee) {
  const auto judged = [](Time assigned_at, const char* status,
                         ArrivalPolicy policy = ArrivalPolicy::by_state) {
    return judge(row(Operation::none, kNow, status, assigned_at), nullptr, Source::baseline, policy,
                 kTakenOver)
        .effect;
  };
  EXPECT_EQ(judged(kNow - 1s, "empty"), Effect::observed);
  EXPECT_EQ(judged(kNow, "empty"), Effect::arrived);
  EXPECT_EQ(judged(kNow + 1h, "removed"), Effect::arrived);
  EXPECT_EQ(judged(kNow + 1h, "assigned"), Effect::observed) << "it has a profile from there";
  EXPECT_EQ(judged(kNow + 1h, "empty", ArrivalPolicy::added_only), Effect::observed);
}

TEST(TakenOver, ARowBehindTheOtherServersPositionIsAnArrivalOnce) {
  Device device = listed();
  device.facts.profile_status = "empty";
  const auto judged = [&](Operation operation, Time date, const char* status) {
    const auto report = row(operation, date, status, device.facts.assigned_at);
    return judge(report, &device, Source::sync, ArrivalPolicy::by_state, kTakenOver).effect;
  };
  device.facts.assigned_at = kNow - 48h;  // the time of the takeover is not known well
  const Time assigned = *device.facts.assigned_at;
  EXPECT_EQ(judged(Operation::added, assigned, "empty"), Effect::arrived);
  EXPECT_EQ(judged(Operation::modified, assigned, "removed"), Effect::arrived);
  EXPECT_EQ(judged(Operation::modified, assigned + 1h, "removed"), Effect::observed)
      << "only its profile went";
  device.arrived_at = kNow;
  EXPECT_EQ(judged(Operation::added, assigned, "empty"), Effect::observed);
  device.arrived_at.reset();
  device.facts.assigned_at = kNow - 8 * 24h;
  EXPECT_EQ(judged(Operation::added, *device.facts.assigned_at, "empty"), Effect::observed)
      << "Apple keeps no such row";
}

}  // namespace
}  // namespace muster::assign
