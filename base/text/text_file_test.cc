#include "base/text/text_file.h"

#include <gtest/gtest.h>

namespace muster {
namespace {

using namespace std::string_literals;

TEST(TextOfFile, IsUtf8WithoutAMark) {
  EXPECT_EQ(*text_of_file("\xEF\xBB\xBF{\"a\":1}"), "{\"a\":1}");
  EXPECT_EQ(*text_of_file("Zoë"), "Zoë");
  EXPECT_EQ(*text_of_file("Zo\xEB\n"), "Zo\xEB\n") << "other encodings are for the caller to refuse";
  EXPECT_EQ(*text_of_file(""), "");
  EXPECT_EQ(*text_of_file("\x30\x82\x00\x01"s), "\x30\x82\x00\x01"s) << "not text";
}

TEST(TextOfFile, ConvertsUtf16) {
  EXPECT_EQ(*text_of_file("\xFF\xFE{\0\r\0\n\0\xEB\0=\xD8\xBB\xDC"s), "{\r\në💻");
  EXPECT_EQ(*text_of_file("\xFE\xFF\0{\0\xEB"s), "{ë");
  EXPECT_EQ(*text_of_file("s\0e\0r\0i\0a\0l\0\n\0"s), "serial\n");
  EXPECT_EQ(*text_of_file("\0s\0e\0r\0i\0a\0l"s), "serial");
}

TEST(TextOfFile, RefusesWhatIsDamaged) {
  for (const auto& bytes : {"\xFF\xFEx"s, "\xFF\xFE\0\xD8x\0"s, "\xFF\xFE\0\xDC"s, "\xFF\xFE\0\xD8"s})
    EXPECT_EQ(text_of_file(bytes).error().text(), "the file is UTF-16 and is damaged. Save it as UTF-8");
  EXPECT_EQ(text_of_file("\xFF\xFE\0\0x\0\0\0"s).error().message, "the file is UTF-32");
}

}  // namespace
}  // namespace muster
