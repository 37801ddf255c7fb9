#include "sim/session/session.h"

#include <gtest/gtest.h>

namespace muster::sim {
namespace {

TEST(SessionTable, ASessionEndsAfterItsLifetime) {
  SessionTable table;
  Settings settings;
  settings.session_lifetime = Millis(1000);
  const auto token = table.open(3, 5000, settings);
  EXPECT_TRUE(token.starts_with("5000O1O")) << token;
  EXPECT_EQ(table.use(token, 5999, settings)->account, 3);
  EXPECT_FALSE(table.use(token, 6000, settings));
  EXPECT_EQ(table.account_of(token), 3);
  EXPECT_FALSE(table.use("another", 5000, settings));
}

TEST(SessionTable, RotatesOnEveryNthCallAndLetsTheOldOneLiveForItsGrace) {
  SessionTable table;
  Settings settings;
  settings.rotate_every = 2;
  settings.rotate_grace = Millis(100);
  const auto old = table.open(0, 0, settings);
  EXPECT_EQ(table.use(old, 1, settings)->replacement, "");
  const auto fresh = table.use(old, 2, settings)->replacement;
  ASSERT_NE(fresh, "");
  EXPECT_TRUE(table.use(old, 101, settings));
  EXPECT_EQ(table.use(old, 101, settings)->replacement, "");  // replaced once only
  EXPECT_FALSE(table.use(old, 102, settings));
  EXPECT_TRUE(table.use(fresh, 102, settings));
}

TEST(SessionTable, OneMoreThanAllowedEndsTheOldest) {
  SessionTable table;
  Settings settings;
  settings.max_sessions = 2;
  const auto first = table.open(0, 1, settings);
  const auto second = table.open(0, 2, settings);
  const auto others = table.open(1, 0, settings);
  const auto third = table.open(0, 3, settings);
  EXPECT_FALSE(table.use(first, 4, settings));
  for (const auto& token : {second, third, others}) EXPECT_TRUE(table.use(token, 4, settings));
}

TEST(SessionTable, EndsAnAccountsSessions) {
  SessionTable table;
  const Settings settings;
  const auto mine = table.open(0, 0, settings);
  const auto other = table.open(1, 0, settings);
  EXPECT_EQ(table.end(0, 10), 1U);
  EXPECT_FALSE(table.use(mine, 10, settings));
  EXPECT_TRUE(table.use(other, 10, settings));
  EXPECT_EQ(table.end(-1, 10), 1U);
  EXPECT_EQ(table.alive(1, 10), 0U);
}

TEST(SessionTable, ANonceIsGoodOnceForATokenAndTime) {
  SessionTable table;
  EXPECT_TRUE(table.take_nonce("AT", 100, "n", 0));
  EXPECT_FALSE(table.take_nonce("AT", 100, "n", 0));
  EXPECT_TRUE(table.take_nonce("AT", 101, "n", 0));
  EXPECT_TRUE(table.take_nonce("AT2", 100, "n", 0));
  EXPECT_TRUE(table.take_nonce("AT", 100, "n", 101));  // forgotten: too old to be accepted anyway
}

}  // namespace
}  // namespace muster::sim
