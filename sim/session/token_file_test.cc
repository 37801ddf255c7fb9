#include "sim/session/token_file.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "sim/world/codec.h"

namespace muster::sim {
namespace {

namespace fs = std::filesystem;

// Keys, certificates and decryption by the openssl command line: another program than the code under test.
class TokenFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "depsim-token-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { fs::remove_all(directory_); }

  std::string path(const char* name) const { return (directory_ / name).string(); }

  std::string run(const std::string& command) {
    FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    std::string output;
    char buffer[4096];
    for (size_t n; (n = fread(buffer, 1, sizeof(buffer), pipe)) > 0;) output.append(buffer, n);
    EXPECT_EQ(pclose(pipe), 0) << command << "\n" << output;
    return output;
  }

  std::string read(const char* name) {
    std::ifstream in(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const char* name, const std::string& content) {
    std::ofstream(path(name), std::ios::binary) << content;
  }

  std::string make_certificate(const std::string& key_type) {
    run("openssl req -x509 -nodes -days 1 -subj /CN=depserver -newkey " + key_type + " -keyout " +
        path("key.pem") + " -out " + path("cert.pem"));
    return read("cert.pem");
  }

  Token token_ = well_known_token(0);
  fs::path directory_;
};

TEST_F(TokenFile, OpensslOpensIt) {
  const auto file = make_token_file(token_, make_certificate("rsa:2048"), {});
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_TRUE(file->starts_with(
      "Content-Type: application/pkcs7-mime; name=\"smime.p7m\"; smime-type=enveloped-data\r\n"
      "Content-Transfer-Encoding: base64\r\n"));
  EXPECT_NE(file->find("\r\n\r\nMIAGCSqGSIb3DQEHA6CAMIACAQAx"), std::string::npos) << file->substr(0, 400);
  write("token.p7m", *file);
  run("openssl cms -decrypt -in " + path("token.p7m") + " -inkey " + path("key.pem") + " -recip " +
      path("cert.pem") + " -out " + path("inner"));
  EXPECT_EQ(read("inner"),
            "Content-Type: text/plain;charset=UTF-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
            "-----BEGIN MESSAGE-----\n" +
                token_.json() + "\n-----END MESSAGE-----\n");
}

TEST_F(TokenFile, HasTheAsn1ShapeOfApples) {
  const auto file = make_token_file(token_, make_certificate("rsa:2048"), {});
  ASSERT_TRUE(file);
  std::string base64 = file->substr(file->find("\r\n\r\n") + 4);
  EXPECT_EQ(base64.find("\r\n"), 76U);
  std::erase(base64, '\r');
  std::erase(base64, '\n');
  write("token.der", from_base64(base64).value_or(""));
  const std::string shape = run("openssl asn1parse -inform DER -in " + path("token.der"));
  for (const char* part : {"cons: SEQUENCE", "l=inf", "pkcs7-envelopedData", "INTEGER           :00",
                           "rsaEncryption", "pkcs7-data", "aes-128-cbc"})
    EXPECT_NE(shape.find(part), std::string::npos) << part << "\n" << shape;
  // One recipient: its RSA-encrypted key is the only 256-byte string.
  EXPECT_EQ(shape.find("rsaEncryption"), shape.rfind("rsaEncryption"));
  EXPECT_EQ(shape.find("rsaesOaep"), std::string::npos);
}

TEST_F(TokenFile, ADerCertificateWillDo) {
  make_certificate("rsa:2048");
  run("openssl x509 -in " + path("cert.pem") + " -outform DER -out " + path("cert.der"));
  EXPECT_TRUE(make_token_file(token_, read("cert.der"), {}));
}

TEST_F(TokenFile, TheDocumentedSampleHasBareWrappedJson) {
  const auto file = make_token_file(token_, make_certificate("rsa:2048"),
                                    {.message_lines = false, .triple_des = true, .crlf = false});
  ASSERT_TRUE(file);
  write("token.p7m", *file);
  run("openssl cms -decrypt -in " + path("token.p7m") + " -inkey " + path("key.pem") + " -out " +
      path("inner"));
  std::string inner = read("inner");
  EXPECT_EQ(inner.find("MESSAGE"), std::string::npos);
  std::erase(inner, '\n');
  EXPECT_NE(inner.find(token_.json()), std::string::npos) << inner;
}

TEST_F(TokenFile, RejectsEcKeysAndWhatIsNoCertificate) {
  const auto ec = make_token_file(token_, make_certificate("ec -pkeyopt ec_paramgen_curve:P-256"), {});
  ASSERT_FALSE(ec);
  EXPECT_EQ(ec.error().code, Code::invalid);
  EXPECT_NE(ec.error().message.find("not RSA"), std::string::npos) << ec.error().message;
  for (const std::string& bad : {std::string(), std::string("hello"), read("key.pem")}) {
    const auto file = make_token_file(token_, bad, {});
    ASSERT_FALSE(file);
    EXPECT_NE(file.error().message.find("not an X.509 certificate"), std::string::npos);
  }
}

TEST(TokenFileName, IsApples) {
  EXPECT_EQ(token_file_name("My MDM", 1'737'111'741'803), "My MDM_Token_2025-01-17T11-02-21Z_smime.p7m");
  EXPECT_EQ(token_file_name("a/\"b", 0), "a__b_Token_1970-01-01T00-00-00Z_smime.p7m");
}

}  // namespace
}  // namespace muster::sim
