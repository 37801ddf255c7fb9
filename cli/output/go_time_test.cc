#include "cli/output/go_time.h"

#include <gtest/gtest.h>

namespace muster::cli {
namespace {

TEST(GoTime, PrintsAsTimeString) {
  EXPECT_EQ("2030-01-01 00:00:00 +0000 UTC", go_time("2030-01-01T00:00:00Z"));
  EXPECT_EQ("0001-01-01 00:00:00 +0000 UTC", go_time("0001-01-01T00:00:00Z"));
  EXPECT_EQ("2029-12-31 22:00:00 +0000 UTC", go_time("2030-01-01T00:00:00+02:00"));
}

TEST(GoTime, PrintsAnUnsetTimeAsTheZeroTime) { EXPECT_EQ("0001-01-01 00:00:00 +0000 UTC", go_time("")); }

TEST(GoTime, LeavesOtherTextAlone) {
  EXPECT_EQ("tomorrow", go_time("tomorrow"));
  EXPECT_EQ("soon", go_time("soon"));
}

}  // namespace
}  // namespace muster::cli
