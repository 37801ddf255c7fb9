// Each invariant can fail: a forged outcome violates it, and the same outcome without the forgery does not.
#include "tests/explore/check/invariant.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace muster::explore {
namespace {

using namespace std::chrono_literals;

const Time kBegin = from_millis(1'772'355'600'000);
const Standing kAssigned{.is_here = true, .by = "rule", .desired = "P1", .at_apple = "P1"};
const Standing kUntouched{.is_here = true, .by = "nobody", .at_apple = "none"};

Call call(Millis at, const std::string& name) { return {.at = kBegin + at, .name = name, .status = 200}; }

Call spoilt(Millis at, const std::string& name) {
  Call made = call(at, name);
  made.spoilt = made.failed = true;
  made.status = 500;
  return made;
}

// A03 arrives at 3:01 and is assigned at 3:20; sync fails from 5:00 to 10:00.
class InvariantTest : public testing::Test {
 protected:
  InvariantTest() {
    story_.plot.events = {{.at = 3h + 1min, .what = Happening::arrive, .serials = {"A03"}}};
    story_.faults = {{.call = "sync", .begin = 5h, .length = 5h}};
    Call sent = call(3h + 20min, "assign");
    sent.asked = sent.changed = {"A03"};
    twin_ = {.begin = kBegin,
             .healthy_at = kBegin + 10h,
             .end = {{"A03", kAssigned}, {"B01", kUntouched}},
             .calls = {sent},
             .samples = {{.at = kBegin + 12h}},
             .assigned = {{"A03", "P1"}},
             .arrived = {{"A03", 1}}};
    outcome_ = twin_;
    for (Millis at = 5h; at < 10h; at += 15min) outcome_.calls.push_back(spoilt(at, "sync"));
    outcome_.samples = {{.at = kBegin + 6h, .names_trouble = true, .trouble = "500"},
                        {.at = kBegin + 6h + 30min, .names_trouble = true, .trouble = "500"},
                        {.at = kBegin + 12h}};
  }

  std::string broken() {
    const auto finding = judge(story_, outcome_, twin_);
    return finding ? finding->invariant : "none";
  }

  Story story_;
  Outcome twin_, outcome_;
};

TEST_F(InvariantTest, HoldForAStoryThatEndsWell) { EXPECT_EQ(broken(), "none"); }

TEST_F(InvariantTest, SameEndSeesALostDevice) {
  outcome_.end["A03"].at_apple = "none";
  EXPECT_EQ(broken(), "same end state");
}

TEST_F(InvariantTest, SameEndSeesALostHold) {
  twin_.end["B01"].by = "hold";
  EXPECT_EQ(broken(), "same end state");
}

TEST_F(InvariantTest, SameEndExcusesWhatAnOperatorDidToAnotherState) {
  twin_.end["B01"].by = "hold";
  twin_.before[0] = {{"B01", kUntouched}};
  outcome_.before[0] = {{"B01", kAssigned}};
  EXPECT_EQ(broken(), "none");
}

TEST_F(InvariantTest, NothingElseStopsSeesWorkThatWaits) {
  outcome_.samples[0].unsent = "A03";
  EXPECT_EQ(broken(), "nothing else stops");
  outcome_.samples[0] = {.at = kBegin + 6h, .names_trouble = true, .unasked = "A03"};
  EXPECT_EQ(broken(), "nothing else stops");
}

TEST_F(InvariantTest, NothingElseStopsLetsWorkWaitForItsOwnLane) {
  outcome_.samples[0].unseen = "A03";
  outcome_.samples[0].unseen_since = kBegin + 4h;
  EXPECT_EQ(broken(), "none");
  outcome_.calls = twin_.calls;
  outcome_.samples[0].names_trouble = false;
  EXPECT_EQ(broken(), "nothing else stops");
}

TEST_F(InvariantTest, NothingElseStopsLetsEverythingWaitForTheAccount) {
  story_.faults[0].answer = {.status = 403, .word = "T_C_NOT_SIGNED"};
  outcome_.samples[0].unsent = "A03";
  EXPECT_EQ(broken(), "none");
}

TEST_F(InvariantTest, NothingElseStopsSeesALateArrival) {
  outcome_.calls[0].at += 2h;
  story_.faults[0].call = "fetch";
  for (Call& made : outcome_.calls)
    if (made.spoilt) made.name = "fetch";
  EXPECT_EQ(broken(), "nothing else stops");
}

TEST_F(InvariantTest, NoStormSeesAFullMinute) {
  for (int i = 0; i < 40; ++i) outcome_.calls.push_back(call(9h + 1s * i, "sync"));
  EXPECT_EQ(broken(), "no storm");
}

TEST_F(InvariantTest, NoStormSeesAFullHour) {
  for (int i = 0; i < 100; ++i) outcome_.calls.push_back(spoilt(9h + 1min + 30s * i, "sync"));
  outcome_.healthy_at += 2h;
  EXPECT_EQ(broken(), "no storm");
}

TEST_F(InvariantTest, NoStormSeesALoopWithoutAPause) {
  outcome_.has_spun = true;
  EXPECT_EQ(broken(), "no storm");
}

TEST_F(InvariantTest, NoUnrequestedCallSeesAnAssignment) {
  outcome_.assigned.emplace("B01", "P1");
  EXPECT_EQ(broken(), "no unrequested call");
}

TEST_F(InvariantTest, NoUnrequestedCallSeesATombstoneThatIsGoneAgain) {
  outcome_.left["B01"] = 1;
  EXPECT_EQ(broken(), "no unrequested call");
}

TEST_F(InvariantTest, NoUnrequestedCallSeesASecondArrival) {
  outcome_.arrived["A03"] = 2;
  EXPECT_EQ(broken(), "no unrequested call");
}

TEST_F(InvariantTest, NoUnrequestedCallExcusesASecondArrivalWhereDatesAreHidden) {
  outcome_.arrived["A03"] = 2;
  story_.faults[0].answer.change.key = "device_assigned_date";
  EXPECT_EQ(broken(), "none");
}

TEST_F(InvariantTest, NoUnrequestedCallSeesADeviceThatIsSentTwice) {
  Call again = call(4h, "assign");
  again.asked = again.needless = {"A03"};
  outcome_.calls.push_back(again);
  EXPECT_EQ(broken(), "no unrequested call");
}

TEST_F(InvariantTest, TruthSeesSilenceWhileTheFaultLasts) {
  outcome_.samples[0].names_trouble = false;
  EXPECT_EQ(broken(), "none");
  outcome_.samples[1].names_trouble = false;
  EXPECT_EQ(broken(), "truth");
}

TEST_F(InvariantTest, TruthAllowsSilenceAboutDetailsThatAListHasAnswered) {
  for (auto& made : outcome_.calls)
    if (made.name == "sync") made.name = "details";
  story_.faults[0].call = "details";
  outcome_.samples[0].names_trouble = outcome_.samples[1].names_trouble = false;
  EXPECT_EQ(broken(), "truth");
  const auto later = std::find_if(outcome_.calls.begin(), outcome_.calls.end(),
                                  [](const Call& made) { return made.at >= kBegin + 5h + 50min; });
  outcome_.calls.insert(later, call(5h + 50min, "fetch"));
  std::erase_if(outcome_.calls,
                [](const Call& made) { return made.name == "details" && made.at >= kBegin + 5h + 50min; });
  EXPECT_EQ(broken(), "none");
}

TEST_F(InvariantTest, TruthSeesTroubleThatIsOver) {
  outcome_.samples[2] = {.at = kBegin + 12h, .names_trouble = true, .trouble = "500"};
  EXPECT_EQ(broken(), "truth");
}

}  // namespace
}  // namespace muster::explore
