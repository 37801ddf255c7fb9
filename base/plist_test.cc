#include "base/plist.h"

#include <gmock/gmock.h>

#include "base/text/encoding.h"

namespace muster {
namespace {

using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

Result<std::map<std::string, std::string>> texts_of(const std::string& bytes) {
  return plist_texts(bytes, {"MessageType", "Names", "Number", "SerialNumber", "UDID"});
}

constexpr const char* kAuthenticate = R"(<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
  <key>MessageType</key><string>Authenticate</string>
  <key>Names</key><array><string>a</string></array>
  <key>UDID</key><string>00008030-0011</string>
  <key>Number</key><integer>7</integer>
</dict></plist>)";

// {"SerialNumber": "C02A", "UDID": "00008030-0011"}, as plutil writes it.
std::string binary() {
  const std::string serial_key = "SerialNumber", serial = "C02A", udid_key = "UDID", udid = "00008030-0011";
  std::string bytes = "bplist00", places;
  const auto place = [&] { places += static_cast<char>(bytes.size()); };
  place();
  bytes += "\xD2\x01\x02\x03\x04";
  for (const auto& text : {serial_key, udid_key, serial, udid}) {
    place();
    bytes += static_cast<char>(0x50 | text.size());
    bytes += text;
  }
  const auto table = static_cast<char>(bytes.size());
  bytes += places + std::string(6, '\0') + "\x01\x01" + std::string(7, '\0') + "\x05" + std::string(8, '\0') +
           std::string(7, '\0') + table;
  return bytes;
}

std::string nested_xml(int depth) {
  std::string xml = "<plist version=\"1.0\"><dict><key>k</key>";
  for (int i = 0; i < depth; ++i) xml += "<array>";
  for (int i = 0; i < depth; ++i) xml += "</array>";
  return xml + "</dict></plist>";
}

// An array in an array, and so on: the shortest way to be deep.
std::string nested_binary(int depth) {
  std::string bytes = "bplist00", places;
  for (int i = 0; i < depth; ++i) {
    for (const int part : {static_cast<int>(bytes.size()) >> 8, static_cast<int>(bytes.size()) & 0xFF})
      places += static_cast<char>(part);
    bytes += "\xA1";
    const int next = i + 1 < depth ? i + 1 : i;
    for (const int part : {next >> 8, next & 0xFF}) bytes += static_cast<char>(part);
  }
  const size_t table = bytes.size();
  bytes += places + std::string(6, '\0') + "\x02\x02" + std::string(6, '\0');
  bytes += static_cast<char>(depth >> 8);
  bytes += static_cast<char>(depth & 0xFF);
  bytes += std::string(8, '\0') + std::string(6, '\0');
  bytes += static_cast<char>(table >> 8);
  return bytes + static_cast<char>(table & 0xFF);
}

TEST(Plist, GivesTheTextsOfTheOutermostDictionary) {
  const auto texts = texts_of(kAuthenticate);
  ASSERT_TRUE(texts) << texts.error().text();
  EXPECT_THAT(*texts,
              UnorderedElementsAre(Pair("MessageType", "Authenticate"), Pair("UDID", "00008030-0011")));
}

TEST(Plist, IsReadInBinaryForm) {
  const auto texts = texts_of(binary());
  ASSERT_TRUE(texts) << texts.error().text();
  EXPECT_THAT(*texts, UnorderedElementsAre(Pair("SerialNumber", "C02A"), Pair("UDID", "00008030-0011")));
}

TEST(Plist, OfAnythingElseIsRejected) {
  for (const std::string& bytes :
       {std::string(), std::string("{}"), std::string("<plist>"), std::string("<plist><array/></plist>"),
        std::string("<html></html>"), std::string("bplist00"),
        std::string("bplist00") + std::string(32, '\xFF'), std::string("\0\0", 2)}) {
    const auto texts = texts_of(bytes);
    ASSERT_FALSE(texts) << hex_lower(bytes);
    EXPECT_EQ(texts.error().code, Code::invalid) << hex_lower(bytes);
  }
  std::string cut = binary();
  while (!cut.empty()) {
    cut.pop_back();
    EXPECT_FALSE(texts_of(cut)) << cut.size();
  }
}

// libplist ends the process when it copies such a key.
TEST(Plist, AKeyMayHaveAZeroByte) {
  std::string bytes = binary();
  bytes.replace(bytes.find("SerialNumber"), 6, std::string(6, '\0'));
  const auto texts = texts_of(bytes);
  ASSERT_TRUE(texts) << texts.error().text();
  EXPECT_THAT(*texts, UnorderedElementsAre(Pair("UDID", "00008030-0011")));
}

// A dictionary in which each part is twice the next one: 2^100 of them for libplist.
TEST(Plist, ThatUnfoldsIsNotRead) {
  std::string bytes = "bplist00", places;
  constexpr int kParts = 100;
  for (int i = 0; i < kParts; ++i) {
    for (const int half : {static_cast<int>(bytes.size()) >> 8, static_cast<int>(bytes.size()) & 0xFF})
      places += static_cast<char>(half);
    bytes += '\xA2';
    bytes += static_cast<char>(i + 1);
    bytes += static_cast<char>(i + 1);
  }
  for (const int half : {static_cast<int>(bytes.size()) >> 8, static_cast<int>(bytes.size()) & 0xFF})
    places += static_cast<char>(half);
  bytes += "\x50";
  const size_t table = bytes.size();
  bytes += places + std::string(6, '\0') + "\x02\x01" + std::string(7, '\0') + static_cast<char>(kParts + 1) +
           std::string(8, '\0') + std::string(6, '\0') + static_cast<char>(table >> 8) +
           static_cast<char>(table & 0xFF);
  const auto texts = texts_of(bytes);
  ASSERT_FALSE(texts);
  EXPECT_EQ(texts.error().code, Code::too_large);
}

// libplist calls itself for each level.
TEST(Plist, ThatIsLargeOrDeepIsNotRead) {
  const auto too_large = [](const std::string& bytes) {
    const auto texts = texts_of(bytes);
    return !texts && texts.error().code == Code::too_large;
  };
  EXPECT_TRUE(too_large(std::string(kLongestPlist + 1, ' ')));
  EXPECT_TRUE(too_large(nested_xml(1000)));
  EXPECT_TRUE(too_large(nested_binary(8000)));
  EXPECT_THAT(texts_of(nested_xml(100)).value(), IsEmpty());
}

}  // namespace
}  // namespace muster
