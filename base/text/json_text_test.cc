#include "base/text/json_text.h"

#include <gtest/gtest.h>

namespace muster {
namespace {

std::string place(std::string_view text, size_t offset) {
  const auto found = place_in(text, offset);
  return std::to_string(found.line) + ":" + std::to_string(found.column);
}

TEST(PlaceIn, CountsLinesAndCharacters) {
  EXPECT_EQ("1:1", place("", 0));
  EXPECT_EQ("1:3", place("abc", 2));
  EXPECT_EQ("2:1", place("a\nb", 2));
  EXPECT_EQ("3:2", place("a\r\n\nbc", 5));
  EXPECT_EQ("1:3", place("\xc3\xa9\xf0\x9f\x99\x82z", 6)) << "two characters of two and four bytes";
  EXPECT_EQ("1:4", place("abc", 99)) << "never beyond the end";
}

TEST(ReadJson, SaysWhereAMistakeIsFoundOut) {
  const auto fault = read_json("{\"\xc3\xa9\": tru}");
  ASSERT_FALSE(fault);
  EXPECT_EQ(7U, fault.error().offset) << "where the word begins";
  EXPECT_STREQ("this is not JSON", fault.error().what);
  EXPECT_STREQ("it is nested too deeply", read_json(std::string(33, '[')).error().what);
  EXPECT_TRUE(read_json(std::string(32, '[') + std::string(32, ']')));
}

}  // namespace
}  // namespace muster
