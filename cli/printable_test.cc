#include "cli/printable.h"

#include <gtest/gtest.h>

namespace muster::cli {
namespace {

TEST(Printable, TakesControlCharactersOut) {
  EXPECT_EQ("a [31mb", printable("a\x1b[31mb"));
  EXPECT_EQ("a b", printable("a\x7f"
                             "b"));
  EXPECT_EQ("a b", printable("a\xC2\x9B"
                             "b"));  // U+009B begins a sequence as ESC [ does
}

TEST(Printable, KeepsTextOfAllLanguagesAndLineBreaks) {
  EXPECT_EQ("Größe\n日本語 ©", printable("Größe\n日本語 ©"));
}

}  // namespace
}  // namespace muster::cli
