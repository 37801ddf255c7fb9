#include "cli/output/table.h"

#include <gtest/gtest.h>

#include <sstream>

#include "cli/output/colour.h"

namespace muster::cli {
namespace {

TEST(Table, PadsEachColumnButTheLastToItsWidestCell) {
  std::ostringstream out;
  Table table(out, {"A", "Long header", "C"});
  table.add({"wide cell", "x", "y"});
  table.flush();
  EXPECT_EQ("A          Long header  C\nwide cell  x            y\n", out.str());
}

TEST(Table, PrintsTheHeaderAloneWhenThereAreNoRows) {
  std::ostringstream out;
  Table(out, {"Filter", "DEP Profile UUID"}).flush();
  EXPECT_EQ("Filter  DEP Profile UUID\n", out.str());
}

TEST(Table, CountsCharactersNotBytes) {
  std::ostringstream out;
  Table table(out, {"K", "V"});
  table.add({"äöü…", "1"});
  table.add({"abcd", "2"});
  table.flush();
  EXPECT_EQ("K     V\näöü…  1\nabcd  2\n", out.str());
  EXPECT_EQ(4U, width_of("äöü…"));
}

TEST(Table, LeavesAnEmptyLastCellAfterItsPaddingAsTabwriterDoes) {
  std::ostringstream out;
  Table table(out, {"A", "B"});
  table.add({"x", ""});
  table.flush();
  EXPECT_EQ("A  B\nx  \n", out.str());
}

TEST(Table, PrintsEachPageOnceAndNeverGetsNarrower) {
  std::ostringstream out;
  Table table(out, {"A", "B"});
  table.add({"12345", "1"});
  table.flush();
  EXPECT_EQ("A      B\n12345  1\n", out.str());
  table.add({"1", "2"});
  table.flush();
  EXPECT_EQ("A      B\n12345  1\n1      2\n", out.str());
}

TEST(Table, KeepsARowOnOneLine) {
  std::ostringstream out;
  Table table(out, {"A", "B"});
  table.add({"a\nb\tc", "d\x1b[2J"});
  table.flush();
  EXPECT_EQ("A      B\na b c  d [2J\n", out.str());
}

TEST(Colour, IsThatOfTheState) {
  EXPECT_EQ(coloured("ok"), "\033[32mok\033[0m");
  EXPECT_EQ(coloured("expiring in 12 days"), "\033[33mexpiring in 12 days\033[0m");
  EXPECT_EQ(coloured("terms_unsigned"), "\033[31mterms_unsigned\033[0m");
  EXPECT_EQ(coloured("oken"), "oken");
  EXPECT_EQ(coloured(""), "");
}

TEST(Colour, DoesNotMoveColumns) {
  std::ostringstream out;
  Table table(out, {"Name", "State", "Devices"});
  table.colour(1);
  table.add({"a", "ok", "1"});
  table.add({"b", "rejected", "2"});
  table.flush();
  EXPECT_EQ(out.str(),
            "Name  State     Devices\n"
            "a     \033[32mok\033[0m        1\n"
            "b     \033[31mrejected\033[0m  2\n");
}

}  // namespace
}  // namespace muster::cli
