#include "http/message.h"

#include <gtest/gtest.h>

#include "http/error_status.h"

namespace muster::http {
namespace {

TEST(Headers, IgnoreTheCaseOfNames) {
  Headers headers = {{"A", "1"}, {"B", "2"}};
  headers.add("a", "3");
  EXPECT_EQ(headers.get("a"), "1");
  EXPECT_TRUE(headers.has("b"));
  EXPECT_FALSE(headers.has("c"));
  headers.set("a", "4");
  EXPECT_EQ(headers.get("A"), "4");
  EXPECT_EQ(std::distance(headers.begin(), headers.end()), 2);
}

TEST(ErrorStatus, IsOneTableBothWays) {
  for (const Code code :
       {Code::invalid, Code::unauthorized, Code::forbidden, Code::not_found, Code::method_not_allowed,
        Code::conflict, Code::too_large, Code::internal, Code::remote, Code::unreachable}) {
    EXPECT_EQ(code_of(status_of(code)), code) << status_of(code);
  }
  EXPECT_EQ(status_of(Code::not_configured), 503);
  EXPECT_EQ(code_of(418), Code::internal);
}

}  // namespace
}  // namespace muster::http
