#include "model/text/csv_rows.h"

#include <gmock/gmock.h>

namespace muster {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> serials(const std::string& csv) {
  const auto rows = serials_of_csv(csv);
  EXPECT_TRUE(rows) << rows.error().text();
  std::vector<std::string> list;
  for (const auto& serial : rows->serials) list.push_back(serial.str());
  return list;
}

TEST(SerialsOfCsv, AreTrimmedAndUpperCase) {
  EXPECT_THAT(serials(" c02a \r\n\r\nDMP1\n"), ElementsAre("C02A", "DMP1"));
}

TEST(SerialsOfCsv, AnotherSeparatorIsNoPartOfASerial) {
  EXPECT_FALSE(serials_of_csv("C02A|Ada\nC02B|Eva\n"));
  EXPECT_THAT(serials("\u00A0c02a\u200B\n"), ElementsAre("C02A"));
}

TEST(SerialsOfCsv, AreTheColumnOfTheHeader) {
  EXPECT_THAT(serials("\xEF\xBB\xBFName,Serial Number\nAda,C02A\nEva,C02B\n"), ElementsAre("C02A", "C02B"));
  EXPECT_THAT(serials("serial\n"), IsEmpty());
  EXPECT_THAT(serials("C02A,Ada\nC02B,Eva"), ElementsAre("C02A", "C02B"));
}

TEST(SerialsOfCsv, CountWhatIsRepeated) {
  const auto rows = *serials_of_csv("A\nB\na\nB\n");
  EXPECT_THAT(rows.serials, ElementsAre(Serial("A"), Serial("B")));
  EXPECT_EQ(rows.repeated, 2);
}

TEST(SerialsOfCsv, NameEachRowThatIsWrong) {
  EXPECT_EQ(serials_of_csv("C02A\niPad Pro\nC02B\n,x\n").error().text(),
            "2 rows of the file are wrong, and nothing was changed:\n"
            "  line 2: \"iPad Pro\" is no serial number\n"
            "  line 4: there is no serial number");
  EXPECT_EQ(serials_of_csv("name,serial\nAda\n").error().text(),
            "a row of the file is wrong, and nothing was changed:\n  line 2: there is no serial number");
  EXPECT_EQ(serials_of_csv("").error().text(), "the file has no rows");
  EXPECT_EQ(serials_of_csv("\"C02A\n").error().code, Code::invalid);
}

TEST(SerialsOfCsv, NameTwentyAndCountTheRest) {
  std::string csv;
  for (int i = 0; i < 33; ++i) csv += "a b\n";
  const auto text = serials_of_csv(csv).error().text();
  EXPECT_THAT(text, testing::StartsWith("33 rows of the file"));
  EXPECT_THAT(text, testing::EndsWith("line 20: \"a b\" is no serial number\n  and 13 more"));
}

TEST(NotesOfCsv, AreInOrderWithoutAHeader) {
  const auto rows = *notes_of_csv("c02a,Cart 3, Ada ,4b,N-1\nC02B,,,,\n");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].serial, Serial("C02A"));
  EXPECT_EQ(rows[0].name, "Cart 3");
  EXPECT_EQ(rows[0].owner, "Ada");
  EXPECT_EQ(rows[0].group, "4b");
  EXPECT_EQ(rows[0].asset_tag, "N-1");
  EXPECT_EQ(rows[1].asset_tag, "");
}

TEST(NotesOfCsv, SayNothingOfColumnsThatAreNotThere) {
  const auto rows = *notes_of_csv("Asset Tag,serial\nN-1,C02A\n");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].asset_tag, "N-1");
  EXPECT_EQ(rows[0].name, std::nullopt);
  EXPECT_EQ(notes_of_csv("C02A,Cart\n")->at(0).owner, std::nullopt);
}

TEST(NotesOfCsv, NameWhatIsWrong) {
  EXPECT_EQ(notes_of_csv("serial,ownr\nC02A,Ada\n").error().text(),
            "line 1: there is no column \"ownr\". Did you mean \"owner\"?");
  EXPECT_EQ(
      notes_of_csv("C02A\n").error().text(),
      "line 1: 1 column and no header. Begin the file with a line like serial,name,owner,group,asset_tag");
  EXPECT_EQ(notes_of_csv("serial,owner\nC02A,Ada,x\nC02B\nC02C,\"A\nB\"\nC02D,\xFF\nC02E,E\nc02e,F\n")
                .error()
                .text(),
            "5 rows of the file are wrong, and nothing was changed:\n"
            "  line 2: 3 columns instead of 2\n"
            "  line 3: 1 column instead of 2\n"
            "  line 4: a text has a line break or another control character\n"
            "  line 6: a text is not UTF-8\n"
            "  line 8: C02E stands on line 7 already");
  EXPECT_THAT(notes_of_csv("C02A," + std::string(1001, 'x')).error().text(),
              testing::HasSubstr("1001 bytes, and at most 1000"));
}

}  // namespace
}  // namespace muster
