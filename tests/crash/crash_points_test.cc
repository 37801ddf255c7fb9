// The server dies at each passing of each kill point of base/os/kill_point.h: between a transaction and its
// commit, between a commit and whatever follows, between a decision and the call to Apple, between Apple's
// answer and its being stored. Every story ends as the one without a crash does, and nothing is assigned
// twice.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <random>

#include "tests/crash/story.h"

namespace muster::test {
namespace {

// Each kill point's passings are dealt out to so many tests, which run side by side.
constexpr long long kParts = 4;

// A test tries one of so many of its passings, others each time; `./dev nightly` tries all.
long long stride() { return std::getenv("MUSTER_ALL_CRASH_POINTS") ? 1 : 4; }

const Ending& without_a_crash() {
  static const Ending kEnding = tell_story();
  return kEnding;
}

// The lines of `table` that the other one does not have.
std::string missing_in(std::vector<std::string> other, std::vector<std::string> table) {
  std::sort(other.begin(), other.end());
  std::sort(table.begin(), table.end());
  std::vector<std::string> missing;
  std::set_difference(table.begin(), table.end(), other.begin(), other.end(), std::back_inserter(missing));
  std::string text;
  for (const auto& line : missing) text += line + "\n";
  return text;
}

class CrashPoint : public testing::TestWithParam<std::tuple<const char*, long long>> {
 protected:
  static void expect_the_same_end(bool power_cut);
};

void CrashPoint::expect_the_same_end(bool power_cut) {
  const auto& [point, part] = GetParam();
  const auto& reference = without_a_crash();
  ASSERT_TRUE(reference.passed.contains(point)) << "nothing passes " << point;
  const long long passings = reference.passed.at(point);
  ASSERT_GE(passings, std::max(10LL, kParts * stride())) << "the story is told by a server that hardly works";

  long long tried = 0, killed = 0;
  const long long first = 1 + part + kParts * static_cast<long long>(std::random_device()() % stride());
  for (long long passing = first; passing <= passings; passing += kParts * stride()) {
    SCOPED_TRACE(std::string(point) + ":" + std::to_string(passing));
    auto ending = tell_story(KillAt{point, passing}, power_cut);
    EXPECT_EQ(missing_in(ending.table, reference.table), "") << "of the story without a crash";
    EXPECT_EQ(missing_in(reference.table, ending.table), "") << "of this story";
    EXPECT_GE(ending.assigned, reference.assigned) << "a serial was not assigned";
    EXPECT_LE(ending.assigned, reference.assigned + ending.asked_again) << "a serial was assigned twice";
    ++tried;
    killed += ending.killed;
    // A slow machine does in one transaction what took two in the story that is measured by.
    const bool passed_unharmed = !ending.killed && ending.passed[point] >= passing;
    EXPECT_FALSE(passed_unharmed) << "of " << ending.passed[point];
  }
  EXPECT_GT(killed, 0);
  EXPECT_GE(4 * killed, 3 * (tried - 1)) << "of " << tried;
}

TEST_P(CrashPoint, EndsTheSame) { expect_the_same_end(false); }

class PowerCut : public CrashPoint {};

// What a write promised when it returned is there, though nothing else may be.
TEST_P(PowerCut, EndsTheSame) { expect_the_same_end(true); }

const auto kEveryPart =
    testing::Combine(testing::Values("commit.before", "commit.after", "apple.before", "apple.after"),
                     testing::Range(0LL, kParts));

std::string name_of(const testing::TestParamInfo<std::tuple<const char*, long long>>& tested) {
  std::string name = std::get<0>(tested.param);
  name[name.find('.')] = '_';
  return name + "_" + std::to_string(std::get<1>(tested.param));
}

INSTANTIATE_TEST_SUITE_P(Every, CrashPoint, kEveryPart, name_of);
INSTANTIATE_TEST_SUITE_P(Every, PowerCut, kEveryPart, name_of);

}  // namespace
}  // namespace muster::test
