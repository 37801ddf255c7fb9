#include "model/text/document_kind.h"

#include <gtest/gtest.h>

#include "base/text/encoding.h"

namespace muster {
namespace {

using namespace std::string_literals;

TEST(DocumentKind, IsToldFromTheContent) {
  const std::pair<DocumentKind, std::string> kFiles[] = {
      {DocumentKind::other, ""},
      {DocumentKind::other, "hello"},
      {DocumentKind::other, "serial"},
      {DocumentKind::profile, R"({"profile_name": "P", "url": "https://mdm.example.org/e"})"},
      {DocumentKind::profile, R"({"url": "https://mdm.example.org/e", "is_mdm_removable": true})"},
      {DocumentKind::profile, R"({"profile": {"profile_name": "P"}})"},
      {DocumentKind::profile, "{\"profile_name\": \"P\",}"},
      {DocumentKind::config, "account: default\nrules: []\n"},
      {DocumentKind::config, R"({"rules": []})"},
      {DocumentKind::csv, "serial,name\nC00000000001,Ada\n"},
      {DocumentKind::csv, "C00000000001\r\nC00000000002\r\n"},
      {DocumentKind::server_token, "Content-Type: application/pkcs7-mime; name=\"smime.p7m\"\n\nMIAG\n"},
      {DocumentKind::server_token, "\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03"s},
      {DocumentKind::server_token, "-----BEGIN PKCS7-----\nMIAG\n"},
      {DocumentKind::token_json,
       R"({"consumer_key": "a", "consumer_secret": "b", "access_token": "c", "access_secret": "d"})"},
      {DocumentKind::token_json,
       "-----BEGIN MESSAGE-----\n{\"consumer_key\":\"a\",\"access_token\":\"c\"}\n-----END MESSAGE-----\n"},
      {DocumentKind::content_token, base64_encode(R"({"token":"x","expDate":"2030","orgName":"Example"})")},
      {DocumentKind::content_token, R"({"token":"x","orgName":"Example"})"},
      {DocumentKind::certificate, "-----BEGIN CERTIFICATE-----\nMIIC\n"},
      {DocumentKind::certificate, "\x30\x82\x03\x00\x30\x82\x02"s},
      {DocumentKind::private_key, "-----BEGIN RSA PRIVATE KEY-----\nMIIC\n"},
      {DocumentKind::mobileconfig, "<?xml version=\"1.0\"?>\n<plist version=\"1.0\"><dict/></plist>"},
      {DocumentKind::spreadsheet, "PK\x03\x04rest"},
      {DocumentKind::web_page, "<!DOCTYPE html><html><body>Sign in</body></html>"},
      {DocumentKind::archive, "\x1F\x8B\x08"},
      {DocumentKind::archive, "BZh91AY"},
      {DocumentKind::rich_text, "{\\rtf1\\ansi C00000000001\\\n}"},
      {DocumentKind::picture, "%PDF-1.7"},
      {DocumentKind::picture, "\x89PNG\r\n"},
      {DocumentKind::mobileconfig, "bplist00"},
      {DocumentKind::json, R"({"a": 1})"},
  };
  for (const auto& [kind, content] : kFiles) EXPECT_EQ(kind_of_document(content), kind) << content;
}

TEST(DocumentKind, NamesTheCommandWithItsAccount) {
  EXPECT_EQ(remedy_for(DocumentKind::token_json, "t.json", ""),
            "Run `mdmctl apply dep-account -name default -token-json t.json`");
  EXPECT_EQ(remedy_for(DocumentKind::token_json, "t.json", " -account school"),
            "Run `mdmctl apply dep-account -name school -token-json t.json`");
  EXPECT_EQ(remedy_for(DocumentKind::profile, "p.json", " -account school"),
            "Run `mdmctl apply dep-profiles -f p.json -account school`");
}

}  // namespace
}  // namespace muster
