#include "cli/client/certificate.h"

#include <gtest/gtest.h>

#include "base/os/files.h"
#include "tests/support/certificate.h"
#include "tests/support/temp_dir.h"

namespace muster::cli {
namespace {

class Certificates : public testing::Test {
 protected:
  const test::TempDir directory_;
  const std::string pem_ = read_file(test::make_certificate(directory_.path()).certificate).value();
};

TEST_F(Certificates, GoFromPemToDerAndBack) {
  const auto der = certificates_of_pem("a comment\n" + pem_ + "\n" + pem_);
  ASSERT_TRUE(der) << der.error().text();
  ASSERT_EQ(2U, der->size());
  EXPECT_EQ(der->front(), der->back());
  EXPECT_EQ(pem_, *pem_of_certificate(der->front()));
}

TEST_F(Certificates, AreRefusedWhenThereIsNoneOrOneIsDamaged) {
  EXPECT_FALSE(certificates_of_pem(""));
  EXPECT_FALSE(certificates_of_pem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"));
  const auto damaged =
      certificates_of_pem(pem_ + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  ASSERT_FALSE(damaged);
  EXPECT_EQ("certificate 2 cannot be read", damaged.error().message);
  EXPECT_FALSE(pem_of_certificate("not DER"));
  EXPECT_TRUE(certificates_of_pem(pem_)) << "an error before must not stay in the library's queue";
}

}  // namespace
}  // namespace muster::cli
