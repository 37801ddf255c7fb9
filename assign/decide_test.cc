// Decisions about arriving and existing devices.
#include "assign/decide.h"

#include <gtest/gtest.h>

#include "assign/rules.h"
#include "tests/support/manual_clock.h"

namespace muster::assign {
namespace {

using namespace std::chrono_literals;
using By = Desired::By;
using Scope = Rule::Scope;

const ProfileUuid kRule("RULE"), kOther("OTHER"), kHand("HAND");

Rule rule(Scope scope, ProfileUuid profile = kRule) {
  return {.id = RuleId{3}, .filter = "*", .scope = scope, .profile = std::move(profile)};
}

Desired wanted_by(By by, ProfileUuid profile = {}, RuleId rule = {}) {
  return {by, std::move(profile), rule, kNow};
}

// Covered by the first rule.
Standing standing(Desired desired, std::string status, ProfileUuid has = {}) {
  return {.device = DeviceId{1},
          .serial = Serial("S"),
          .desired = std::move(desired),
          .profile_status = std::move(status),
          .profile_uuid = std::move(has),
          .rule = 0};
}

std::optional<Decision> decide(const Rule& one, const Standing& device, const ProfileMoves& moves = {}) {
  return decide_standing(std::span(&one, 1), device, moves);
}

const Decision kByRule{By::rule, kRule, RuleId{3}};

TEST(DecideArrival, TheFirstRuleThatCoversItDecidesWhateverItsScope) {
  for (const auto scope : {Scope::arrivals, Scope::unassigned, Scope::all}) {
    const auto winner = rule(scope);
    EXPECT_EQ(decide_arrival(&winner, {}, kNow), kByRule);
  }
}

TEST(DecideArrival, WithoutARuleNobodyDecides) { EXPECT_EQ(decide_arrival(nullptr, {}, kNow), Decision{}); }

TEST(DecideArrival, ARuleMaySayNoProfile) {
  const auto none = rule(Scope::arrivals, {});
  EXPECT_EQ(decide_arrival(&none, {}, kNow), (Decision{By::rule, {}, RuleId{3}}));
}

TEST(DecideArrival, AnOperatorsLaterDecisionTakesPrecedence) {
  const auto winner = rule(Scope::arrivals);
  EXPECT_EQ(decide_arrival(&winner, {By::manual, kHand, {}, kNow + 1s}, kNow),
            (Decision{By::manual, kHand, {}}));
  EXPECT_EQ(decide_arrival(&winner, {By::hold, {}, {}, kNow}, kNow).by, By::hold);
  for (const auto by : {By::manual, By::hold})
    EXPECT_EQ(decide_arrival(&winner, {by, kHand, {}, kNow - 3s}, kNow), kByRule);
  EXPECT_EQ(decide_arrival(&winner, {By::manual, kHand, {}, kNow - 1s}, kNow).by, By::manual)
      << "Apple's clock is known to a second or two";
}

TEST(DecideStanding, ScopeNewLeavesThemAlone) {
  for (const char* status : {"", "empty", "removed", "assigned", "a newer word"})
    EXPECT_FALSE(decide(rule(Scope::arrivals), standing({}, status, kOther))) << status;
}

TEST(DecideStanding, ScopeUnassignedTakesThoseWithoutAProfile) {
  for (const char* status : {"", "empty", "removed"})
    EXPECT_EQ(decide(rule(Scope::unassigned), standing({}, status, kOther)), kByRule) << status;
  for (const char* status : {"assigned", "pushed", "a newer word"})
    EXPECT_FALSE(decide(rule(Scope::unassigned), standing({}, status, kOther))) << status;
}

TEST(DecideStanding, ScopeAllTakesThoseWithAnotherToo) {
  for (const char* status : {"", "empty", "removed", "assigned", "pushed"})
    EXPECT_EQ(decide(rule(Scope::all), standing({}, status, kOther)), kByRule) << status;
  EXPECT_EQ(decide(rule(Scope::all), standing({}, "assigned", kRule)), kByRule) << "it answers for it";
}

TEST(DecideStanding, WhatIsWantedAlreadyStays) {
  for (const auto scope : {Scope::unassigned, Scope::all}) {
    EXPECT_FALSE(decide(rule(scope), standing(wanted_by(By::rule, kRule, RuleId{3}), "empty")));
    EXPECT_FALSE(decide(rule(scope), standing(wanted_by(By::rule, kRule, RuleId{9}), "assigned", kRule)));
  }
}

TEST(DecideStanding, AnotherRulesDeviceIsTakenByScope) {
  const auto wanted = wanted_by(By::rule, kOther, RuleId{9});
  EXPECT_EQ(decide(rule(Scope::all), standing(wanted, "assigned", kOther)), kByRule);
  EXPECT_FALSE(decide(rule(Scope::unassigned), standing(wanted, "assigned", kOther)));
  EXPECT_EQ(decide(rule(Scope::unassigned), standing(wanted, "removed", kOther)), kByRule);
}

TEST(DecideStanding, AnOperatorsDecisionTakesPrecedenceOverEveryScope) {
  EXPECT_FALSE(decide(rule(Scope::all), standing(wanted_by(By::manual, kHand), "assigned", kHand)));
  EXPECT_FALSE(decide(rule(Scope::all), standing(wanted_by(By::hold), "removed")));
}

TEST(DecideStanding, ARuleWithoutAProfileTakesNoneAway) {
  const auto none = rule(Scope::unassigned, {});
  EXPECT_EQ(decide(none, standing({}, "empty")), (Decision{By::rule, {}, RuleId{3}}));
  EXPECT_FALSE(decide(none, standing({}, "assigned", kOther)));
  EXPECT_FALSE(decide(none, standing(wanted_by(By::rule, kOther, RuleId{9}), "empty")));
}

TEST(DecideStanding, AWaitingDeviceGetsTheRulesCurrentProfile) {
  auto device = standing(wanted_by(By::rule, kOther, RuleId{3}), "empty");
  EXPECT_FALSE(decide(rule(Scope::arrivals), device)) << "sent already";
  device.waiting = true;
  EXPECT_EQ(decide(rule(Scope::arrivals), device), kByRule);
  device.desired.rule = RuleId{9};  // of a rule that is gone
  EXPECT_FALSE(decide(rule(Scope::arrivals), device));
}

TEST(DecideStanding, AnUncoveredDeviceStays) {
  auto device = standing({}, "empty");
  device.rule = -1;
  EXPECT_FALSE(decide(rule(Scope::all), device));
}

TEST(DecideStanding, ANewVersionTakesTheOldOnesPlace) {
  const ProfileUuid newer("NEWER");
  const ProfileMoves moves{{kOther, newer}};
  const auto arrivals = rule(Scope::arrivals);
  EXPECT_EQ(decide(arrivals, standing(wanted_by(By::rule, kOther, RuleId{9}), "assigned", kOther), moves),
            (Decision{By::rule, newer, RuleId{9}}));
  EXPECT_EQ(decide(arrivals, standing(wanted_by(By::manual, kOther), "assigned", kOther), moves),
            (Decision{By::manual, newer, {}}));
  EXPECT_EQ(decide(arrivals, standing({}, "assigned", kOther), moves), (Decision{By::manual, newer, {}}));
  EXPECT_FALSE(decide(arrivals, standing({}, "removed", kOther), moves)) << "it has that profile no more";
  EXPECT_FALSE(decide(arrivals, standing(wanted_by(By::hold), "assigned", kOther), moves));
  EXPECT_FALSE(decide(arrivals, standing(wanted_by(By::manual, kHand), "assigned", kHand), moves));
}

TEST(DecideReleased, AsAnArrivalWhereItHasNoProfile) {
  const auto arrivals = rule(Scope::arrivals);
  const auto held = wanted_by(By::hold);
  EXPECT_EQ(decide_released(std::span(&arrivals, 1), standing(held, "removed")), kByRule);
  EXPECT_EQ(decide_released(std::span(&arrivals, 1), standing(held, "assigned", kOther)), Decision{});
  EXPECT_EQ(decide_released(std::span(&arrivals, 1), standing(held, "assigned", kRule)), kByRule);
  const auto all = rule(Scope::all);
  EXPECT_EQ(decide_released(std::span(&all, 1), standing(held, "assigned", kOther)), kByRule);
}

TEST(Rules, TheFirstInOrderWins) {
  Device device;
  device.facts.family = "iPad";
  const AccountName account("default");
  const Rules rules({{.id = RuleId{1}, .filter = "family = Mac"},
                     {.id = RuleId{2}, .filter = "family = iPad"},
                     {.id = RuleId{3}, .filter = "*"},
                     {.id = RuleId{4}, .filter = "what nobody understands"}});
  const Subject subject{.device = device, .account = account};
  EXPECT_EQ(rules.first_covering(subject), 1);
  EXPECT_EQ(rules.all_covering(subject), (std::vector{1, 2, 3}));
  EXPECT_EQ(rules.find(RuleId{2}), rules.at(1));
  EXPECT_EQ(rules.find(RuleId{9}), nullptr);
  EXPECT_EQ(rules.at(-1), nullptr);
  EXPECT_FALSE(rules.any_is_wide());
}

// What is known of one device is used for others only where the filter asks nothing in which they differ.
TEST(Rules, AnswerForEachDeviceHoweverMuchItIsLikeTheOneBefore) {
  const AccountName account("default");
  const Rules rules({{.id = RuleId{1}, .filter = "serial = C02A or family = Mac"},
                     {.id = RuleId{2}, .filter = "note.group = lab"},
                     {.id = RuleId{3}, .filter = "color = BLACK"},
                     {.id = RuleId{4}, .filter = "serial in @spare"},
                     {.id = RuleId{5}, .filter = "assigned_at > 2026-01-01"},
                     {.id = RuleId{6}, .filter = "model ~ iPhone*"}});
  Device device;
  device.serial = Serial("C02B");
  device.facts.model = "iPhone 15";
  const auto covering = [&](const Note* note = nullptr, const std::set<std::string>* lists = nullptr) {
    return rules.all_covering({.device = device, .account = account, .note = note, .lists = lists});
  };
  EXPECT_EQ(covering(), (std::vector{5}));
  device.serial = Serial("C02A");
  EXPECT_EQ(covering(), (std::vector{0, 5}));
  device.serial = Serial("C02C");
  const Note note{.group = "lab"};
  EXPECT_EQ(covering(&note), (std::vector{1, 5}));
  const std::set<std::string> lists{"spare"};
  EXPECT_EQ(covering(nullptr, &lists), (std::vector{3, 5}));
  device.facts.assigned_at = from_millis(1'772'355'600'000);
  EXPECT_EQ(covering(), (std::vector{4, 5}));
  device.facts.color = "BLACK";
  EXPECT_EQ(covering(), (std::vector{2, 4, 5}));
  device.facts.model = "Mac mini";
  EXPECT_EQ(covering(), (std::vector{2, 4}));
}

TEST(Rules, OneThatCannotBeReadKeepsItsDevicesFromTheNextAndDecidesNothing) {
  const Rules rules({{.id = RuleId{1}, .filter = "family = Mac", .scope = Scope::all, .profile = kOther},
                     {.id = RuleId{2}, .filter = "of a newer muster", .scope = Scope::all, .profile = kRule},
                     {.id = RuleId{3}, .filter = "*", .scope = Scope::all, .profile = kOther}});
  Device pad, mac;
  mac.facts.family = "Mac";
  const AccountName account("default");
  EXPECT_EQ(rules.first_covering({.device = mac, .account = account}), 0);
  EXPECT_EQ(rules.first_covering({.device = pad, .account = account}), 1);
  EXPECT_EQ(rules.expressions()[1], nullptr);
  EXPECT_EQ(rules.reaches()[1], std::nullopt);
  const Rule* unreadable = rules.at(1);
  EXPECT_FALSE(unreadable->filter_error.empty());
  EXPECT_EQ(filter_error_of(*unreadable), unreadable->filter_error);
  EXPECT_EQ(filter_error_of(*rules.at(0)), "");

  EXPECT_EQ(decide_arrival(unreadable, {}, kNow), Decision{});
  EXPECT_EQ(decide_arrival(unreadable, {By::manual, kHand, {}, kNow}, kNow),
            (Decision{By::manual, kHand, {}}));
  for (const char* status : {"empty", "assigned"}) {
    Standing there = standing(wanted_by(By::nobody), status, kOther);
    there.rule = 1;
    EXPECT_EQ(decide_standing(rules.in_order(), there), std::nullopt);
    EXPECT_EQ(decide_released(rules.in_order(), there), Decision{});
  }
  // One that waits for its profile keeps what the rule said while it could be read.
  Standing waits = standing(wanted_by(By::rule, kOther, RuleId{2}), "empty");
  waits.rule = 1;
  waits.waiting = true;
  EXPECT_EQ(decide_standing(rules.in_order(), waits), std::nullopt);
}

}  // namespace
}  // namespace muster::assign
