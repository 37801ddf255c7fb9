#include "base/log/log.h"

#include <gtest/gtest.h>

namespace muster::log {
namespace {

TEST(Log, WritesLogfmt) {
  EXPECT_EQ(format_line(Level::info, "sync.done", {{"account", "default"}, {"devices", 25}, {"full", true}}),
            "level=info event=sync.done account=default devices=25 full=true");
  EXPECT_EQ(format_line(Level::error, "x", {}), "level=error event=x");
}

TEST(Log, QuotesWhatNeedsIt) {
  EXPECT_EQ(
      format_line(Level::warn, "x", {{"a", "two words"}, {"b", ""}, {"c", "k=v"}, {"d", "say \"hi\\\""}}),
      R"(level=warn event=x a="two words" b="" c="k=v" d="say \"hi\\\"")");
  EXPECT_EQ(format_line(Level::warn, "x", {{"a", "größe"}}), "level=warn event=x a=größe");
}

TEST(Log, NoValueCanForgeALine) {
  EXPECT_EQ(format_line(Level::info, "x", {{"a", "1\nlevel=error\r\t\x1b[31m\x7f"}}),
            R"(level=info event=x a="1\nlevel=error\x0d\t\x1b[31m\x7f")");
  EXPECT_EQ(format_line(Level::info, "x", {{"a", std::string("a\0b", 3)}}),
            R"(level=info event=x a="a\x00b")");
}

TEST(Log, NoValueCanHideALine) {
  // Operating system command by one byte of C1, an override of direction, a separator of lines.
  EXPECT_EQ(format_line(Level::info, "x", {{"a", "1\u009b2J\u202e3\u20284\u2067\u061c\u200f"}}),
            R"(level=info event=x a="1\u009b2J\u202e3\u20284\u2067\u061c\u200f")");
  EXPECT_EQ(format_line(Level::info, "x", {{"a", "\x9b\xc3(\xed\xa0\x80"}}),
            R"(level=info event=x a="\x9b\xc3(\xed\xa0\x80")");
  EXPECT_EQ(format_line(Level::info, "x", {{"a", "größe→漢字🙂\u00a0é"}}),
            "level=info event=x a=größe→漢字🙂\u00a0é")
      << "what is readable stays";
}

TEST(Log, CutsLongValues) {
  EXPECT_EQ(format_line(Level::info, "x", {{"a", std::string(500, 'a')}}),
            "level=info event=x a=" + std::string(500, 'a'));
  EXPECT_EQ(format_line(Level::info, "x", {{"a", std::string(15'000, 'a')}}),
            "level=info event=x a=\"" + std::string(500, 'a') + "... (14500 bytes more)\"");
  EXPECT_EQ(format_line(Level::info, "x", {{"a", std::string(499, 'a') + "ö"}}),
            "level=info event=x a=\"" + std::string(499, 'a') + "... (2 bytes more)\"")
      << "no half character";
  EXPECT_LT(format_line(Level::info, "x", {{"a", std::string(15'000, '\x9b')}}).size(), 2200U)
      << "four characters a byte that is no UTF-8";
}

TEST(Log, DropsWhatIsBelowItsLevel) {
  testing::internal::CaptureStderr();
  debug("hidden");
  info("shown", {{"n", 1}});
  set_level(Level::error);
  warn("hidden.too");
  error("shown.too");
  set_level(Level::info);
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_EQ(text.find("hidden"), std::string::npos) << text;
  EXPECT_NE(text.find("level=info event=shown n=1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("level=error event=shown.too\n"), std::string::npos) << text;
  EXPECT_TRUE(text.starts_with("ts=2")) << text;
}

}  // namespace
}  // namespace muster::log
