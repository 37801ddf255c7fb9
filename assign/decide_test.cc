#include "assign/decide.h"

#include <gtest/gtest.h>

namespace muster::assign {
namespace {

using namespace std::chrono_literals;

const Time kT0 = from_millis(1'772'355'600'000);

Assigner star() { return {.id = AssignerId{3}, .filter = "*", .profile = ProfileUuid("RULE")}; }

Device wanted_by(Desired::By by, std::optional<Time> at) {
  Device device;
  device.desired = {by, ProfileUuid(by == Desired::By::person ? "HAND" : ""), {}, at};
  return device;
}

TEST(Decide, TheStarCoversEveryArrival) {
  const Assigner rules[] = {star()};
  EXPECT_EQ(decide_arrival(rules, {}, kT0),
            (Decision{Desired::By::assigner, ProfileUuid("RULE"), AssignerId{3}}));
}

TEST(Decide, WithoutARuleNobodyDecides) { EXPECT_EQ(decide_arrival({}, {}, kT0), Decision{}); }

TEST(Decide, APersonBeatsTheRulesWhenTheyActedAfterItCame) {
  const Assigner rules[] = {star()};
  EXPECT_EQ(decide_arrival(rules, wanted_by(Desired::By::person, kT0 + 1s), kT0),
            (Decision{Desired::By::person, ProfileUuid("HAND"), {}}));
  EXPECT_EQ(decide_arrival(rules, wanted_by(Desired::By::hold, kT0), kT0).by, Desired::By::hold);
}

TEST(Decide, ANewArrivalEndsWhatAPersonDidBefore) {
  const Assigner rules[] = {star()};
  for (const auto by : {Desired::By::person, Desired::By::hold})
    EXPECT_EQ(decide_arrival(rules, wanted_by(by, kT0 - 1s), kT0).by, Desired::By::assigner);
}

}  // namespace
}  // namespace muster::assign
