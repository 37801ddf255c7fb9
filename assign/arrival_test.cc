// The arrival table (docs/arrivals.md), row by row.
#include "assign/arrival.h"

#include <gtest/gtest.h>

namespace muster::assign {
namespace {

using namespace std::chrono_literals;
using Effect = Verdict::Effect;
using Warning = Verdict::Warning;
using Operation = DeviceReport::Operation;

const Time kT0 = from_millis(1'772'355'600'000);

DeviceReport row(Operation operation, Time date, const std::string& status = "empty",
                 std::optional<Time> assigned_at = kT0) {
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
  device.facts.assigned_at = kT0;
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
  EXPECT_EQ(sync(row(Operation::added, kT0), nullptr), (Verdict{Effect::arrived}));
  const Device device = known(Operation::added, kT0);
  EXPECT_EQ(sync(row(Operation::added, kT0 + 1s), &device), (Verdict{Effect::arrived, Warning::readding}));
}

TEST(Arrival, ATombstonesOwnLastRowOnceMoreIsNone) {
  for (const auto reason :
       {Tombstone::Reason::absent, Tombstone::Reason::not_accessible, Tombstone::Reason::removed}) {
    for (const auto operation : {Operation::added, Operation::modified}) {
      const Device device = gone(kT0, reason);
      EXPECT_EQ(sync(row(operation, kT0), &device), (Verdict{Effect::nothing}));
      DeviceReport confirmed = row(operation, kT0);
      confirmed.confirmed = true;
      // Asked, Apple says that it is there. If it only was missing, and nobody added it again, it never left.
      EXPECT_EQ(sync(confirmed, &device).effect, reason == Tombstone::Reason::removed ? Effect::nothing
                                                 : operation == Operation::added      ? Effect::arrived
                                                                                      : Effect::observed);
    }
  }
}

TEST(Arrival, AddedInTheSecondOfItsDeletionIsOne) {
  const Device device = gone(kT0);
  EXPECT_EQ(sync(row(Operation::added, kT0), &device), (Verdict{Effect::arrived, Warning::readding}));
}

TEST(Arrival, RowsOfOneSecondAreTiesUnlessTheyAreTheSame) {
  const Device device = known(Operation::added, kT0);
  DeviceReport same = row(Operation::added, kT0, "assigned");
  EXPECT_FALSE(is_tie(same, device));
  EXPECT_TRUE(is_tie(row(Operation::added, kT0, "removed"), device));
  EXPECT_TRUE(is_tie(row(Operation::modified, kT0, "assigned"), device));
  EXPECT_TRUE(is_tie(row(Operation::deleted, kT0), device));
  EXPECT_FALSE(is_tie(row(Operation::modified, kT0 + 1s), device));
  EXPECT_FALSE(is_tie(row(Operation::deleted, kT0), gone(kT0)));
  EXPECT_TRUE(is_tie(row(Operation::added, kT0), gone(kT0)));
  EXPECT_FALSE(is_tie(same, row(Operation::added, kT0, "assigned")));
  EXPECT_TRUE(is_tie(same, row(Operation::deleted, kT0)));
  EXPECT_FALSE(is_tie(row(Operation::none, kT0), device));
}

TEST(Arrival, AddedOnceMoreIsNone) {
  const Device device = known(Operation::added, kT0);
  EXPECT_EQ(sync(row(Operation::added, kT0), &device), (Verdict{Effect::observed}));
}

TEST(Arrival, TheAddedRowOfABaselineDeviceIsNone) {
  // The first sync after a fetch may deliver the row of the last device fetched.
  const Device device = listed();
  EXPECT_EQ(sync(row(Operation::added, kT0), &device), (Verdict{Effect::observed}));
}

TEST(Arrival, OlderRowsChangeNothing) {
  const Device device = known(Operation::modified, kT0 + 10s);
  for (const auto operation : {Operation::added, Operation::modified, Operation::deleted})
    EXPECT_EQ(sync(row(operation, kT0 + 9s), &device), Verdict{}) << int(operation);
}

// Known, and assigned to the service once more at kT0 + 5s, of which a row of ten seconds later told first.
Device shown_too_early(const std::string& status = "assigned") {
  Device device = known(Operation::modified, kT0 + 15s);
  device.facts.profile_status = status;
  device.facts.assigned_at = kT0 + 5s;
  device.arrival_due_before = kT0 + 15s;
  return device;
}

TEST(Arrival, TheRowOfAnAssignmentBehindWhatFollowedItIsALateOne) {
  const Time at = kT0 + 5s;
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
  const Time at = kT0 + 5s;
  const Device device = shown_too_early();
  EXPECT_EQ(sync(row(Operation::modified, at, "assigned", at), &device), Verdict{}) << "it has a profile";
  EXPECT_EQ(sync(row(Operation::modified, kT0 + 4s, "removed", kT0), &device), Verdict{})
      << "an assignment before";
  EXPECT_EQ(sync(row(Operation::modified, at, "removed", std::nullopt), &device), Verdict{})
      << "of which assignment?";
  EXPECT_EQ(sync(row(Operation::deleted, at, "", at), &device), Verdict{}) << "it left before";
  Device later = device;
  later.last_op_date = kT0 + 30s;
  EXPECT_EQ(sync(row(Operation::modified, kT0 + 20s, "removed", at), &later), Verdict{})
      << "it lost its profile since";
  Device arrived = device;
  arrived.arrival_due_before.reset();
  EXPECT_EQ(sync(row(Operation::added, at, "empty", at), &arrived), Verdict{}) << "it has arrived";
  Device left = device;
  left.tombstone = Tombstone{Tombstone::Reason::deleted, kT0 + 30s};
  EXPECT_EQ(sync(row(Operation::added, at, "empty", at), &left), Verdict{}) << "it has left";
}

TEST(Arrival, ALateRowTellsOfAnAssignmentThatNoRowHasShownYet) {
  Device device = known(Operation::modified, kT0 + 15s);  // by a row without device_assigned_date
  EXPECT_EQ(sync(row(Operation::modified, kT0 + 5s, "removed", kT0 + 5s), &device),
            (Verdict{Effect::arrived_late}));
}

TEST(Arrival, WhatAListShowedIsNewerThanTheRowOfItsAssignment) {
  Device device = listed();
  device.facts.assigned_at = kT0 + 5s;
  device.arrival_due_before = kT0 + 6s;
  const auto late = row(Operation::modified, kT0 + 5s, "removed", kT0 + 5s);
  EXPECT_FALSE(is_tie(late, device));
  EXPECT_EQ(sync(late, &device), (Verdict{Effect::arrived_late}));
}

TEST(Arrival, AProfileOfTheSecondOfTheAssignmentCameAfterIt) {
  const auto assigned = row(Operation::modified, kT0 + 5s, "removed", kT0 + 5s);
  const auto foreign = row(Operation::modified, kT0 + 5s, "assigned", kT0 + 5s);
  EXPECT_FALSE(is_tie(assigned, foreign));
  EXPECT_FALSE(is_tie(foreign, assigned));
  EXPECT_TRUE(is_tie(row(Operation::modified, kT0 + 5s, "removed", kT0),
                     row(Operation::modified, kT0 + 5s, "assigned", kT0)))
      << "it may have lost it";
  EXPECT_TRUE(is_tie(assigned, row(Operation::deleted, kT0 + 5s, "", kT0 + 5s)));
}

TEST(Arrival, ModifiedOfAnUnknownDeviceIsAnArrival) {
  EXPECT_EQ(sync(row(Operation::modified, kT0, "removed"), nullptr),
            (Verdict{Effect::arrived, Warning::unknown_update}));
  EXPECT_EQ(sync(row(Operation::modified, kT0, "assigned"), nullptr),
            (Verdict{Effect::arrived, Warning::unknown_update}));
  const Device device = gone(kT0);
  EXPECT_EQ(sync(row(Operation::modified, kT0 + 1s, "removed"), &device),
            (Verdict{Effect::arrived, Warning::unknown_update}));
}

TEST(Arrival, ReassignedToTheSameServiceIsAnArrival) {
  const Device device = known(Operation::added, kT0);
  for (const char* status : {"removed", "empty", ""})
    EXPECT_EQ(sync(row(Operation::modified, kT0 + 5s, status, kT0 + 5s), &device), (Verdict{Effect::arrived}))
        << status;
}

TEST(Arrival, AModifiedRowOtherwiseOnlyShowsWhatIs) {
  const Device device = known(Operation::added, kT0);
  EXPECT_EQ(sync(row(Operation::modified, kT0 + 5s, "removed", kT0), &device), (Verdict{Effect::observed}));
  EXPECT_EQ(sync(row(Operation::modified, kT0 + 5s, "assigned", kT0 + 5s), &device),
            (Verdict{Effect::observed}));
}

TEST(Arrival, DeletedLeavesAndWarns) {
  const Device device = known(Operation::added, kT0);
  const Verdict left{Effect::left, Warning::unassigned};
  EXPECT_EQ(sync(row(Operation::deleted, kT0 + 1s), &device), left);
  EXPECT_EQ(sync(row(Operation::deleted, kT0), nullptr), left);
}

TEST(Arrival, TheSameDeletedRowOnceMoreIsNothing) {
  const Device device = gone(kT0);
  EXPECT_EQ(sync(row(Operation::deleted, kT0), &device), Verdict{});
}

TEST(Arrival, AddedAfterDeletedRevives) {
  const Device device = gone(kT0);
  EXPECT_EQ(sync(row(Operation::added, kT0 + 1s), &device), (Verdict{Effect::arrived, Warning::readding}));
  EXPECT_EQ(sync(row(Operation::added, kT0 - 1s), &device), Verdict{});
}

TEST(Arrival, ARowWithoutADateIsTakenForNews) {
  auto report = row(Operation::added, kT0);
  report.op_date.reset();
  report.facts.assigned_at.reset();
  const Device device = known(Operation::added, kT0);
  EXPECT_EQ(sync(report, &device), (Verdict{Effect::arrived, Warning::readding}));
}

TEST(Arrival, TheBaselineIsNone) {
  EXPECT_EQ(judge(row(Operation::none, kT0), nullptr, Source::baseline), (Verdict{Effect::observed}));
}

TEST(Arrival, ALaterFullListFindsWhoIsNew) {
  const auto refetch = [](const DeviceReport& report, const Device* device) {
    return judge(report, device, Source::refetch).effect;
  };
  EXPECT_EQ(refetch(row(Operation::none, kT0), nullptr), Effect::arrived);
  const Device tombstone = gone(kT0), present = listed();
  EXPECT_EQ(refetch(row(Operation::none, kT0), &tombstone), Effect::arrived);
  EXPECT_EQ(refetch(row(Operation::none, kT0), &present), Effect::observed);
  EXPECT_EQ(refetch(row(Operation::none, kT0, "removed", kT0 + 1h), &present), Effect::arrived);
}

TEST(Arrival, ADeviceRemovedByAnOperatorReappearsButDoesNotArrive) {
  const Device device = gone(kT0, Tombstone::Reason::removed);
  EXPECT_EQ(judge(row(Operation::none, kT0), &device, Source::refetch).effect, Effect::observed);
  EXPECT_EQ(sync(row(Operation::modified, kT0 + 1s), &device).effect, Effect::observed);
  EXPECT_EQ(sync(row(Operation::added, kT0 + 1s), &device).effect, Effect::arrived);
}

TEST(Arrival, WhoWasRemovedByHandIsNewOnceItIsAssignedAgain) {
  Device device = gone(kT0, Tombstone::Reason::removed);
  device.facts.assigned_at = kT0 - 1h;
  device.asked_after = kT0 + 2s;  // when it was removed
  const auto refetch = [&](Time assigned_at) {
    return judge(row(Operation::none, kT0, "removed", assigned_at), &device, Source::refetch).effect;
  };
  EXPECT_EQ(refetch(kT0 + 1s), Effect::observed);  // before the removal, and not seen by us until now
  EXPECT_EQ(refetch(kT0 + 3s), Effect::arrived);
  EXPECT_EQ(sync(row(Operation::modified, kT0 + 1s, "removed", kT0 + 1s), &device).effect, Effect::nothing);
  EXPECT_EQ(sync(row(Operation::modified, kT0 + 3s, "removed", kT0 + 3s), &device).effect, Effect::arrived);
}

TEST(Arrival, AddedOnlyIsMicroMdmsLiteralRule) {
  const auto literal = [](const DeviceReport& report, const Device* device, Source source) {
    return judge(report, device, source, ArrivalPolicy::added_only).effect;
  };
  EXPECT_EQ(literal(row(Operation::added, kT0), nullptr, Source::sync), Effect::arrived);
  EXPECT_EQ(literal(row(Operation::modified, kT0), nullptr, Source::sync), Effect::observed);
  EXPECT_EQ(literal(row(Operation::none, kT0), nullptr, Source::refetch), Effect::observed);
  EXPECT_EQ(literal(row(Operation::deleted, kT0), nullptr, Source::sync), Effect::left);
  const Device early = shown_too_early();
  EXPECT_EQ(literal(row(Operation::added, kT0 + 5s, "empty", kT0 + 5s), &early, Source::sync),
            Effect::arrived_late);
  EXPECT_EQ(literal(row(Operation::modified, kT0 + 5s, "empty", kT0 + 5s), &early, Source::sync),
            Effect::nothing);
}

}  // namespace
}  // namespace muster::assign
