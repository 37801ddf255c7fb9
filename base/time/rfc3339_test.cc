#include "base/time/rfc3339.h"

#include <gtest/gtest.h>

namespace muster {
namespace {

using namespace std::chrono_literals;

// 2026-01-17T11:02:21Z, by `date -u -d ... +%s`.
constexpr Time kMoment{Millis(1'768'647'741'000)};

TEST(Rfc3339, ReadsTheUsualForms) {
  EXPECT_EQ(parse_rfc3339("2026-01-17T11:02:21Z"), kMoment);
  EXPECT_EQ(parse_rfc3339("2026-01-17t11:02:21z"), kMoment);
  EXPECT_EQ(parse_rfc3339("2026-01-17 11:02:21Z"), kMoment);
  EXPECT_EQ(parse_rfc3339("2026-01-17T11:02:21"), kMoment) << "no zone is UTC";
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00Z"), Time{});
  EXPECT_EQ(parse_rfc3339("0001-01-01T00:00:00Z"), Time(Millis(-62'135'596'800'000))) << "Go's zero time";
}

TEST(Rfc3339, CutsFractionsToMilliseconds) {
  EXPECT_EQ(parse_rfc3339("2026-01-17T11:02:21.8Z"), kMoment + 800ms);
  EXPECT_EQ(parse_rfc3339("2026-01-17T11:02:21.803999999Z"), kMoment + 803ms);
}

TEST(Rfc3339, AppliesOffsets) {
  EXPECT_EQ(parse_rfc3339("2026-01-17T12:02:21+01:00"), kMoment);
  EXPECT_EQ(parse_rfc3339("2026-01-17T05:32:21-0530"), kMoment);
  EXPECT_EQ(parse_rfc3339("2026-01-18T00:02:21+13:00"), kMoment);
}

TEST(Rfc3339, ReadsAPlainDateAsMidnight) {
  EXPECT_EQ(parse_rfc3339("2026-01-17"), kMoment - 11h - 2min - 21s);
  EXPECT_TRUE(parse_rfc3339("2024-02-29"));
}

TEST(Rfc3339, RejectsTheRest) {
  for (const char* text : {"", " ", "2026", "2026-13-01", "2026-02-29", "2026-00-10", "2026-01-17T",
                           "2026-01-17T24:00:00Z", "2026-01-17T11:60:00Z", "2026-01-17T11:02:61Z",
                           "2026-01-17T11:02Z", "2026-01-17T11:02:21.Z", "2026-01-17T11:02:21Zx",
                           "2026-01-17T11:02:21+1", "2026-01-17T11:02:21+25:00", "tomorrow", "-026-01-17"})
    EXPECT_FALSE(parse_rfc3339(text)) << text;
}

TEST(Rfc3339, RejectsWhatItsOffsetTakesOutOfTheYearsItCanWrite) {
  EXPECT_FALSE(parse_rfc3339("0000-01-01T00:00:00+00:01"));
  EXPECT_FALSE(parse_rfc3339("9999-12-31T23:59:59-00:01"));
  EXPECT_FALSE(parse_rfc3339("9999-12-31T23:59:60Z"));
  EXPECT_TRUE(parse_rfc3339("9999-12-31T23:59:59Z"));
}

TEST(Rfc3339, WritesWhatItReads) {
  EXPECT_EQ(format_rfc3339(kMoment), "2026-01-17T11:02:21Z");
  EXPECT_EQ(format_rfc3339(kMoment + 999ms), "2026-01-17T11:02:21Z");
  EXPECT_EQ(format_rfc3339_millis(kMoment + 7ms), "2026-01-17T11:02:21.007Z");
  EXPECT_EQ(format_rfc3339(Time(Millis(-62'135'596'800'000))), "0001-01-01T00:00:00Z");
  EXPECT_EQ(format_rfc3339_millis(Time(-1ms)), "1969-12-31T23:59:59.999Z");
  for (const long long ms : {0LL, 1LL, 951'782'399'999LL, 1'768'647'741'803LL, 253'402'300'799'999LL})
    EXPECT_EQ(parse_rfc3339(format_rfc3339_millis(from_millis(ms))), from_millis(ms));
}

}  // namespace
}  // namespace muster
