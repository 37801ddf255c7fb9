#include "base/text/glob.h"

#include <gtest/gtest.h>

#include <string>

namespace muster {
namespace {

TEST(Glob, MatchesTheWholeText) {
  EXPECT_TRUE(glob_matches("iPad", "iPad"));
  EXPECT_FALSE(glob_matches("iPad", "iPad Pro"));
  EXPECT_FALSE(glob_matches("Pad", "iPad"));
  EXPECT_TRUE(glob_matches("", ""));
  EXPECT_FALSE(glob_matches("", "x"));
  EXPECT_FALSE(glob_matches("x", ""));
}

TEST(Glob, StarIsAnythingOrNothing) {
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_TRUE(glob_matches("**", "x"));
  EXPECT_TRUE(glob_matches("MacBook*", "MacBook"));
  EXPECT_TRUE(glob_matches("MacBook*", "MacBook Pro"));
  EXPECT_TRUE(glob_matches("*Pro*", "iPad Pro (11-inch)"));
  EXPECT_TRUE(glob_matches("a*b*c", "a-b-b-c"));
  EXPECT_TRUE(glob_matches("*ab", "aab"));
  EXPECT_FALSE(glob_matches("a*b*c", "a-c-b"));
}

TEST(Glob, QuestionMarkIsOneCharacter) {
  EXPECT_TRUE(glob_matches("C0?", "C02"));
  EXPECT_FALSE(glob_matches("C0?", "C0"));
  EXPECT_TRUE(glob_matches("Gr??e", "Größe"));
  EXPECT_FALSE(glob_matches("Gr????e", "Größe"));
  EXPECT_TRUE(glob_matches("*?", "é"));
  EXPECT_FALSE(glob_matches("*??", "é"));
  EXPECT_TRUE(glob_matches("a??b",
                           "a\xC3\xFF"
                           "b"));  // bytes of no character
}

TEST(Glob, IgnoresTheCaseOfAsciiLettersOnly) {
  EXPECT_TRUE(glob_matches("ipad*", "IPAD PRO"));
  EXPECT_FALSE(glob_matches("größe", "GRÖSSE"));
  EXPECT_FALSE(glob_matches("@", "`"));
}

TEST(Glob, OtherSignsAreThemselves) {
  EXPECT_TRUE(glob_matches("100%_[a]\\", "100%_[A]\\"));
  EXPECT_FALSE(glob_matches("100%", "100 percent"));
}

TEST(Glob, AsksNoStackForManyStars) {
  std::string pattern, text(5000, 'a');
  for (int i = 0; i < 1000; ++i) pattern += "*a";
  EXPECT_TRUE(glob_matches(pattern, text));
  EXPECT_FALSE(glob_matches(pattern + "b", text));
}

}  // namespace
}  // namespace muster
