#include "sim/world/codec.h"

#include <gtest/gtest.h>

#include "base/time/rfc3339.h"
#include "sim/world/random.h"

namespace muster::sim {
namespace {

TEST(Codec, Base64WithAndWithoutPadding) {
  EXPECT_EQ(to_base64("f", Padding::with), "Zg==");
  EXPECT_EQ(to_base64("f", Padding::without), "Zg");
  EXPECT_EQ(to_base64("", Padding::with), "");
  for (const char* text : {"Zm8=", "Zm8"}) EXPECT_EQ(from_base64(text), "fo") << text;
  EXPECT_EQ(from_base64("Zm9vYg=="), "foob");
  for (const char* bad : {"Z", "Zm9vY", "Zm 8", "Zm-_", "Zm8=Zm8="}) EXPECT_FALSE(from_base64(bad)) << bad;
}

TEST(Codec, PercentEncodesAllButTheUnreserved) {
  EXPECT_EQ(to_percent("azAZ09-._~"), "azAZ09-._~");
  EXPECT_EQ(to_percent("a/b+c=d e\xc3\xa9"), "a%2Fb%2Bc%3Dd%20e%C3%A9");
  EXPECT_EQ(from_percent("a%2fb%2B"), "a/b+");
  for (const char* bad : {"%", "%2", "%zz"}) EXPECT_FALSE(from_percent(bad)) << bad;
}

TEST(Codec, JsonStringsAreEscaped) {
  std::string out;
  append_json_string(out, "a\"b\\c\n\xc3\xa9");
  EXPECT_EQ(out, "\"a\\\"b\\\\c\\u000a\xc3\xa9\"");
}

TEST(Codec, DatesAreThoseOfTheGeneralFormatter) {
  Random random(7);
  for (int i = 0; i < 2000; ++i) {
    const auto ms = static_cast<long long>(random.below(4'102'444'800'000ULL));  // to 2100
    std::string date;
    append_date(date, ms);
    EXPECT_EQ(date, format_rfc3339(from_millis(ms)));
  }
  std::string leap_day;
  append_date(leap_day, 1'709'210'096'999);
  EXPECT_EQ(leap_day, "2024-02-29T12:34:56Z");
}

}  // namespace
}  // namespace muster::sim
