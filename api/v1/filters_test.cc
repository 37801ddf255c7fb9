// Whether a filter is understood, and how many devices it covers.
#include <gmock/gmock.h>

#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using testing::HasSubstr;

class FilterCalls : public test::ApiFixture {};

TEST_F(FilterCalls, CoversAsManyDevicesAsThereAreNow) {
  add_device("A");
  add_device("B");
  change_device("B", [&](Device& d) { d.tombstone = Tombstone{Tombstone::Reason::deleted, clock_.now()}; });
  EXPECT_EQ(get("/api/v1/filters?filter=*").number("devices"), 1);
  add_device("C");
  EXPECT_EQ(get("/api/v1/filters?filter=*").number("devices"), 2);
  EXPECT_EQ(get("/api/v1/filters?filter=serial%20%3D%20A").number("devices"), 1);
}

TEST_F(FilterCalls, WhatIsNotUnderstoodIsExplained) {
  const auto answer = get("/api/v1/filters?filter=famly%20%3D%20iPad");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.error(), HasSubstr("family"));
  EXPECT_EQ(get("/api/v1/filters").status, 400) << "an empty one";
}

TEST_F(FilterCalls, AListMustBeThereUnlessTheFilterIsOnlyChecked) {
  EXPECT_EQ(get("/api/v1/filters?filter=serial%20in%20%40carts").status, 400);
  const auto checked = get("/api/v1/filters?filter=serial%20in%20%40carts&check=1");
  EXPECT_EQ(write_json(checked["lists"]), R"(["carts"])");
  EXPECT_FALSE(checked.has("devices"));
  put("/api/v1/lists/carts", R"({"csv":"A"})");
  add_device("A");
  EXPECT_EQ(get("/api/v1/filters?filter=serial%20in%20%40carts").number("devices"), 1);
}

}  // namespace
}  // namespace muster::api
