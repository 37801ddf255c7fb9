#include "tests/explore/story/json_change.h"

#include <gtest/gtest.h>

namespace muster::explore {
namespace {

using Where = Change::Where;
using How = Change::How;

constexpr const char* kPage = R"({"devices":[{"serial_number":"A"},{"serial_number":"B"}],"cursor":"c"})";

TEST(JsonChange, ChangesAKeyOfTheAnswer) {
  EXPECT_EQ(changed(R"({"cursor":"c","more_to_follow":false})", {.how = How::remove, .key = "cursor"}),
            R"({"more_to_follow":false})");
  EXPECT_EQ(changed(R"({"cursor":"c"})", {.key = "cursor", .json = "17"}), R"({"cursor":17})");
  EXPECT_EQ(changed(R"({"cursor":"c"})", {.key = "new", .json = "17"}), R"({"cursor":"c","new":17})");
  EXPECT_EQ(changed(R"({"cursor":"c"})", {.how = How::twice, .key = "cursor"}),
            R"({"cursor":null,"cursor":"c"})");
}

TEST(JsonChange, ChangesRowsOfAList) {
  EXPECT_EQ(changed(kPage, {.where = Where::first_row, .how = How::remove, .key = "serial_number"}),
            R"({"devices":[{},{"serial_number":"B"}],"cursor":"c"})");
  EXPECT_EQ(
      changed(kPage, {.where = Where::every_row, .key = "color"}),
      R"({"devices":[{"serial_number":"A","color":null},{"serial_number":"B","color":null}],"cursor":"c"})");
  EXPECT_EQ(changed(kPage, {.where = Where::row, .json = "{}"}),
            R"({"devices":[{},{"serial_number":"B"}],"cursor":"c"})");
  EXPECT_EQ(changed(kPage, {.where = Where::rows, .how = How::remove}), R"({"devices":[],"cursor":"c"})");
  EXPECT_EQ(changed(R"({"devices":[{"a":1}]})", {.where = Where::row, .how = How::repeat}),
            R"({"devices":[{"a":1},{"a":1}]})");
}

TEST(JsonChange, ChangesEntriesBySerial) {
  EXPECT_EQ(changed(R"({"devices":{"A":"SUCCESS","B":"SUCCESS"}})", {.where = Where::row, .json = "17"}),
            R"({"devices":{"A":17,"B":"SUCCESS"}})");
}

TEST(JsonChange, LeavesAloneWhatHasNoPlaceForIt) {
  EXPECT_EQ(changed("null", {.key = "cursor"}), "null");
  EXPECT_EQ(changed("{}", {.where = Where::rows, .json = "17"}), "{}");
}

}  // namespace
}  // namespace muster::explore
