#include "base/text/strings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace muster {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Strings, AreTrimmedAtBothEnds) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n "), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Strings, ChangeAsciiCaseOnly) {
  EXPECT_EQ(to_lower("ABCÄ1"), "abcÄ1");
  EXPECT_EQ(to_upper("abcä1"), "ABCä1");
  EXPECT_TRUE(equals_ignoring_case("Content-Length", "content-length"));
  EXPECT_FALSE(equals_ignoring_case("abc", "abcd"));
  EXPECT_FALSE(equals_ignoring_case("@", "`")) << "32 apart, but no letters";
}

TEST(Strings, OrderIgnoresTheCaseOfAsciiLetters) {
  EXPECT_EQ(compare_ignoring_case("iPad", "IPAD"), 0);
  EXPECT_LT(compare_ignoring_case("a", "B"), 0);
  EXPECT_GT(compare_ignoring_case("a_", "A"), 0);
  EXPECT_GT(compare_ignoring_case("Z", "_"), 0) << "as z does";
  EXPECT_GT(compare_ignoring_case("\xC3\xA9", "z"), 0) << "bytes above ASCII come last";
  EXPECT_LT(compare_ignoring_case("", "a"), 0);
}

TEST(SplitList, DropsWhatIsEmpty) {
  EXPECT_THAT(split_list(" A, ,B,", ','), ElementsAre("A", "B"));
  EXPECT_THAT(split_list("A", ','), ElementsAre("A"));
  EXPECT_THAT(split_list("", ','), IsEmpty());
  EXPECT_THAT(split_list(",,", ','), IsEmpty());
}

TEST(EqualsConstantTime, TellsEqualFromUnequal) {
  EXPECT_TRUE(equals_constant_time("", ""));
  EXPECT_TRUE(equals_constant_time("secret", "secret"));
  EXPECT_FALSE(equals_constant_time("secret", "secreT"));
  EXPECT_FALSE(equals_constant_time("secre", "secret"));
  EXPECT_FALSE(equals_constant_time("", "secret"));
}

}  // namespace
}  // namespace muster
