#include "base/text/flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace muster {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class Flags : public testing::Test {
 protected:
  Flags() {
    flags.add("name", &name, "a name").env({"MUSTER_TEST_NAME", "MICROMDM_TEST_NAME"});
    flags.add("tls", &tls, "a switch");
    flags.add("count", &count, "a number");
    flags.add("interval", &interval, "a duration");
  }
  ~Flags() override {
    ::unsetenv("MUSTER_TEST_NAME");
    ::unsetenv("MICROMDM_TEST_NAME");
  }

  std::string name = "default";
  bool tls = true;
  long long count = 3;
  Millis interval = 2min;
  FlagSet flags{"test run", "Runs the test."};
};

TEST_F(Flags, KeepDefaults) {
  const auto rest = flags.parse({});
  ASSERT_TRUE(rest);
  EXPECT_TRUE(rest->empty());
  EXPECT_EQ(name, "default");
  EXPECT_EQ(count, 3);
  EXPECT_FALSE(flags.given("name"));
}

TEST_F(Flags, TakeEveryGoForm) {
  for (const auto& args : std::vector<std::vector<std::string>>{
           {"-name", "x=y"}, {"--name", "x=y"}, {"-name=x=y"}, {"--name=x=y"}}) {
    name.clear();
    ASSERT_TRUE(flags.parse(args));
    EXPECT_EQ(name, "x=y");
  }
  EXPECT_TRUE(flags.given("name"));
}

TEST_F(Flags, TakeAValueThatLooksLikeAFlagAndAnEmptyOne) {
  ASSERT_TRUE(flags.parse({"-name", "-tls", "-count=-5"}));
  EXPECT_EQ(name, "-tls");
  EXPECT_EQ(count, -5);
  ASSERT_TRUE(flags.parse({"-name="}));
  EXPECT_EQ(name, "");
}

TEST_F(Flags, BooleansTakeASeparateValueThatIsOne) {
  const auto rest = flags.parse({"-tls", "false", "-tls", "perhaps"});
  ASSERT_TRUE(rest);
  EXPECT_TRUE(tls);
  EXPECT_THAT(*rest, ElementsAre("perhaps"));
  ASSERT_TRUE(flags.parse({"-tls", "false", "-count", "7"}));
  EXPECT_FALSE(tls);
  ASSERT_TRUE(flags.parse({"-tls=true"}));
  ASSERT_TRUE(flags.parse({"-tls=false"}));
  EXPECT_FALSE(tls);
  ASSERT_TRUE(flags.parse({"-tls=1"}));
  EXPECT_TRUE(tls);
}

TEST_F(Flags, LeaveOtherArguments) {
  const auto rest = flags.parse({"one", "-count", "7", "-", "--", "-name", "two"});
  ASSERT_TRUE(rest);
  EXPECT_THAT(*rest, ElementsAre("one", "-", "-name", "two"));
  EXPECT_EQ(count, 7);
  EXPECT_EQ(name, "default");
}

TEST_F(Flags, ComeFromTheEnvironmentToo) {
  ::setenv("MICROMDM_TEST_NAME", "old", 1);
  ASSERT_TRUE(flags.parse({}));
  EXPECT_EQ(name, "old");
  EXPECT_TRUE(flags.given("name"));
  ::setenv("MUSTER_TEST_NAME", "new", 1);
  ASSERT_TRUE(flags.parse({}));
  EXPECT_EQ(name, "new") << "the first variable named wins";
  ASSERT_TRUE(flags.parse({"-name", "typed"}));
  EXPECT_EQ(name, "typed") << "the command line wins";
}

TEST_F(Flags, ComplainAboutAllAtOnce) {
  const auto rest = flags.parse({"-count", "many", "-nonsense", "-tls=perhaps", "-interval", "5", "-name"});
  ASSERT_FALSE(rest);
  EXPECT_EQ(rest.error().code, Code::invalid);
  EXPECT_EQ(rest.error().message,
            "-count: \"many\" is not a whole number\n"
            "flag provided but not defined: -nonsense\n"
            "-tls: \"perhaps\" is neither true nor false\n"
            "-interval: \"5\" is not a duration; write a number with d, h, m, s or ms, e.g. 2m\n"
            "flag needs an argument: -name");
  EXPECT_THAT(rest.error().hint, HasSubstr("test run -help"));
}

TEST_F(Flags, GuessAtWhatWasMeant) {
  EXPECT_EQ(flags.parse({"-nam", "x"}).error().message,
            "flag provided but not defined: -nam (did you mean -name?)");
  EXPECT_THAT(flags.parse({"-counts=2"}).error().message, HasSubstr("did you mean -count?"));
  EXPECT_THAT(flags.parse({"-inter=2"}).error().message, HasSubstr("did you mean -interval?"));
}

TEST_F(Flags, OfAStrictSetHaveAnEffectOrAreRefused) {
  std::string list, text;
  flags.add("list", &list, "a list").add_up();
  flags.add("text", &text, "may be empty").allow_empty();
  flags.strict();
  ASSERT_TRUE(flags.parse({"-list", "a", "-list=b,c", "-text", ""}));
  EXPECT_EQ(list, "a,b,c");
  EXPECT_EQ(flags.parse({"-name", ""}).error().message, "-name: the value is empty");
  flags = FlagSet("test run", "Runs the test.");
  flags.strict().add("name", &name, "a name");
  EXPECT_EQ(flags.parse({"-name", "a", "-name", "b"}).error().message,
            "-name is given twice, with \"a\" and \"b\"");
  FlagSet again("test run", "Runs the test.");
  again.strict().add("name", &name, "a name");
  EXPECT_TRUE(again.parse({"-name", "b", "-name", "b"}));
}

TEST_F(Flags, ThatAddUpAreAListInEverySet) {
  std::string list;
  flags.add("list", &list, "a list").add_up();
  ASSERT_TRUE(flags.parse({"-list", "a", "-list=b", "-list", "c"}));
  EXPECT_EQ(list, "a,b,c");
}

TEST_F(Flags, NumbersAreWholeAndFit) {
  for (const char* text : {"", "1.5", "1x", " 1", "99999999999999999999"})
    EXPECT_FALSE(flags.parse({"-count", text})) << text;
}

TEST_F(Flags, ShowTheManual) {
  for (const char* help : {"-h", "-help", "--help"}) {
    const auto rest = flags.parse({help});
    ASSERT_FALSE(rest);
    EXPECT_EQ(rest.error().code, Code::cancelled);
    EXPECT_EQ(rest.error().message, flags.usage());
  }
  EXPECT_EQ(flags.usage(),
            "Runs the test.\n\nUSAGE\n  test run [flags]\n\nFLAGS\n"
            "  -name string\n      a name (default default)\n      environment: MUSTER_TEST_NAME, "
            "MICROMDM_TEST_NAME\n"
            "  -tls\n      a switch (default true)\n"
            "  -count number\n      a number (default 3)\n"
            "  -interval duration\n      a duration (default 2m)\n");
}

TEST(Duration, IsReadWithItsUnits) {
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("2m0s"), 2min);
  EXPECT_EQ(parse_duration("1h30m"), 90min);
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("1d"), 24h);
  EXPECT_EQ(parse_duration("0s"), 0s);
  for (const char* text : {"", "5", "s", "-5s", "1.5h", "5 s", "5y", "1h30", "99999999999s", "1000000000d"})
    EXPECT_FALSE(parse_duration(text)) << text;
  std::string endless;
  for (int i = 0; i < 1000; ++i) endless += "1000000000d";
  EXPECT_FALSE(parse_duration(endless));
}

TEST(Duration, IsWrittenAsShortAsItIsRead) {
  for (const char* text : {"0s", "2m", "1h30m", "500ms", "1d", "1d1h1m1s1ms"})
    EXPECT_EQ(format_duration(*parse_duration(text)), text);
  EXPECT_EQ(format_duration(90s), "1m30s");
}

}  // namespace
}  // namespace muster
