#include "sim/world/settings.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "sim/options.h"

namespace muster::sim {
namespace {

boost::json::object parsed(const char* text) { return boost::json::parse(text).as_object(); }

TEST(Settings, AllAreShownAndCanBeSetFromWhatIsShown) {
  Settings settings;
  settings.page_limit = 500;
  settings.latency = Millis(1500);
  Settings copy;
  ASSERT_TRUE(copy.change(settings.to_json()));
  EXPECT_EQ(boost::json::serialize(copy.to_json()), boost::json::serialize(settings.to_json()));
  EXPECT_EQ(copy.latency, Millis(1500));
}

TEST(Settings, AWrongMemberChangesNothing) {
  for (const char* bad :
       {R"({"page_limit":300,"nonsense":1})", R"({"page_limit":300,"quote_errors":"yes"})",
        R"({"page_limit":300,"latency":5})", R"({"page_limit":0})", R"({"page_limit":10})",
        R"({"page_limit":300,"move_as":"sideways"})", R"({"page_limit":300,"max_sessions":-1})"}) {
    Settings settings;
    EXPECT_FALSE(settings.change(parsed(bad))) << bad;
    EXPECT_EQ(settings.page_limit, 1000) << bad;
  }
}

TEST(Options, ReadsFlagsOfTheProgramAndOfTheSettings) {
  const auto options = parse_options({"-listen", "127.0.0.1:0", "-devices=12", "--seed", "9", "-accounts",
                                      "a, b", "-assign-events", "-page-limit", "200", "-clock-skew", "1m"});
  ASSERT_TRUE(options) << options.error().text();
  EXPECT_EQ(options->listen.port, 0);
  EXPECT_EQ(options->devices, 12);
  EXPECT_EQ(options->seed, 9U);
  EXPECT_EQ(options->accounts, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(options->settings.assign_events);
  EXPECT_EQ(options->settings.page_limit, 200);
  EXPECT_EQ(options->settings.clock_skew, Millis(60'000));
}

TEST(Options, SaysWhatIsWrong) {
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{"-listen", "nowhere"}, "nowhere"},
      {{"-devices", "-1"}, "-devices"},
      {{"-tls-cert", "x"}, "-tls-key"},
      {{"start"}, "start"},
      {{"-accounts", ","}, "-accounts"},
      {{"-unknown-session", "404"}, "401 or 403"},
      {{"-page-default", "2000"}, "-page-default"},
      {{"-no-such-flag"}, "no-such-flag"},
  };
  for (const auto& [args, word] : cases) {
    const auto options = parse_options(args);
    ASSERT_FALSE(options) << args[0];
    EXPECT_NE(options.error().text().find(word), std::string::npos) << options.error().text();
  }
  const auto help = parse_options({"-help"});
  ASSERT_FALSE(help);
  EXPECT_EQ(help.error().code, Code::cancelled);
  EXPECT_NE(help.error().message.find("-throttle-after"), std::string::npos);
}

}  // namespace
}  // namespace muster::sim
