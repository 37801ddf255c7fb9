#include "apple/bypass_code.h"

#include <gmock/gmock.h>

namespace muster::apple {
namespace {

using testing::HasSubstr;

// The three forms of one code, as NanoDEP's documentation has them.
constexpr const char* kHex = "1ea841db5edfafe6075b5ae0d845d254";
constexpr const char* kText = "3UM43-PUYVY-QYD1-UVCC-HEHJ-FKA4";
constexpr const char* kHash = "6ab40d5eabe7218ec04182f461005600c7e3426bddd82cdb405bde9a1e0014b5";

TEST(BypassCode, HasThreeForms) {
  const auto code = BypassCode::from_hex(kHex);
  ASSERT_TRUE(code);
  EXPECT_EQ(code->hex(), kHex);
  EXPECT_EQ(code->text(), kText);
  EXPECT_EQ(code->hash(), kHash);
}

TEST(BypassCode, IsReadAsPeopleWriteIt) {
  for (const char* text : {kText, "3um43-puyvy-qyd1-uvcc-hehj-fka4", "3UM43PUYVYQYD1UVCCHEHJFKA4",
                           "3UM43 PUYVY QYD1 UVCC HEHJ FKA4"}) {
    const auto code = BypassCode::from_text(text);
    ASSERT_TRUE(code) << text;
    EXPECT_EQ(code->hex(), kHex) << text;
  }
  EXPECT_EQ(BypassCode::from_hex("1EA841DB5EDFAFE6075B5AE0D845D254")->text(), kText);
}

TEST(BypassCode, AnotherTextIsNone) {
  for (const char* text :
       {"", "-", "3UM43", "3UM43-PUYVY-QYD1-UVCC-HEHJ-FKA", "3UM43-PUYVY-QYD1-UVCC-HEHJ-FKA48",
        "3UM43-PUYVY-QYD1-UVCC-HEHJ-FKAZ",  // more than three bits are left
        "BUM43-PUYVY-QYD1-UVCC-HEHJ-FKA4", "3UM43_PUYVY_QYD1_UVCC_HEHJ_FKA4"}) {
    const auto code = BypassCode::from_text(text);
    ASSERT_FALSE(code) << text;
    EXPECT_EQ(code.error().code, Code::invalid);
    EXPECT_THAT(code.error().text(), HasSubstr("26 letters and digits"));
  }
  for (const char* hex :
       {"", "1ea8", "1ea841db5edfafe6075b5ae0d845d2544", "1ea841db5edfafe6075b5ae0d845d25g"})
    EXPECT_FALSE(BypassCode::from_hex(hex)) << hex;
}

TEST(BypassCode, ANewOneIsAnotherEachTimeAndComesBackFromItsText) {
  std::string last;
  for (int i = 0; i < 100; ++i) {
    const auto code = BypassCode::make();
    EXPECT_NE(code.hex(), last);
    last = code.hex();
    EXPECT_EQ(code.text().size(), 31U);
    EXPECT_EQ(BypassCode::from_text(code.text())->hex(), last);
    EXPECT_EQ(BypassCode::from_hex(last)->text(), code.text());
  }
}

}  // namespace
}  // namespace muster::apple
