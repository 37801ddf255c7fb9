// The state of a device at a time, derived from its history.
#include "sync/rules/explain.h"

#include <gtest/gtest.h>

#include "tests/support/manual_clock.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using Kind = HistoryEntry::Kind;

// One entry a minute.
std::vector<HistoryEntry> history(std::initializer_list<std::pair<Kind, std::string>> entries) {
  std::vector<HistoryEntry> all;
  for (const auto& [kind, detail] : entries)
    all.push_back({DeviceId{1}, kNow + 1min * static_cast<int>(all.size()), kind, detail});
  return all;
}

TEST(StateAt, IsUnknownBeforeTheFirstEntry) {
  EXPECT_FALSE(state_at(history({{Kind::arrived, "added, empty"}}), kNow - 1ms).known);
  EXPECT_TRUE(state_at(history({{Kind::arrived, "added, empty"}}), kNow).known);
}

TEST(StateAt, FollowsWhatHappened) {
  const auto life = history({{Kind::baseline, "assigned OLD"},
                             {Kind::observed, "assigned OLD -> removed OLD"},
                             {Kind::decided, "'lab' version 2 -> NEW; also covered by filter '*'"},
                             {Kind::answered, "THROTTLED NEW"},
                             {Kind::answered, "SUCCESS NEW"},
                             {Kind::confirmed, "NEW"},
                             {Kind::held, ""},
                             {Kind::released, ""},
                             {Kind::uncovered, ""},
                             {Kind::contested, "NEW"},
                             {Kind::left, "deleted"},
                             {Kind::arrived, "modified, removed OLD"}});
  const auto after = [&](int minutes) { return state_at(life, kNow + 1min * minutes + 30s); };
  EXPECT_EQ(after(0).observed, "assigned OLD");
  EXPECT_EQ(after(0).desired, "");
  EXPECT_EQ(after(1).observed, "removed OLD");
  EXPECT_EQ(after(2).desired, "'lab' version 2 -> NEW; also covered by filter '*'");
  EXPECT_EQ(after(3).last_answer, "THROTTLED NEW");
  EXPECT_EQ(after(3).observed, "removed OLD");
  EXPECT_EQ(after(5).observed, "assigned NEW");
  EXPECT_EQ(after(6).desired, "nothing: on hold");
  EXPECT_EQ(after(7).desired, "");
  EXPECT_EQ(after(8).desired, "nothing: no rule covers it");
  EXPECT_TRUE(after(9).contested);
  EXPECT_EQ(after(10).left_at, kNow + 10min);
  EXPECT_EQ(after(10).last_answer, "");
  EXPECT_FALSE(after(11).left_at);
  EXPECT_FALSE(after(11).contested);
  EXPECT_EQ(after(11).observed, "removed OLD");
}

TEST(StateAt, AnInheritedHoldIsAHold) {
  const auto state = state_at(history({{Kind::inherited, "replaces OLD: its note and hold were taken over"},
                                       {Kind::arrived, "added, empty"},
                                       {Kind::held, "taken over from OLD"}}),
                              kNow + 1h);
  EXPECT_EQ(state.observed, "empty");
  EXPECT_EQ(state.desired, "nothing: on hold");
}

}  // namespace
}  // namespace muster::sync
