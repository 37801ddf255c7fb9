#include "model/text/account_name.h"

#include <gtest/gtest.h>

#include <vector>

namespace muster {
namespace {

TEST(AccountName, MayHaveLettersDigitsAndThreeSigns) {
  const std::vector<std::string> good{
      "default", "a", "7", "school-2026", "acme.eu_west", "MyDEPServer", std::string(64, 'x')};
  for (const auto& name : good) {
    const auto parsed = parse_account_name(name);
    ASSERT_TRUE(parsed) << name;
    EXPECT_EQ(parsed->str(), name);
  }
}

TEST(AccountName, MayNotHaveAnythingElse) {
  const std::vector<std::string> bad{"",
                                     "a b",
                                     "a/b",
                                     "a*",
                                     "*",
                                     ".",
                                     "..",
                                     ".a",
                                     "-a",
                                     "_a",
                                     "a\n",
                                     "B\xC3\xBC"
                                     "ro",
                                     std::string("a\0b", 3)};
  for (const auto& name : bad) {
    const auto parsed = parse_account_name(name);
    ASSERT_FALSE(parsed) << name;
    EXPECT_EQ(parsed.error().code, Code::invalid);
  }
  EXPECT_FALSE(parse_account_name(std::string(65, 'x')));
}

TEST(AccountName, TheErrorSaysWhatANameMayBe) {
  EXPECT_EQ(
      parse_account_name("A School").error().text(),
      "\"A School\" cannot be the name of an account. A name has 1 to 64 characters of A-Z, a-z, 0-9, dot, "
      "underscore and hyphen, and begins with a letter or digit");
}

TEST(AccountName, OnlyTheDefaultOneNeedsNoFlag) {
  EXPECT_EQ(account_flag(kDefaultAccount), "");
  EXPECT_EQ(account_flag(AccountName("school")), " -account school");
}

}  // namespace
}  // namespace muster
