#include "cli/input/profile_file.h"

#include <gtest/gtest.h>

#include <sstream>

#include "cli/client/command.h"

namespace muster::cli {
namespace {

ProfileFile read_from_stdin(const std::string& text) {
  std::ostringstream out, err;
  Environment environment{.out = out,
                          .err = err,
                          .variable = [](const std::string&) { return std::string(); },
                          .read_stdin = [&](size_t) -> Result<std::string> { return text; }};
  const Call call(*find_command("apply", "dep-profiles"), {}, environment);
  return *read_profile(call, "-");
}

TEST(ProfileFile, GoesOutAsItWasWritten) {
  const std::string text = " { \"b\": false,\n\"a\": 1.50, \"b2\": null }\n\n";
  EXPECT_EQ(text, read_from_stdin(text).text);
  EXPECT_EQ("{}", read_from_stdin("\xEF\xBB\xBF{}").text) << "without the byte order mark of some editors";
}

TEST(ProfileFile, HasALineForEachFindingSafeForATerminal) {
  EXPECT_EQ(
      "standard input:1:1: error: CONFIG_NAME_REQUIRED: profile_name: it is missing. Give the profile a name\n"
      "standard input:1:2: warning: x : Apple's documentation has no such key. It goes out as it is\n",
      report_of(read_from_stdin("{\"x\x7f\": 1, \"url\": \"https://mdm.example.org/\"}")));
}

TEST(ProfileFile, CountsItsErrors) {
  EXPECT_EQ("standard input has 2 errors", error_count_of(read_from_stdin("{}")));
  EXPECT_EQ("standard input has 1 error", error_count_of(read_from_stdin("[]")));
  EXPECT_FALSE(
      read_from_stdin(R"({"profile_name":"P","url":"https://mdm.example.org/","new":1})").has_errors());
}

TEST(ProfileFile, WithCountlessMistakesStaysReadable) {
  std::string text = "{";
  for (int i = 0; i < 5000; ++i) text += "\"x" + std::to_string(i) + "\":0,";
  const auto file = read_from_stdin(text + "\"y\":0}");
  EXPECT_EQ(kMostProfileFindings, file.findings.size());
  EXPECT_TRUE(report_of(file).ends_with("standard input: these are the first 1000 findings\n"));
}

}  // namespace
}  // namespace muster::cli
