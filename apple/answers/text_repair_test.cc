#include "apple/answers/text_repair.h"

#include <gtest/gtest.h>

namespace muster::apple {
namespace {

#define FFFD "\xEF\xBF\xBD"

TEST(TextRepair, LeavesGoodTextAlone) {
  for (const char* text : {"", "{}", R"({"a":"\\u0041\uD83D\uDE00 \\uD800 é € 😀 \" "})", R"(["\\", "\\\\"])"})
    EXPECT_EQ(repair_json_text(text), text);
}

TEST(TextRepair, RepairsWhatNoParserAccepts) {
  const std::pair<std::string, std::string> kCases[] = {
      {"\xEF\xBB\xBF{}", "{}"},
      {"\xEF\xBB\xBF\xEF\xBB\xBF{}", "{}"},
      {"\"caf\xE9\"", "\"caf" FFFD "\""},
      {"\"\xC0\xAF\"", "\"" FFFD FFFD "\""},           // overlong
      {"\"\xED\xA0\x80\"", "\"" FFFD FFFD FFFD "\""},  // a surrogate
      {"\"\xF5\x80\x80\x80\"", "\"" FFFD FFFD FFFD FFFD "\""},
      {"\"\xE2\x82\"", "\"" FFFD FFFD "\""},  // cut short
      {"\xF0\x9F", FFFD FFFD},
      {R"("\uD800")", "\"" FFFD "\""},
      {R"("a\u0000b")", "\"a" FFFD "b\""},
      {R"("\\u0000")", R"("\\u0000")"},
      {R"("\uDC00x")", "\"" FFFD "x\""},
      {R"("\uD800\u0041")", "\"" FFFD "\\u0041\""},
      {"\"a\tb\nc\"", "\"a b c\""},
      {std::string("\"a\0b\"", 5), "\"a b\""},
      {"\\", "\\"},
      {"\\\n", "\\ "},
  };
  for (const auto& [text, mended] : kCases) EXPECT_EQ(repair_json_text(text), mended) << text;
}

}  // namespace
}  // namespace muster::apple
