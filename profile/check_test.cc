#include "profile/check.h"

#include <gtest/gtest.h>

#include "profile/findings.h"

namespace muster {
namespace {

// The golden cases of tests/golden have every finding; here is what a file does not show well.

std::string lines_of(const std::string& text) {
  std::string lines;
  for (const auto& finding : check_profile(text)) lines += to_line(finding) + "\n";
  return lines;
}

TEST(ProfileCheck, TakesAnyBytes) {
  EXPECT_EQ(
      "1:1: error: MALFORMED_REQUEST_BODY: it is empty. "
      "`mdmctl apply dep-profiles -template` shows a profile's form\n",
      lines_of(""));
  EXPECT_TRUE(lines_of("\xEF\xBB\xBF{}")
                  .starts_with("1:1: error: MALFORMED_REQUEST_BODY: it begins with a byte order mark"));
  EXPECT_TRUE(lines_of(std::string("\0", 1)).starts_with("1:1: error: MALFORMED_REQUEST_BODY: "));
  EXPECT_TRUE(lines_of("{\"a\": \"\xff\"}").starts_with("1:8: error: MALFORMED_REQUEST_BODY: "));
  EXPECT_TRUE(lines_of(" \n ").starts_with("2:2: error: MALFORMED_REQUEST_BODY: it is incomplete"));
}

TEST(ProfileCheck, CountsColumnsInCharacters) {
  EXPECT_TRUE(lines_of("{\"profile_name\": \"École 🙂\",\n \"é\": 1, \"url\": \"\"}")
                  .find("2:17: error: CONFIG_URL_INVALID: url: it is empty") != std::string::npos);
}

TEST(ProfileCheck, TheLastOfTwoCounts) {
  const auto lines =
      lines_of(R"({"profile_name": "P", "url": "https://mdm.example.org/", "is_supervised": true, )"
               R"("is_mdm_removable": false, "is_supervised": false})");
  EXPECT_NE(std::string::npos, lines.find("FLAGS_INVALID")) << lines;
  EXPECT_NE(std::string::npos, lines.find("is_supervised: it is there twice")) << lines;
}

TEST(ProfileCheck, LooksAtNoMoreThanTheFirstFindings) {
  std::string text = R"({"skip_setup_items": [")";
  for (int i = 0; i < 100'000; ++i) text += "Sirj\", \"";
  EXPECT_EQ(kMostProfileFindings, check_profile(text + "\"]}").size());
}

TEST(PlaceFinder, GivesThePlacesOfRisingOffsets) {
  PlaceFinder places(
      "ab\n\xc3\xa9"
      "d\n\nx");
  for (const auto& [offset, line, column] :
       {std::tuple{1, 1, 2}, {1, 1, 2}, {3, 2, 1}, {5, 2, 2}, {7, 3, 1}, {8, 4, 1}, {9, 4, 2}}) {
    const auto place = places.at(static_cast<size_t>(offset));
    EXPECT_EQ(static_cast<size_t>(line), place.line) << offset;
    EXPECT_EQ(static_cast<size_t>(column), place.column) << offset;
  }
}

}  // namespace
}  // namespace muster
