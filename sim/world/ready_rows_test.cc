// Pages made ahead are the pages that would have been made, and are forgotten when something happens.
#include <gtest/gtest.h>

#include "sim/test_service.h"
#include "sim/world/row.h"

namespace muster::sim {
namespace {

Options options_for(bool pages_ahead) {
  Options options;
  options.devices = 25;
  options.clock = from_millis(1'770'000'000'000);
  options.pages_ahead = pages_ahead;
  options.settings.page_limit = 10;
  return options;
}

// All pages of a fetch, as they came.
std::string fetch(TestService& service, int limit) {
  std::string all, cursor;
  for (;;) {
    const auto answer =
        service.apple("POST", "/server/devices",
                      R"({"limit":)" + std::to_string(limit) + R"(,"cursor":")" + cursor + "\"}");
    all += answer.body + "\n";
    const auto page = boost::json::parse(answer.body).as_object();
    if (!page.at("more_to_follow").as_bool()) return all;
    cursor = text_at(page, "cursor");
  }
}

class PagesAhead : public testing::Test {
 protected:
  void expect_the_same(int limit) { EXPECT_EQ(fetch(ahead_, limit), fetch(usual_, limit)); }
  void in_both(const std::string& target, const std::string& body) {
    ahead_.control("POST", target, body);
    usual_.control("POST", target, body);
  }
  bool are_there() {
    return ahead_.simulator().service().with([](Service& service) {
      return service.world.account(0).ready_rows.from(10, 10, kNewestVersion).rows == 10;
    });
  }

  TestService ahead_{options_for(true)}, usual_{options_for(false)};
};

TEST_F(PagesAhead, AreThePagesAsTheyWouldBe) {
  ASSERT_TRUE(are_there());
  expect_the_same(10);
  expect_the_same(7);
}

TEST_F(PagesAhead, AreForgottenWhenADeviceChanges) {
  in_both("/devices/set", R"({"count": 1, "asset_tag": "SCH-1"})");
  EXPECT_FALSE(are_there());
  expect_the_same(10);
}

TEST_F(PagesAhead, AreForgottenWhenAClientChangesADevice) {
  const auto profile = text_at(ahead_.apple_json("POST", "/profile", kGoodProfile), "profile_uuid");
  ASSERT_TRUE(are_there());
  const auto serial = text_at(
      boost::json::parse(fetch(ahead_, 10).substr(0, fetch(ahead_, 10).find('\n'))).at("devices").at(0),
      "serial_number");
  ahead_.apple_json("PUT", "/profile/devices",
                    R"({"profile_uuid":")" + profile + R"(","devices":[")" + serial + "\"]}");
  EXPECT_NE(fetch(ahead_, 10).find(R"("profile_uuid":")" + profile), std::string::npos);
}

}  // namespace
}  // namespace muster::sim
