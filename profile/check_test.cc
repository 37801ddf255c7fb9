#include "profile/check.h"

#include <gtest/gtest.h>

#include "profile/findings.h"

namespace muster {
namespace {

// The golden cases of tests/golden have every finding; here is what a file does not show well.

std::string lines_of(const std::string& text) {
  std::string lines;
  for (const auto& finding : check_profile(text)) lines += to_line(finding) + "\n";
  return lines;
}

TEST(ProfileCheck, TakesAnyBytes) {
  EXPECT_EQ(
      "1:1: error: MALFORMED_REQUEST_BODY: it is empty. "
      "`mdmctl apply dep-profiles -template` shows a profile's form\n",
      lines_of(""));
  EXPECT_TRUE(lines_of("\xEF\xBB\xBF{}")
                  .starts_with("1:1: error: MALFORMED_REQUEST_BODY: the text begins with a byte order mark"));
  EXPECT_TRUE(lines_of(std::string("\0", 1)).starts_with("1:1: error: MALFORMED_REQUEST_BODY: "));
  EXPECT_TRUE(lines_of("{\"a\": \"\xff\"}").starts_with("1:8: error: MALFORMED_REQUEST_BODY: "));
  EXPECT_TRUE(lines_of(" \n ").starts_with("2:2: error: MALFORMED_REQUEST_BODY: it is incomplete"));
}

TEST(ProfileCheck, CountsColumnsInCharacters) {
  EXPECT_TRUE(lines_of("{\"profile_name\": \"École 🙂\",\n \"é\": 1, \"url\": \"\"}")
                  .find("2:17: error: CONFIG_URL_INVALID: url: it is empty") != std::string::npos);
}

TEST(ProfileCheck, TheLastOfTwoCounts) {
  const auto lines =
      lines_of(R"({"profile_name": "P", "url": "https://mdm.example.org/", "is_supervised": true, )"
               R"("is_mdm_removable": false, "is_supervised": false})");
  EXPECT_NE(std::string::npos, lines.find("FLAGS_INVALID")) << lines;
  EXPECT_NE(std::string::npos, lines.find("is_supervised: duplicate key")) << lines;
}

std::string lines_of_url(const std::string& url) {
  return lines_of(R"({"profile_name": "P", "url": ")" + url + "\"}");
}

TEST(ProfileCheck, AHostThatNoDeviceCanReachIsAnError) {
  for (const char* url :
       {"https://<cluster.tld>/e", "https://%3Ccluster.tld%3E/e", "https://$MDM_HOST/e",
        "https://${MDM_HOST}/e", "https://{{host}}/e", "https://mdm.example.org/<token>",
        "https://mdm.example.org/$TOKEN", "https://HOST/e", "https://your-server.example.org/e",
        "https://cluster.tld/e", "https://*.example.org/e"})
    EXPECT_NE(std::string::npos, lines_of_url(url).find("placeholder")) << url << "\n" << lines_of_url(url);
  for (const char* url : {"https://localhost/", "https://localhost:8443/e", "https://127.0.0.1/e",
                          "https://[::1]/e", "https://mdm.localhost/e", "https://0.0.0.0/e"})
    EXPECT_NE(std::string::npos, lines_of_url(url).find("which no device can reach")) << url;
  for (const char* url : {"https://mdm..example.org/", "https://.example.org/", "https://-mdm.example.org/",
                          "https://mdm-.org/"})
    EXPECT_NE(std::string::npos, lines_of_url(url).find("is not the name of a host")) << url;
  for (const char* url : {"https://mdm.example.org/mdm/enroll", "https://mdm.example.org.:8443/e?x=$1",
                          "https://192.168.1.10/e", "https://[2001:db8::1]:443/e", "https://mdm/e",
                          "https://mdm_1.example.org/", "https://bücher.example/e"})
    EXPECT_EQ("", lines_of_url(url)) << url;
}

TEST(ProfileCheck, TextsOfTheTemplateAreFindings) {
  const auto lines =
      lines_of(R"({"profile_name": "(Required) Human readable name", "url": "https://mdm.example.org/e", )"
               R"("department": "(Optional) IT department", "devices": ["SERIAL1", "SERIAL2"]})");
  EXPECT_NE(std::string::npos,
            lines.find("error: profile_name: \"(Required) Human readable name\" is the template's text"))
      << lines;
  EXPECT_NE(std::string::npos, lines.find("warning: department: ")) << lines;
  EXPECT_NE(std::string::npos, lines.find("error: devices: \"SERIAL1\" is the template's text")) << lines;
}

TEST(ProfileCheck, DocumentsOfOtherToolsAreExplained) {
  for (const char* member : {"profile", "enrollment_profile", "dep_profile"}) {
    const auto lines = lines_of(std::string("{\"") + member +
                                R"(": {"profile_name": "P", "url": "https://mdm.example.org/"}})");
    EXPECT_EQ(std::string("1:2: error: MALFORMED_REQUEST_BODY: ") + member +
                  ": the profile is inside this member. Send the object that is its value, alone\n",
              lines);
  }
  EXPECT_EQ("1:2: error: name: Apple does not know this key. Apple's name for it is \"profile_name\"\n",
            lines_of(R"({"name": "P", "url": "https://mdm.example.org/"})"));
  EXPECT_TRUE(lines_of(std::string("\xFF\xFE{\0}\0", 6))
                  .starts_with("1:1: error: MALFORMED_REQUEST_BODY: the text is UTF-16"));
}

TEST(ProfileCheck, LooksAtNoMoreThanTheFirstFindings) {
  std::string text = R"({"skip_setup_items": [")";
  for (int i = 0; i < 100'000; ++i) text += "Sirj\", \"";
  EXPECT_EQ(kMostProfileFindings, check_profile(text + "\"]}").size());
}

TEST(PlaceFinder, GivesThePlacesOfRisingOffsets) {
  PlaceFinder places(
      "ab\n\xc3\xa9"
      "d\n\nx");
  for (const auto& [offset, line, column] :
       {std::tuple{1, 1, 2}, {1, 1, 2}, {3, 2, 1}, {5, 2, 2}, {7, 3, 1}, {8, 4, 1}, {9, 4, 2}}) {
    const auto place = places.at(static_cast<size_t>(offset));
    EXPECT_EQ(static_cast<size_t>(line), place.line) << offset;
    EXPECT_EQ(static_cast<size_t>(column), place.column) << offset;
  }
}

}  // namespace
}  // namespace muster
