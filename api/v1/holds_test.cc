// Holds as the API sets and lifts them.
#include <gmock/gmock.h>

#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;

class HoldCalls : public test::ApiFixture {};

TEST_F(HoldCalls, AreSetAndLifted) {
  add_device("A");
  EXPECT_EQ(write_json(post("/api/v1/holds", R"({"serials":["a","A"]})").json), R"({"held":1})");
  EXPECT_EQ(device("A").desired.by, Desired::By::hold);
  EXPECT_EQ(write_json(del("/api/v1/holds", R"({"serials":["A"]})").json), R"({"released":1,"assigned":0})");
  EXPECT_EQ(device("A").desired.by, Desired::By::nobody);
  EXPECT_TRUE(runs().empty());
}

TEST_F(HoldCalls, AReleasedDeviceThatARuleTakesIsSentSoon) {
  add_rule({.filter = "*", .profile = ProfileUuid("P")});
  add_device("A");
  post("/api/v1/holds", R"({"serials":["A"]})");
  EXPECT_EQ(del("/api/v1/holds", R"({"serials":["A"]})").number("assigned"), 1);
  EXPECT_THAT(runs(), IsSupersetOf({Lane::changes, Lane::assignment}));
}

TEST_F(HoldCalls, NeedDevicesOfTheAccount) {
  for (const char* method : {"POST", "DELETE"}) {
    EXPECT_EQ(ask(method, "/api/v1/holds", "{}").status, 400);
    const auto unknown = ask(method, "/api/v1/holds", R"({"serials":["NOBODY"]})");
    EXPECT_EQ(unknown.status, 404);
    EXPECT_THAT(unknown.error(), HasSubstr("NOBODY"));
  }
}

}  // namespace
}  // namespace muster::api
