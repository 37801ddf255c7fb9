#include "apple/answers/retry_after.h"

#include <gtest/gtest.h>

namespace muster::apple {
namespace {

using std::chrono::seconds;

const Time kHeardAt = from_millis(784'111'777'000 + 500);  // Sun, 06 Nov 1994 08:49:37.5 GMT

std::optional<seconds> read_wait(const char* value, const char* date = nullptr) {
  http::Headers headers{{"retry-after", value}};
  if (date) headers.add("date", date);
  return retry_after(headers, kHeardAt);
}

TEST(RetryAfter, ReadsSeconds) {
  EXPECT_EQ(read_wait("0"), seconds(0));
  EXPECT_EQ(read_wait("120"), seconds(120));
  EXPECT_EQ(read_wait(" 120 "), seconds(120));
}

TEST(RetryAfter, ReadsTheThreeFormsOfADate) {
  EXPECT_EQ(read_wait("Sun, 06 Nov 1994 08:50:37 GMT"), seconds(60));
  EXPECT_EQ(read_wait("Sunday, 06-Nov-94 08:50:37 GMT"), seconds(60));
  EXPECT_EQ(read_wait("Sun Nov  6 08:50:37 1994"), seconds(60));
}

TEST(RetryAfter, CountsADateFromTheAnswersOwnDate) {
  EXPECT_EQ(read_wait("Sun, 06 Nov 1994 10:00:30 GMT", "Sun, 06 Nov 1994 10:00:00 GMT"), seconds(30));
  EXPECT_EQ(read_wait("Sun, 06 Nov 1994 08:50:37 GMT", "yesterday or so"), seconds(60));
}

TEST(RetryAfter, APassedDateIsNow) { EXPECT_EQ(read_wait("Sun, 06 Nov 1994 08:00:00 GMT"), seconds(0)); }

TEST(RetryAfter, IsBounded) {
  EXPECT_EQ(read_wait("86401"), kLongestRetryAfter);
  EXPECT_EQ(read_wait("99999999999999999999999999"), kLongestRetryAfter);
  EXPECT_EQ(read_wait("Sun, 06 Nov 2039 08:50:37 GMT"), kLongestRetryAfter);
}

TEST(RetryAfter, UnreadableIsAbsent) {
  for (const char* value : {"", "soon", "-5", "1.5", "12:00", "0x10"})
    EXPECT_EQ(read_wait(value), std::nullopt) << value;
  EXPECT_EQ(retry_after({}, kHeardAt), std::nullopt);
}

TEST(ClockSkew, IsOursMinusTheirs) {
  EXPECT_EQ(clock_skew({{"Date", "Sun, 06 Nov 1994 08:39:37 GMT"}}, kHeardAt), seconds(600));
  EXPECT_EQ(clock_skew({{"Date", "Sun, 06 Nov 1994 08:59:37 GMT"}}, kHeardAt), seconds(-600));
  EXPECT_EQ(clock_skew({{"Date", "?"}}, kHeardAt), std::nullopt);
  EXPECT_EQ(clock_skew({}, kHeardAt), std::nullopt);
}

}  // namespace
}  // namespace muster::apple
