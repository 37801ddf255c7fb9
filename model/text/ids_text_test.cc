#include "model/text/ids_text.h"

#include <gmock/gmock.h>

namespace muster {
namespace {

std::string serial(std::string_view text) {
  const auto read = read_serial(text);
  return read ? read->str() : "none";
}
std::string uuid(std::string_view text) {
  const auto read = read_profile_uuid(text);
  return read ? read->str() : "none";
}

TEST(ReadSerial, IgnoresCaseAndWhatSurroundsIt) {
  for (const char* text : {"C02A", "c02a", " C02a\r\n", "\u00A0c02a\u00A0", "\uFEFFC02A", "\u200BC02A\u200E ",
                           " \u00A0 \uFEFFc02A\u2060\u202F\u3000\t"})
    EXPECT_EQ(serial(text), "C02A") << text;
}

TEST(ReadSerial, TakesVisibleAsciiOnly) {
  EXPECT_EQ(serial("a-_.:#/~"), "A-_.:#/~");
  EXPECT_EQ(serial(std::string(64, 'a')), std::string(64, 'A'));
  for (const std::string& text : {std::string(), std::string(" \u00A0"), std::string("iPad Pro"),
                                  std::string("a\u00A0b"), std::string("a\0b", 3), std::string("\u00e9"),
                                  std::string(65, 'A'), std::string("\xC2"), std::string("A\xE2\x80")})
    EXPECT_EQ(serial(text), "none") << text;
}

TEST(ReadProfileUuid, IsTheSameInEveryForm) {
  for (const char* text :
       {"88FC4E378FEC3FF9C0B0C4B1A1C4E0DB", "88fc4e378fec3ff9c0b0c4b1a1c4e0db",
        "88fc4e37-8fec-3ff9-c0b0-c4b1a1c4e0db", " 88FC4E37-8FEC-3FF9-C0B0-C4B1A1C4E0DB\u00A0\n",
        "{88fc4e37-8fec-3ff9-c0b0-c4b1a1c4e0db}", "urn:uuid:88fc4e37-8fec-3ff9-c0b0-c4b1a1c4e0db",
        "URN:UUID:88FC4E378FEC3FF9C0B0C4B1A1C4E0DB", "\"88FC4E378FEC3FF9C0B0C4B1A1C4E0DB\"",
        "“88fc4e37–8fec–3ff9–c0b0–c4b1a1c4e0db”", "88fc4e37‑8fec‑3ff9‑c0b0‑c4b1a1c4e0db",
        "88fc4e378-fec-3ff9-c0b0-c4b1a1c4e0db"})
    EXPECT_EQ(uuid(text), "88FC4E378FEC3FF9C0B0C4B1A1C4E0DB") << text;
  EXPECT_EQ(uuid("43277a13fbca0cfc"), "43277A13FBCA0CFC");
}

TEST(ReadProfileUuid, KeepsOtherText) {
  for (const char* text : {"u1", "No-Such-Profile", "88fc4e37-8fec", "88fc4e37-8fec-3ff9-c0b0-c4b1a1c4e0dg",
                           "88fc4e37-8fec-3ff9-c0b0-c4b1a1c4e0db0", "a b"})
    EXPECT_EQ(uuid(text), text);
  EXPECT_EQ(uuid(" u1 "), "u1");
  EXPECT_EQ(uuid(" \uFEFF"), "none");
}

TEST(IsProfileUuid, TakesHexDigitsOnly) {
  for (const char* text : {"ABCDEF", "88FC4E378FEC3FF9C0B0C4B1A1C4E0DB"})
    EXPECT_TRUE(is_profile_uuid(text)) << text;
  for (const char* text : {"", "Everyone", "88FC4E378FEC3FF9C0B0C4B1A1C4E0DB0", "88fc4e37-8fec"})
    EXPECT_FALSE(is_profile_uuid(text)) << text;
}

TEST(SplitPasted, TakesListsFromAnywhere) {
  using testing::ElementsAre;
  EXPECT_THAT(split_pasted("A,B;C D\tE\r\nF\n\n,;"), ElementsAre("A", "B", "C", "D", "E", "F"));
  EXPECT_THAT(split_pasted("\uFEFF\"A\", “B”\u00A0C\u200B\u3000D"), ElementsAre("A", "B", "C", "D"));
  EXPECT_THAT(split_pasted("A\u200BB"), ElementsAre("AB"));
  EXPECT_THAT(split_pasted(" ,\u00A0; \n"), ElementsAre());
  EXPECT_THAT(split_pasted(std::string("A\xE2\x80")), ElementsAre(std::string("A\xE2\x80")));
}

}  // namespace
}  // namespace muster
