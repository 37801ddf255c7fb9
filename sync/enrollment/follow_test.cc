#include "sync/enrollment/follow.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using Kind = CheckIn::Kind;
using Change = EnrollmentChange;

const Time kFollowTime = from_millis(1'772'355'600'000);

CheckIn at(Kind kind, Millis when, bool is_first = false) {
  return {.kind = kind,
          .udid = "U",
          .serial = Serial("A"),
          .at = kFollowTime + when,
          .told_at = kFollowTime + when,
          .is_first = is_first};
}

Enrollment known() { return {.serial = Serial("A"), .udid = "U"}; }

Enrollment after(std::vector<CheckIn> check_ins) {
  Enrollment enrollment = known();
  for (const auto& check_in : check_ins) follow(enrollment, check_in);
  return enrollment;
}

TEST(Follow, ADeviceEnrollsAndLeaves) {
  Enrollment enrollment = known();
  EXPECT_EQ(follow(enrollment, at(Kind::authenticate, 0s)), Change::began);
  EXPECT_FALSE(enrollment.enrolled_at);
  EXPECT_EQ(follow(enrollment, at(Kind::token_update, 1s, true)), Change::enrolled);
  EXPECT_EQ(enrollment.enrolled_at, kFollowTime + 1s);
  EXPECT_EQ(follow(enrollment, at(Kind::token_update, 2s)), Change::none) << "its token changes";
  EXPECT_EQ(follow(enrollment, at(Kind::check_out, 3s)), Change::ended);
  EXPECT_FALSE(enrollment.enrolled_at);
  EXPECT_EQ(enrollment.ended_at, kFollowTime + 3s);
  EXPECT_EQ(enrollment.last_seen, kFollowTime + 3s);
}

TEST(Follow, ADeviceThatIsErasedEnrollsAnew) {
  auto enrollment = after({at(Kind::authenticate, 0s), at(Kind::token_update, 1s, true)});
  auto again = at(Kind::authenticate, 24h);
  again.udid = "NEW";
  EXPECT_EQ(follow(enrollment, again), Change::ended);
  EXPECT_EQ(enrollment.udid, "NEW");
  EXPECT_EQ(follow(enrollment, at(Kind::token_update, 24h, true)), Change::enrolled)
      << "within the same millisecond";
  EXPECT_EQ(enrollment.enrolled_at, kFollowTime + 24h);
}

// MicroMDM does not count token updates.
TEST(Follow, AnyTokenUpdateEnrollsWhoIsNotEnrolled) {
  auto enrollment = after({at(Kind::authenticate, 0s)});
  EXPECT_EQ(follow(enrollment, at(Kind::token_update, 1s)), Change::enrolled);
}

TEST(Follow, WhatComesAgainChangesNothing) {
  const std::vector<CheckIn> story{at(Kind::authenticate, 0s), at(Kind::token_update, 1s, true),
                                   at(Kind::check_out, 2h), at(Kind::authenticate, 3h),
                                   at(Kind::token_update, 4h, true)};
  auto enrollment = after(story);
  const auto whole = enrollment;
  EXPECT_TRUE(whole.enrolled_at);
  for (const auto& replayed : story) {
    EXPECT_EQ(follow(enrollment, replayed), Change::none);
    EXPECT_EQ(enrollment, whole);
  }
}

// In whatever order the messages of one enrolment come, and those of the one before between them.
TEST(Follow, TheOrderOfMessagesDoesNotMatter) {
  std::vector<int> order{0, 1, 2};
  const std::vector<CheckIn> story{at(Kind::check_out, 0s), at(Kind::authenticate, 10s),
                                   at(Kind::token_update, 20s, true)};
  do {
    std::vector<CheckIn> shuffled{at(Kind::authenticate, -20s), at(Kind::token_update, -10s, true)};
    for (const int place : order) shuffled.push_back(story[static_cast<size_t>(place)]);
    EXPECT_EQ(after(shuffled).enrolled_at, kFollowTime + 20s) << order[0] << order[1] << order[2];
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(Follow, ADeviceIsSeenOnceAnHour) {
  auto enrollment = after({at(Kind::authenticate, 0s), at(Kind::token_update, 0s, true)});
  EXPECT_EQ(follow(enrollment, at(Kind::connect, 59min)), Change::none);
  EXPECT_EQ(enrollment.last_seen, kFollowTime);
  EXPECT_EQ(follow(enrollment, at(Kind::connect, 60min)), Change::seen);
  EXPECT_EQ(enrollment.last_seen, kFollowTime + 60min);
  EXPECT_EQ(follow(enrollment, at(Kind::connect, 1min)), Change::none) << "late";
  EXPECT_EQ(enrollment.last_seen, kFollowTime + 60min);
}

TEST(Follow, AUdidMeansTheDeviceThatTookItLast) {
  auto older = after({at(Kind::authenticate, 0s)}), newer = after({at(Kind::authenticate, 1s)});
  EXPECT_TRUE(began_after(newer, older));
  EXPECT_FALSE(began_after(older, newer));
}

}  // namespace
}  // namespace muster::sync
