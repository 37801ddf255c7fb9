#include "apple/session/token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/os/files.h"
#include "base/text/encoding.h"
#include "base/time/rfc3339.h"
#include "tests/support/manual_clock.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace muster::apple {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kJson =
    R"({"consumer_key":"CK_0123","consumer_secret":"CS_secret1","access_token":"AT_secret2","access_secret":"AS_secret3",)"
    R"("access_token_expiry":"2027-01-17T11:02:21Z"})";
const Token kToken{"CK_0123", "CS_secret1", "AT_secret2", "AS_secret3",
                   parse_rfc3339("2027-01-17T11:02:21Z")};

constexpr const char* kHeaders =
    "Content-Type: application/pkcs7-mime; name=\"smime.p7m\"; smime-type=enveloped-data\n"
    "Content-Transfer-Encoding: base64\n"
    "Content-Disposition: attachment; filename=\"smime.p7m\"\n"
    "Content-Description: S/MIME Encrypted Message\n\n";

// As the portal writes it: CRLF in the headers, LF below (apple-dep-api.md section 1.3).
std::string message_of(const std::string& json) {
  return "Content-Type: text/plain;charset=UTF-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n-----BEGIN "
         "MESSAGE-----\n" +
         json + "\n-----END MESSAGE-----\n";
}

std::string in_lines(const std::string& base64, const char* end = "\n") {
  std::string out;
  for (size_t i = 0; i < base64.size(); i += 76) out += base64.substr(i, 76) + end;
  return out;
}

std::string replace(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

class TokenTest : public testing::Test {
 protected:
  // One pair for all: making it takes a moment.
  static void SetUpTestSuite() {
    ours_ = new KeyPair(*make_key_pair("muster", kNow, 365));
    others_ = new KeyPair(*make_key_pair("depserver", kNow, 1));
  }
  static void TearDownTestSuite() {
    delete ours_;
    delete others_;
  }

  // What `openssl cms` makes of `message`: BER with indefinite lengths, as in the portal's files.
  static std::string encrypt(const std::string& message, const KeyPair& pair,
                             const std::string& cipher = "-aes-128-cbc") {
    const test::TempDir dir;
    EXPECT_TRUE(write_file(dir.file("cert.pem"), pair.certificate_pem));
    EXPECT_TRUE(write_file(dir.file("in.txt"), message));
    run({"openssl", "cms", "-encrypt", "-binary", cipher, "-stream", "-outform", "DER", "-in",
         dir.file("in.txt"), "-out", dir.file("out.der"), dir.file("cert.pem")});
    return read_file(dir.file("out.der")).value_or("");
  }
  static std::string run(const std::vector<std::string>& argv, const std::string& input = {}) {
    const auto result = test::run_program(argv, input);
    EXPECT_EQ(result.exit, 0) << result.err;
    return result.out;
  }
  static std::string p7m(const std::string& cms) { return kHeaders + in_lines(base64_encode(cms)); }

  static void expect_refused(const std::string& file, const char* why, const KeyPair& pair) {
    const auto token = open_token(file, pair);
    ASSERT_FALSE(token) << why;
    EXPECT_EQ(token.error().code, Code::invalid) << token.error().text();
    EXPECT_THAT(token.error().text(), HasSubstr(why));
    EXPECT_THAT(token.error().text(), Not(HasSubstr("secret1")));
  }

  static KeyPair* ours_;
  static KeyPair* others_;
};
KeyPair* TokenTest::ours_ = nullptr;
KeyPair* TokenTest::others_ = nullptr;

TEST_F(TokenTest, OpensThePortalsFile) {
  const std::string cms = encrypt(message_of(kJson), *ours_);
  ASSERT_EQ(base64_encode(cms).substr(0, 8), "MIAGCSqG");  // indefinite length, as in real files
  const auto token = open_token(p7m(cms), *ours_);
  ASSERT_TRUE(token) << token.error().text();
  EXPECT_EQ(*token, kToken);
}

TEST_F(TokenTest, OpensItInEveryFormThatWasSeen) {
  const std::string cms = encrypt(message_of(kJson), *ours_);
  const std::string base64 = base64_encode(cms);
  const std::string file = p7m(cms);
  const std::pair<const char*, std::string> kForms[] = {
      {"x-pkcs7-mime", replace(file, "application/pkcs7", "application/x-pkcs7")},
      {"folded illegally, as in Apple's documentation", replace(file, "enveloped-data", "enveloped-\ndata")},
      {"folded as it should be", replace(file, "; smime-type", ";\n\tsmime-type")},
      {"other header lines first", "From: a@b\nMIME-Version: 1.0\n" + file},
      {"headers in another case",
       replace(replace(file, "Content-Type", "CONTENT-TYPE"), "pkcs7-mime", "PKCS7-MIME")},
      {"CRLF", "Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
                   in_lines(base64, "\r\n")},
      {"on one line", kHeaders + base64},
      {"white space and a mark before", "\xEF\xBB\xBF \n" + file},
      {"no headers", in_lines(base64)},
      {"binary below the headers",
       std::string("Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: binary\n\n") + cms},
      {"BER", cms},
      {"PEM", "-----BEGIN CMS-----\n" + in_lines(base64) + "-----END CMS-----\n"},
      {"PEM, PKCS7", "-----BEGIN PKCS7-----\n" + in_lines(base64) + "-----END PKCS7-----\n"},
      {"DER", run({"openssl", "cms", "-cmsout", "-inform", "DER", "-outform", "DER"}, cms)},
      {"3DES", p7m(encrypt(message_of(kJson), *ours_, "-des3"))},
      {"JSON alone", p7m(encrypt(kJson, *ours_))},
      {"no MESSAGE lines, wrapped hard",
       p7m(encrypt("Content-Type: text/plain\r\n\r\n" + replace(kJson, "CS_secret1", "CS_sec\r\nret1"),
                   *ours_))},
  };
  for (const auto& [form, content] : kForms) {
    const auto token = open_token(content, *ours_);
    ASSERT_TRUE(token) << form << ": " << token.error().text();
    EXPECT_EQ(*token, kToken) << form;
  }
}

TEST_F(TokenTest, OneForAnotherCertificateIsRefusedByName) {
  const std::string file = p7m(encrypt(message_of(kJson), *others_));
  expect_refused(file, "encrypted for another certificate", *ours_);
  expect_refused(file, "for CN=depserver", *ours_);
  expect_refused(file, "this account's is CN=muster", *ours_);
  expect_refused(file, "mdmctl get dep-tokens -export-public-key FILE", *ours_);
}

// Two certificates of the same name: only their serial numbers differ.
TEST_F(TokenTest, OneForAnEarlierCertificateOfOursIsRejected) {
  const auto earlier = make_key_pair("muster", kNow, 365);
  ASSERT_TRUE(earlier);
  expect_refused(p7m(encrypt(message_of(kJson), *earlier)), "encrypted for another certificate", *ours_);
}

TEST_F(TokenTest, CutShortIsRefusedAtEveryLength) {
  const std::string cms = encrypt(message_of(kJson), *ours_);
  const std::string file = p7m(cms);
  const size_t headers = std::string(kHeaders).size();
  // The last line break and padding carry nothing: without them it is still the whole token.
  const size_t whole = file.find_last_not_of("=\n") + 1;
  for (size_t length = 0; length < file.size();
       length += length < headers || length + 120 > file.size() ? 1 : 13) {
    const auto token = open_token(file.substr(0, length), *ours_);
    if (length >= whole) {
      EXPECT_TRUE(token && *token == kToken) << length;
      continue;
    }
    ASSERT_FALSE(token) << length;
    EXPECT_EQ(token.error().code, Code::invalid) << length;
    // A file that ends within its first lines does not show yet what it was to be.
    const auto expected = length > headers ? HasSubstr("truncated or damaged") : HasSubstr("token file");
    EXPECT_THAT(token.error().message, expected) << length;
  }
  for (size_t length = 0; length < cms.size(); ++length) {
    const auto token = open_token(cms.substr(0, length), *ours_);
    ASSERT_FALSE(token) << length;
    EXPECT_EQ(token.error().code, Code::invalid) << length;
  }
}

TEST_F(TokenTest, DamageIsNoToken) {
  const std::string cms = encrypt(message_of(kJson), *ours_);
  for (size_t i = 0; i < cms.size(); i += 7) {
    std::string damaged = cms;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    const auto token = open_token(damaged, *ours_);
    if (token) continue;  // a bit within a text may pass: nothing in the file vouches for it
    EXPECT_THAT(token.error().text(),
                Not(AnyOf(HasSubstr("secret1"), HasSubstr("secret2"), HasSubstr("secret3"))))
        << i;
  }
}

TEST_F(TokenTest, AnotherKindOfFileIsNamed) {
  expect_refused("", "it is empty", *ours_);
  expect_refused(" \n\t", "it is empty", *ours_);
  expect_refused(kJson, "it is JSON", *ours_);
  expect_refused("<html></html>", "web page", *ours_);
  expect_refused("hello", "neither S/MIME headers nor a CMS structure", *ours_);
  expect_refused(std::string("\0\1\2\3", 4), "neither S/MIME headers", *ours_);
  expect_refused("0", "neither S/MIME headers", *ours_);
  expect_refused(ours_->certificate_pem, "it is a certificate", *ours_);
  expect_refused(ours_->private_key_pem, "another kind of PEM file", *ours_);
  expect_refused("Content-Type: text/plain\n\nhello", "Content-Type is not application/pkcs7-mime", *ours_);
  expect_refused("Content-Type: application/pkcs7-mime\n", "ends inside the headers", *ours_);
  expect_refused("Content-Type: application/pkcs7-mime\n\n", "no content after the headers", *ours_);
  expect_refused("Content-Type: application/pkcs7-mime\n\n0", "truncated", *ours_);
  expect_refused("Content-Type: application/pkcs7-mime\n\n***", "not base64", *ours_);
  expect_refused("Content-Type: application/pkcs7-mime\n\naGVsbG8=", "not a CMS structure", *ours_);
  expect_refused(*certificate_der(*ours_), "truncated or damaged", *ours_);
  expect_refused(std::string(2 << 20, 'A'), "2097152 bytes", *ours_);
}

TEST_F(TokenTest, ASignedFileIsNotAnEncryptedOne) {
  const test::TempDir dir;
  ASSERT_TRUE(write_file(dir.file("cert.pem"), ours_->certificate_pem));
  ASSERT_TRUE(write_file(dir.file("key.pem"), ours_->private_key_pem, 0600));
  const std::string cms = run({"openssl", "cms", "-sign", "-nodetach", "-binary", "-outform", "DER",
                               "-signer", dir.file("cert.pem"), "-inkey", dir.file("key.pem")},
                              kJson);
  expect_refused(p7m(cms), "not encrypted", *ours_);
}

TEST_F(TokenTest, AnEnvelopeWithoutATokenIsReported) {
  expect_refused(p7m(encrypt("hello", *ours_)), "contains no token", *ours_);
  expect_refused(p7m(encrypt("}{", *ours_)), "contains no token", *ours_);
  expect_refused(p7m(encrypt("{ no }", *ours_)), "not valid JSON: line 1, column 3", *ours_);
  expect_refused(p7m(encrypt(R"({"consumer_key":"x"})", *ours_)),
                 "has no consumer_secret, access_token, access_secret", *ours_);
}

TEST_F(TokenTest, APairThatDoesNotFitTogetherIsOurFault) {
  const KeyPair mixed{ours_->certificate_pem, others_->private_key_pem};
  const auto token = open_token(p7m(encrypt(message_of(kJson), *ours_)), mixed);
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code, Code::internal);
  EXPECT_EQ(open_token(p7m("\x30\x80"), {}).error().code, Code::internal);
}

TEST_F(TokenTest, TheCertificateIsWhatThePortalTakes) {
  const auto der = certificate_der(*ours_);
  ASSERT_TRUE(der);
  const std::string text = run({"openssl", "x509", "-inform", "DER", "-noout", "-text"}, *der);
  EXPECT_THAT(text, HasSubstr("Version: 3"));
  EXPECT_THAT(text, HasSubstr("Subject: CN = muster"));
  EXPECT_THAT(text, HasSubstr("Issuer: CN = muster"));
  EXPECT_THAT(text, HasSubstr("Public-Key: (2048 bit)"));
  EXPECT_THAT(text, HasSubstr("sha256WithRSAEncryption"));
  EXPECT_THAT(text, HasSubstr("Not Before: Mar  1 09:00:00 2026 GMT"));
  EXPECT_THAT(text, HasSubstr("Not After : Mar  1 09:00:00 2027 GMT"));
  EXPECT_THAT(ours_->private_key_pem, HasSubstr("-----BEGIN PRIVATE KEY-----"));
  EXPECT_FALSE(certificate_der({}));
}

TEST_F(TokenTest, AKeyPairNeedsANameAndDays) {
  EXPECT_EQ(make_key_pair("", kNow, 1).error().code, Code::invalid);
  EXPECT_EQ(make_key_pair(std::string(65, 'x'), kNow, 1).error().code, Code::invalid);
  EXPECT_EQ(make_key_pair("muster", kNow, 0).error().code, Code::invalid);
  EXPECT_EQ(make_key_pair("muster", kNow, 1'000'000).error().code, Code::invalid);
}

TEST(ParseToken, NamesWhatIsMissing) {
  for (const char* key : {"consumer_key", "consumer_secret", "access_token", "access_secret"}) {
    const auto token = parse_token(replace(kJson, key, "x_" + std::string(key)));
    ASSERT_FALSE(token);
    EXPECT_EQ(token.error().message, "the token has no " + std::string(key));
  }
  EXPECT_THAT(
      parse_token(R"({"consumer_key":"","consumer_secret":null,"access_token":7,"access_secret":" "})")
          .error()
          .message,
      HasSubstr("has no consumer_key, consumer_secret, access_token, access_secret"));
}

TEST(ParseToken, TheExpiryMayBeMissing) {
  EXPECT_EQ(parse_token(kJson).value(), kToken);
  for (const char* expiry : {"", "tomorrow", "0001-01-01T00:00:00Z"}) {
    const auto token = parse_token(replace(kJson, "2027-01-17T11:02:21Z", expiry));
    ASSERT_TRUE(token) << expiry;
    EXPECT_EQ(token->access_token_expiry, std::nullopt) << expiry;
  }
}

TEST(ParseToken, NeverShowsASecret) {
  const std::string json = kJson;
  for (size_t length = 0; length < json.size(); ++length) {
    const auto token = parse_token(json.substr(0, length));
    ASSERT_FALSE(token);
    EXPECT_THAT(token.error().text(), Not(HasSubstr("secret1"))) << length;
  }
  EXPECT_EQ(parse_token("[]").error().code, Code::invalid);
}

}  // namespace
}  // namespace muster::apple
