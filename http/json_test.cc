#include "http/json.h"

#include <gtest/gtest.h>

namespace muster::http {
namespace {

TEST(Json, MakesAnAnswer) {
  const auto response = json_response(404, {{"error", "gone"}});
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.headers.get("content-type"), "application/json; charset=utf-8");
  EXPECT_EQ(response.body, "{\"error\":\"gone\"}\n");
}

}  // namespace
}  // namespace muster::http
