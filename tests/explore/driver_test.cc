#include "tests/explore/driver.h"

#include <gtest/gtest.h>

#include <vector>

namespace muster::explore {
namespace {

using namespace std::chrono_literals;

using Runs = std::vector<std::pair<Lane, Millis>>;

TEST(Driver, RunsTheLaneThatIsDueFirstAndMovesTheTime) {
  ManualClock clock;
  const Time begin = clock.now();
  Runs turns;
  Driver driver(clock, kLanes, [&](Lane lane, const sync::RunRequest&) -> std::optional<Time> {
    turns.emplace_back(lane, clock.now() - begin);
    if (lane == Lane::changes) return clock.now() + 10min;
    if (lane == Lane::full_list) return clock.now() + 25min;
    return std::nullopt;  // only when woken
  });
  driver.start();
  driver.run_until(begin + 25min);
  EXPECT_EQ(turns, (Runs{{Lane::changes, 0min},
                         {Lane::full_list, 0min},
                         {Lane::questions, 0min},
                         {Lane::assignment, 0min},
                         {Lane::changes, 10min},
                         {Lane::changes, 20min},
                         {Lane::full_list, 25min}}));
  EXPECT_EQ(clock.now(), begin + 25min);
}

TEST(Driver, ObeysAWakeFromWithinATurn) {
  ManualClock clock;
  Runs turns;
  Driver* itself = nullptr;
  Driver driver(clock, kLanes, [&](Lane lane, const sync::RunRequest&) -> std::optional<Time> {
    turns.emplace_back(lane, 0min);
    if (lane == Lane::questions) itself->wake(Lane::assignment);
    return std::nullopt;
  });
  itself = &driver;
  driver.wake(Lane::questions);
  driver.run_until(clock.now() + 1h);
  EXPECT_EQ(turns, (Runs{{Lane::questions, 0min}, {Lane::assignment, 0min}}));
}

TEST(Driver, NoticesALoopWithoutAPause) {
  ManualClock clock;
  Driver driver(clock, kLanes, [&](Lane, const sync::RunRequest&) { return std::optional(clock.now()); });
  driver.start();
  driver.run_until(clock.now() + 10min);
  EXPECT_TRUE(driver.has_spun());
}

}  // namespace
}  // namespace muster::explore
