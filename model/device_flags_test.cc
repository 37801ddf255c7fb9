#include "model/device_flags.h"

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(DeviceFlags, AMigrationHasADeadline) {
  EXPECT_TRUE(is_migrating(R"({"imei":["1"],"mdm_migration_deadline":"2026-06-01T00:00:00Z"})"));
  EXPECT_FALSE(is_migrating(""));
  EXPECT_FALSE(is_migrating(R"({"mdm_migration_deadline":null})"));
  EXPECT_FALSE(is_migrating(R"({"mdm_migration_deadline":""})"));
  EXPECT_FALSE(is_migrating(R"({"history":{"mdm_migration_deadline":"2026-06-01T00:00:00Z"}})"))
      << "not its own";
  EXPECT_FALSE(is_migrating("mdm_migration_deadline"));
}

TEST(DeviceFlags, AReplacementSaysSo) {
  EXPECT_TRUE(is_replacement(R"({"is_replacement_device": true})"));
  EXPECT_FALSE(is_replacement(R"({"is_replacement_device":false,"released_by_replacement":true})"));
  EXPECT_FALSE(is_replacement(R"({"is_replacement_device":"true"})"));
  EXPECT_FALSE(is_replacement(R"({"is_replacement_device":true)")) << "cut off";
  EXPECT_FALSE(is_replacement(""));
}

TEST(DeviceFlags, AReplacedDeviceSaysSo) {
  EXPECT_TRUE(was_replaced(R"({"released_by_replacement":true})"));
  EXPECT_FALSE(was_replaced(R"({"is_replacement_device":true,"released_by_replacement":false})"));
  EXPECT_FALSE(was_replaced(""));
}

}  // namespace
}  // namespace muster
