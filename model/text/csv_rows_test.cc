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
  EXPECT_FALSE(serials_of_csv("C02A/Ada\nC02B/Eva\n"));
  EXPECT_THAT(serials("\u00A0c02a\u200B\n"), ElementsAre("C02A"));
}

TEST(SerialsOfCsv, AreTheColumnOfTheHeader) {
  EXPECT_THAT(serials("\xEF\xBB\xBFName,Serial Number\nAda,C02A\nEva,C02B\n"), ElementsAre("C02A", "C02B"));
  EXPECT_THAT(serials("serial\n"), IsEmpty());
  EXPECT_THAT(serials("C02A,Ada\nC02B,Eva"), ElementsAre("C02A", "C02B"));
}

// Each of these files has the devices C00000000001 and C00000000002 and no others.
TEST(SerialsOfCsv, AreFoundInTheFilesOfSpreadsheetsAndInventories) {
  for (const char* csv : {
           "C00000000001\rC00000000002\r",
           "serial\rC00000000001\rC00000000002",
           "sep=;\r\nserial;name\r\nC00000000001;Ada\r\nC00000000002;Eva\r\n",
           "sep=,\nC00000000001\nC00000000002\n",
           "C00000000001,C00000000002",
           "C00000000001,C00000000002,\n",
           "C00000000001;C00000000002\n",
           "SN\nC00000000001\nC00000000002\n",
           "S/N\nC00000000001\nC00000000002\n",
           "Seriennummer\nC00000000001\nC00000000002\n",
           "Make,Model,Device Serial Number\nApple,iPad,C00000000001\nApple,iPad,C00000000002\n",
           "Name,SN\nAda,C00000000001\nEva,C00000000002\n",
           "LAB01,SN\nLAB01,C00000000001\nLAB02,C00000000002\n",
           "Nom;Numéro de série\nAda;C00000000001\nEva;C00000000002\n",
           "Nom;N° de série\nAda;C00000000001\nEva;C00000000002\n",
           "Nombre\tNÚMERO DE SERIE\nAda\tC00000000001\nEva\tC00000000002\n",
           "Nome,Número de série\nAda,C00000000001\nEva,C00000000002\n",
           "名前,シリアル番号\nAda,C00000000001\nEva,C00000000002\n",
           "Devices of the school, 2026\n\nName;Serial No.\nAda;C00000000001\nEva;C00000000002\n",
           "Report\nPrinted 2026-03-01\nSerial Number\nC00000000001\nC00000000002\n",
           "serial,name\n'C00000000001,Ada\n\"=\"\"C00000000002\"\"\",Eva\n,\n,\n",
           "serial\n\xE2\x80\x9C"
           "C00000000001\xE2\x80\x9D\n\xC2\xA0"
           "c00000000002\xE2\x80\x8B\n",
           "C00000000001,Ada\nC00000000002,Eva\n",
           "C00000000001,\nC00000000002,\n",
       })
    EXPECT_THAT(serials(csv), ElementsAre("C00000000001", "C00000000002")) << csv;
}

TEST(SerialsOfCsv, AreNotGuessed) {
  struct Case {
    const char* csv;
    const char* part;  // of the error
  };
  for (const auto& [csv, part] : {
           Case{"Make,Model,Device ID\nApple,iPad,C00000000001\n",
                "\"Make\", 2: \"Model\", 3: \"Device ID\""},
           Case{"Make,Model,Device ID\nApple,iPad,C00000000001\n", "-column \"Device ID\""},
           Case{"LAB01,C00000000001\nLAB02,C00000000002\n", "1: \"LAB01\", 2: \"C00000000001\""},
           Case{"Ada,C00000000001\nEva,C00000000002\n", "-column 2"},
           Case{"LAB01,C00000000001\n", "-column"},
           Case{"C02A,Cart\n", "-column"},
           Case{"A,B,C\n", "-column"},
           Case{"Geraet\nC00000000001\nC00000000002\n", "\"Geraet\""},
           Case{"SN,Serial\nC00000000001,C00000000002\n", "more than one column"},
           Case{"C00000000001\nserial\nC00000000002\n", "above the header in line 2"},
           Case{"serial\n1.23457E+11\n", "a number that a spreadsheet made"},
           Case{"serial;x\n1,23E+10;\n", "a number that a spreadsheet made"},
           Case{"serial\n1,23E+10\n", "line 2: it has 2 columns, and the header has 1"},
           Case{"serial\nTotal: 25\n", "\"Total: 25\" is not a serial number"},
           Case{",,,\n\r\n", "the file has no rows"},
       }) {
    const auto rows = serials_of_csv(csv);
    ASSERT_FALSE(rows) << csv;
    EXPECT_THAT(rows.error().text(), testing::HasSubstr(part)) << csv;
  }
}

TEST(SerialsOfCsv, AreTheColumnThatIsNamed) {
  const auto in = [](const std::string& csv, const char* column) {
    const auto rows = serials_of_csv(csv, column);
    return rows ? rows->serials.at(0).str() + "/" + std::to_string(rows->serials.size())
                : rows.error().text();
  };
  const std::string inventory = "Inventory\nMake,Device ID,SN\nApple,C00000000001,X1\n";
  EXPECT_EQ(in(inventory, "device id"), "C00000000001/1");
  EXPECT_EQ(in(inventory, "SN"), "X1/1");
  EXPECT_EQ(in("LAB01,C00000000001\nLAB02,C00000000002\n", "2"), "C00000000001/2");
  EXPECT_EQ(in("Lab,Device\nLAB01,C00000000001\nLAB02,C00000000002\n", "2"), "C00000000001/2");
  EXPECT_THAT(in(inventory, "Serial"),
              testing::HasSubstr("no column \"Serial\". Line 2 has the columns \"Make\""));
  EXPECT_THAT(in(inventory, "4"), testing::HasSubstr("no column \"4\""));
  EXPECT_THAT(serials_of_csv("root:x:0\n", "a", QuoteRows::no).error().text(),
              Not(testing::HasSubstr("root")));
  EXPECT_THAT(serials_of_csv("root:x:0,b\n", "", QuoteRows::no).error().text(),
              Not(testing::HasSubstr("root")));
}

TEST(SerialsOfCsv, CountWhatIsRepeated) {
  const auto rows = *serials_of_csv("A\nB\na\nB\n");
  EXPECT_THAT(rows.serials, ElementsAre(Serial("A"), Serial("B")));
  EXPECT_EQ(rows.repeated, 2);
}

TEST(SerialsOfCsv, NameEachRowThatIsWrong) {
  EXPECT_EQ(serials_of_csv("serial,x\nC02A\niPad Pro\nC02B\n,x\n").error().text(),
            "2 rows of the file are wrong, and nothing was changed:\n"
            "  line 3: \"iPad Pro\" is not a serial number\n"
            "  line 5: there is no serial number");
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
  EXPECT_THAT(text, testing::EndsWith("line 20: \"a b\" is not a serial number\n  and 13 more"));
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

TEST(NotesOfCsv, KnowTheSameHeadersAndColumns) {
  EXPECT_EQ(notes_of_csv("sep=;\rOwner;Seriennummer\rAda;C02A\r")->at(0).serial, Serial("C02A"));
  EXPECT_EQ(notes_of_csv("owner,Device ID\nAda,C02A\n", "Device ID")->at(0).owner, "Ada");
  EXPECT_FALSE(notes_of_csv("Geraet,Besitzer\nC02A,Ada\nC02B,Eva\n"));
  EXPECT_FALSE(notes_of_csv("C00000000001,C00000000002\n"));
  EXPECT_EQ(notes_of_csv("serial,owner\n").error().text(), "the file has a header, and no rows below it");
}

TEST(NotesOfCsv, NameWhatIsWrong) {
  EXPECT_EQ(notes_of_csv("serial,ownr\nC02A,Ada\n").error().text(),
            "there is no column \"ownr\" for notes. Did you mean \"owner\"?");
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
            "  line 8: duplicate serial number C02E, first on line 7");
  EXPECT_THAT(notes_of_csv("C02A," + std::string(1001, 'x')).error().text(),
              testing::HasSubstr("1001 bytes; the limit is 1000"));
}

}  // namespace
}  // namespace muster
