#include "base/text/csv.h"

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(Csv, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ("a,b c,\r\n", csv_record({"a", "b c", ""}));
  EXPECT_EQ("\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\",\"cr\r\"\r\n",
            csv_record({"a,b", "say \"hi\"", "two\r\nlines", "cr\r"}));
}

std::vector<std::vector<std::string>> fields_of(const std::string& text) {
  const auto records = parse_csv(text);
  EXPECT_TRUE(records) << records.error().text();
  std::vector<std::vector<std::string>> fields;
  for (const auto& record : *records) fields.push_back(record.fields);
  return fields;
}

using Rows = std::vector<std::vector<std::string>>;

TEST(ParseCsv, ReadsWhatCsvRecordWrites) {
  const Rows rows = {{"a", "b c", ""}, {"a,b", "say \"hi\"", "two\r\nlines"}, {"", "x"}, {" ", "cr\rcr"}};
  std::string text;
  for (const auto& row : rows) text += csv_record(row);
  EXPECT_EQ(fields_of(text), rows);
}

TEST(ParseCsv, TakesEitherLineEndAMarkAndEmptyLines) {
  EXPECT_EQ(fields_of("\xEF\xBB\xBF"
                      "a,b\n\n\r\nc,d\r\ne"),
            (Rows{{"a", "b"}, {"c", "d"}, {"e"}}));
  EXPECT_EQ(fields_of(""), Rows{});
  EXPECT_EQ(fields_of("a,"), (Rows{{"a", ""}}));
}

TEST(ParseCsv, TakesTheSeparatorsOfOtherCountries) {
  EXPECT_EQ(fields_of("a;b\n\"c;d\";e,f\n"), (Rows{{"a", "b"}, {"c;d", "e,f"}}));
  EXPECT_EQ(fields_of("a\tb\n"), (Rows{{"a", "b"}}));
  EXPECT_EQ(fields_of("a,b;c\n"), (Rows{{"a", "b;c"}}));
}

TEST(ParseCsv, EndsLinesWithACarriageReturnAlone) {
  EXPECT_EQ(fields_of("a,b\rc,d\r\re"), (Rows{{"a", "b"}, {"c", "d"}, {"e"}}));
  EXPECT_EQ(fields_of("\"a\rb\",c\rd"), (Rows{{"a\rb", "c"}, {"d"}}));
  const auto records = *parse_csv("\"a\rb\"\rc\r\nd");
  EXPECT_EQ(records[1].line, 3U);
  EXPECT_EQ(records[2].line, 4U);
}

TEST(ParseCsv, TakesTheSeparatorThatExcelNames) {
  EXPECT_EQ(fields_of("sep=;\r\na,x;b\r\n"), (Rows{{"a,x", "b"}}));
  EXPECT_EQ(fields_of("\xEF\xBB\xBFSEP=|\na|b\n"), (Rows{{"a", "b"}}));
  EXPECT_EQ(fields_of("\"sep=,\"\ra;b,c\r"), (Rows{{"a;b", "c"}}));
  EXPECT_EQ(fields_of("sep=;"), Rows{});
  EXPECT_EQ(fields_of("sep=\na\n"), (Rows{{"sep="}, {"a"}}));
  EXPECT_EQ(parse_csv("sep=;\na\n")->at(0).line, 2U);
}

TEST(ParseCsv, IsNotLedAstrayByATitle) {
  EXPECT_EQ(fields_of("Devices, 2026\na;b\nc;d\n"), (Rows{{"Devices, 2026"}, {"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(fields_of("Devices\na|b\n"), (Rows{{"Devices"}, {"a", "b"}}));
  EXPECT_EQ(fields_of("a,b\n,,\n ,\n"), (Rows{{"a", "b"}, {" ", ""}}));
}

TEST(TextMark, IsBeforeWhatASpreadsheetWouldReckon) {
  for (const char* formula : {"=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r", "\n=1", "'=1", "''-1"}) {
    EXPECT_EQ(mark_as_text(formula), std::string("'") + formula);
    EXPECT_EQ(without_text_mark(mark_as_text(formula)), formula);
  }
  for (const char* plain : {"", "'", "Lab", "'s-Hertogenbosch", "1-2", "C0=1"}) {
    EXPECT_EQ(mark_as_text(plain), plain);
    EXPECT_EQ(without_text_mark(plain), plain);
  }
}

TEST(ParseCsv, KnowsTheLineOfEachRecord) {
  const auto records = *parse_csv("a\n\n\"b\nb\"\nc");
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[1].line, 3U);
  EXPECT_EQ(records[2].line, 5U);
}

TEST(ParseCsv, RejectsQuotesThatDoNotEnd) {
  EXPECT_EQ(parse_csv("a\nb,\"c\nd\n").error().message, "line 2: the quote that starts here is not closed");
  EXPECT_EQ(parse_csv("a\n\"b\"c\n").error().message, "line 2: text after the closing quote of a field");
}

}  // namespace
}  // namespace muster
