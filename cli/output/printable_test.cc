#include "cli/output/printable.h"

#include <gtest/gtest.h>

#include <sstream>

namespace muster::cli {
namespace {

TEST(Printable, TakesControlCharactersOut) {
  EXPECT_EQ("a [31mb", printable("a\x1b[31mb"));
  EXPECT_EQ("a b", printable("a\x7f"
                             "b"));
  EXPECT_EQ("a b", printable("a\xC2\x9B"
                             "b"));  // U+009B begins a sequence as ESC [ does
}

TEST(Printable, TakesOutWhatTurnsTheDirectionOfWriting) {
  EXPECT_EQ("a b", printable("a\u202E"
                             "b"));
  for (const char* turns : {"\u061C", "\u200E", "\u200F", "\u2028", "\u202A", "\u2066", "\u2069"})
    EXPECT_EQ(" ", printable(turns));
  EXPECT_EQ("\u200D\u2030\u2065\u206A", printable("\u200D\u2030\u2065\u206A"));
}

TEST(Printable, StreamHandsOnLineByLine) {
  std::ostringstream seen;
  {
    PrintableStream out(seen);
    out << "G"
        << "r\xC3"
        << "\xB6"
        << "\x1b" << 7 << ' ';
    EXPECT_EQ("", seen.str());
    out << '\n';
    EXPECT_EQ("Gr\u00F6 7 \n", seen.str());
    out << "rest";
  }
  EXPECT_EQ("Gr\u00F6 7 \nrest", seen.str());
}

TEST(Printable, StreamHandsOnOurColoursOnly) {
  std::ostringstream seen;
  PrintableStream out(seen);
  out << "\x1b[32mok\x1b[0m \x1b[2Jx \x1b[31mbad\n";
  EXPECT_EQ("\x1b[32mok\x1b[0m  [2Jx \x1b[31mbad\n", seen.str());
}

TEST(Printable, KeepsTextOfAllLanguagesAndLineBreaks) {
  EXPECT_EQ("Größe\n日本語 ©", printable("Größe\n日本語 ©"));
}

}  // namespace
}  // namespace muster::cli
