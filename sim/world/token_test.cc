#include "sim/world/token.h"

#include <gtest/gtest.h>

#include <regex>

namespace muster::sim {
namespace {

TEST(Token, HasTheShapeOfApplesAndLastsOneYear) {
  Random random(1);
  const Token token = make_token(random, 1'737'111'741'803);  // 2025-01-17T11:02:21.803Z
  EXPECT_TRUE(std::regex_match(token.consumer_key, std::regex("CK_[0-9a-f]{96}")));
  EXPECT_TRUE(std::regex_match(token.consumer_secret, std::regex("CS_[0-9a-f]{40}")));
  EXPECT_TRUE(std::regex_match(token.access_token, std::regex("AT_O[0-9]+O[0-9a-f]{40}O1737111741803")));
  EXPECT_TRUE(std::regex_match(token.access_secret, std::regex("AS_[0-9a-f]{40}")));
  EXPECT_NE(token.json().find(R"("access_token_expiry":"2026-01-17T11:02:21Z"})"), std::string::npos)
      << token.json();
}

TEST(Token, RenewalKeepsTheConsumer) {
  Random random(1);
  const Token old = make_token(random, 1'000'000'000'000);
  const Token token = renew_token(old, random, 1'000'000'000'001);
  EXPECT_EQ(token.consumer_key, old.consumer_key);
  EXPECT_EQ(token.consumer_secret, old.consumer_secret);
  EXPECT_NE(token.access_token, old.access_token);
  EXPECT_NE(token.access_secret, old.access_secret);
}

TEST(Token, OneYearAfterALeapDayIsTheLastOfFebruary) {
  Random random(1);
  const Token token = make_token(random, 1'709'208'000'000);  // 2024-02-29T12:00:00Z
  EXPECT_NE(token.json().find("2025-02-28T12:00:00Z"), std::string::npos) << token.json();
}

TEST(Token, TheWellKnownOneLastsTo2030) {
  EXPECT_EQ(well_known_token(1'790'000'000'000).expires_ms, 1'893'456'000'000);
  EXPECT_GT(well_known_token(1'893'456'000'000).expires_ms, 1'893'456'000'000);
}

}  // namespace
}  // namespace muster::sim
