#include "cli/profile_file.h"

#include <gtest/gtest.h>

namespace muster::cli {
namespace {

std::string message_of(const std::string& text) {
  const auto checked = check_profile("p.json", text);
  return checked ? "accepted" : checked.error().message;
}

TEST(ProfileFile, GoesOutAsItWasWritten) {
  const std::string text = " { \"b\": false,\n\"a\": 1.50, \"b2\": null }\n\n";
  EXPECT_EQ(text, *check_profile("p.json", text));
  EXPECT_EQ("{}", *check_profile("p.json", "\xEF\xBB\xBF{}"))
      << "without the byte order mark of some editors";
}

TEST(ProfileFile, NamesThePlaceOfAMistake) {
  EXPECT_EQ("p.json: line 3, column 1: this is not JSON", message_of("{\n\"a\": 1,\n}"));
  EXPECT_EQ("p.json: line 1, column 1: it is empty", message_of(""));
  EXPECT_EQ("p.json: line 1, column 6: it ends too early", message_of("{\"a\":"));
}

TEST(ProfileFile, IsAnObject) {
  EXPECT_EQ("p.json: line 2, column 3: this is an array, but a profile is an object in { }",
            message_of("\n  []"));
  EXPECT_EQ("p.json: line 1, column 1: this is null, but a profile is an object in { }", message_of("null"));
}

}  // namespace
}  // namespace muster::cli
