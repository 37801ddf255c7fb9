// The language itself: what a line may say, and what is said of one that is wrong.
#include "tests/scenario/sentences.h"

#include <gtest/gtest.h>

#include "base/os/files.h"
#include "tests/scenario/failed.h"
#include "tests/support/temp_dir.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

std::string complaint(const Step& step) {
  try {
    understand(step);
  } catch (const Failed& failed) {
    return failed.what();
  }
  return {};
}
std::string complaint(const std::string& line) { return complaint(Step{.line = 1, .text = line}); }

std::string complaint_of_script(const std::string& text) {
  const TempDir directory;
  EXPECT_TRUE(write_file(directory.file("a.txt"), text));
  try {
    read_script(directory.file("a.txt"));
  } catch (const Failed& failed) {
    return failed.what();
  }
  return {};
}

TEST(Pattern, TakesValuesAndWhatMayBeLeftOut) {
  const Pattern pattern("at Apple: SERIALS arrive/arrives[ in ACCOUNT][, dated DURATION ago]");
  const auto plain = pattern.match("at Apple: C01 arrives");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->serials("SERIALS"), Texts{"C01"});
  EXPECT_FALSE(plain->has("ACCOUNT"));
  EXPECT_EQ(plain->text("ACCOUNT", "default"), "default");
  const auto whole =
      pattern.match("at Apple: C08..C11 and D1 arrive in school, dated 1 hour and 2 seconds ago");
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->serials("SERIALS"), (Texts{"C08", "C09", "C10", "C11", "D1"}));
  EXPECT_EQ(whole->text("ACCOUNT"), "school");
  EXPECT_EQ(whole->duration("DURATION"), 3602s);
  for (const char* wrong : {"at Apple: C01 arrived", "at Apple: c01 arrives", "at Apple: C01 arrives in",
                            "At Apple: C01 arrives", "at Apple: C01 arrives "})
    EXPECT_FALSE(pattern.match(wrong)) << wrong;
}

TEST(Pattern, ReadsAmounts) {
  const Pattern pattern("expect: AMOUNT calls");
  const auto amount = [&](const std::string& line) { return pattern.match(line)->amount("AMOUNT"); };
  EXPECT_TRUE(amount("expect: no calls").fits(0));
  EXPECT_FALSE(amount("expect: no calls").fits(1));
  EXPECT_TRUE(amount("expect: 2 calls").fits(2));
  EXPECT_FALSE(amount("expect: 2 calls").fits(1));
  EXPECT_TRUE(amount("expect: at most 3 calls").fits(0));
  EXPECT_FALSE(amount("expect: at most 3 calls").fits(4));
  EXPECT_TRUE(amount("expect: at least 3 calls").fits(300));
  EXPECT_FALSE(amount("expect: at least 3 calls").fits(2));
}

TEST(Pattern, RejectsARangeThatIsNone) {
  for (const char* wrong : {"C02..C01", "C1..C10", "C01..D02", "AB..AC"})
    EXPECT_THROW(serials_in(wrong), Failed) << wrong;
}

TEST(Sentences, AreOneEach) {
  for (const auto& sentence : sentences())
    EXPECT_EQ(
        std::count_if(sentences().begin(), sentences().end(),
                      [&](const auto& other) { return std::string(other.pattern) == sentence.pattern; }),
        1)
        << sentence.pattern;
}

TEST(Sentences, ThatAreNoneAreAnsweredWithTheNearest) {
  EXPECT_EQ(complaint("Muster starts"), "");
  const auto said = complaint("Muster startles");
  EXPECT_NE(said.find("\"Muster startles\""), std::string::npos) << said;
  EXPECT_NE(said.find("\n    Muster starts without a token"), std::string::npos) << said;
  EXPECT_EQ(said.find("at Apple"), std::string::npos) << said;
}

TEST(Sentences, HaveIndentedLinesOrNone) {
  EXPECT_NE(complaint("expect devices:").find("indented lines must follow"), std::string::npos);
  EXPECT_NE(complaint(Step{.line = 1, .text = "sync now", .block = {"x"}}).find("no indented lines"),
            std::string::npos);
}

TEST(Script, NamesTheLineThatIsWrong) {
  EXPECT_EQ(complaint_of_script("# why\nMuster starts\n"), "");
  EXPECT_NE(complaint_of_script("# why\n\n  indented\n").find("a.txt:3: "), std::string::npos);
  EXPECT_NE(complaint_of_script("Muster starts\n").find("a.txt:1: "), std::string::npos);
  EXPECT_NE(complaint_of_script("# why\n").find("a.txt:1: "), std::string::npos);
}

TEST(Script, KnowsItsLines) {
  const TempDir directory;
  ASSERT_TRUE(write_file(directory.file("a.txt"),
                         "# L1. why\n# and so\n\nsync now\nexpect devices:\n  a | b\n\n  c | d\n"));
  const auto script = read_script(directory.file("a.txt"));
  EXPECT_EQ(script.story, " L1. why\n and so\n");
  ASSERT_EQ(script.steps.size(), 2U);
  EXPECT_EQ(script.steps[0].line, 4);
  EXPECT_EQ(script.steps[1].line, 5);
  EXPECT_EQ(script.steps[1].block, (Texts{"a | b", "c | d"}));
}

}  // namespace
}  // namespace muster::test
