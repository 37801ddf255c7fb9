#include "base/hmac.h"

#include <gtest/gtest.h>

#include "base/text/encoding.h"

namespace muster {
namespace {

// RFC 2202 section 3, test case 2; RFC 4231 section 4.3.
TEST(Hmac, OfTheKnownTexts) {
  EXPECT_EQ(hex_lower(hmac_sha1("Jefe", "what do ya want for nothing?")),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(hex_lower(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
}  // namespace muster
