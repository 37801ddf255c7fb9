#include "http/server/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace muster::http {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Router router() {
  const Handler handler = [](const Request&) { return Response{}; };
  return Router({{"GET", "/", handler},
                 {"GET", "/v1/devices", handler},
                 {"DELETE", "/v1/devices", handler},
                 {"GET", "/v1/devices/{account}/{serial}", handler},
                 {"POST", "/proxy/{name}/{rest...}", handler},
                 {"PUT", "/profiles/{name...}/move", handler}});
}

TEST(Router, FindsByMethodAndPath) {
  const Router routes = router();
  ASSERT_NE(routes.match("DELETE", "/v1/devices").route, nullptr);
  EXPECT_EQ(routes.match("DELETE", "/v1/devices").route->method, "DELETE");
  EXPECT_NE(routes.match("GET", "/").route, nullptr);
}

TEST(Router, GivesThePlaceholders) {
  const Router routes = router();
  EXPECT_THAT(routes.match("GET", "/v1/devices/default/C1").parameters, ElementsAre("default", "C1"));
  EXPECT_THAT(routes.match("POST", "/proxy/x/profile/devices").parameters,
              ElementsAre("x", "profile/devices"));
  EXPECT_THAT(routes.match("GET", "/v1/devices").parameters, IsEmpty());
}

TEST(Router, TakesTheEndOfThePathForWhatStandsBehindTheRest) {
  const Router routes = router();
  EXPECT_THAT(routes.match("PUT", "/profiles/Room/move").parameters, ElementsAre("Room"));
  EXPECT_THAT(routes.match("PUT", "/profiles/Room/12/move/move").parameters, ElementsAre("Room/12/move"));
  EXPECT_EQ(routes.match("PUT", "/profiles//move").route, nullptr);
  EXPECT_EQ(routes.match("PUT", "/profiles/move").route, nullptr);
  EXPECT_EQ(routes.match("PUT", "/profiles/Room/moved").route, nullptr);
}

TEST(Router, NamesTheMethodsOfAPath) {
  const auto match = router().match("PUT", "/v1/devices");
  EXPECT_EQ(match.route, nullptr);
  EXPECT_EQ(match.allowed, "GET, DELETE");
}

TEST(Router, KnowsNothingElse) {
  for (const char* path : {"", "/v1", "/v1/devices/", "/v1/devices/a", "/v1/devices/a/", "/v1/devices//b",
                           "/v1/devices/a/b/c", "/v2/devices", "/v1/Devices", "/v1/devicesx", "/proxy/x"}) {
    const auto match = router().match("GET", path);
    EXPECT_EQ(match.route, nullptr) << path;
    EXPECT_EQ(match.allowed, "") << path;
  }
}

}  // namespace
}  // namespace muster::http
