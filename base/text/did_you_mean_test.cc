#include "base/text/did_you_mean.h"

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(EditDistance, CountsEditsAndSwaps) {
  EXPECT_EQ(0U, edit_distance("get", "get"));
  EXPECT_EQ(1U, edit_distance("gte", "get"));
  EXPECT_EQ(1U, edit_distance("dep-device", "dep-devices"));
  EXPECT_EQ(3U, edit_distance("", "abc"));
  EXPECT_EQ(3U, edit_distance("kitten", "sitting"));
}

TEST(DidYouMean, GivesTheNearestWordThatIsNear) {
  const std::vector<std::string> known = {"devices", "dep-devices", "dep-account"};
  EXPECT_EQ("dep-devices", did_you_mean("depdevices", known));
  EXPECT_EQ("devices", did_you_mean("device", known));
  EXPECT_EQ("", did_you_mean("blueprints", known));
  EXPECT_EQ("", did_you_mean(std::string(100'000, 'd'), known));
}

TEST(DidYouMean, DoesNotTurnAShortWordIntoAnother) { EXPECT_EQ("", did_you_mean("xy", {"ab", "cd"})); }

}  // namespace
}  // namespace muster
