// Manual assignments take precedence over rules, and survive failures of Apple, the network and the server.
#include <gmock/gmock.h>

#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class Manual : public World {
 protected:
  void SetUp() override {
    start_depsim({"-devices", "5"});
    start_muster();
    await_baseline(5);
    rule_ = define_profile("*", "For all");
    own_ = define_profile({}, "By hand");
    serial_ = depsim().serials().front();
  }

  http::Response assign(const std::string& profile, const std::string& serial) const {
    return call("POST", "/v1/dep/assign", R"({"id":")" + profile + R"(","serials":[")" + serial + R"("]})");
  }
  // What the server knows of the device.
  std::string known(const std::string& key) const {
    return run_well(
        "curl -sS -u micromdm:$APIKEY $SERVER_URL/api/v1/devices | jq -r '.devices[] | "
        "select(.serial_number == \"" +
        serial_ + "\") | ." + key + "'");
  }

  std::string rule_, own_, serial_;
};

TEST_F(Manual, ALostAnswerKeepsTheIntent) {
  depsim().add_fault({{"endpoint", "assign"}, {"deliver", "reset"}, {"when", "after"}});
  const auto answer = assign(own_, serial_);
  EXPECT_EQ(answer.status, 504) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("Muster checks and continues automatically"));
  EXPECT_EQ(known("desired_by"), "manual\n");
  EXPECT_EQ(depsim().profile_of(serial_), own_);
  const size_t mark = muster().mark();
  sync_now();
  EXPECT_EQ(muster().await("sync.done", mark).number("waiting"), 1) << "it is looked after";
}

TEST_F(Manual, ARefusalTakesTheWishBack) {
  const auto answer = assign("0123456789ABCDEF0123456789ABCDEF", serial_);
  EXPECT_EQ(answer.status, 404) << answer.body;
  EXPECT_EQ(known("desired_by"), "nobody\n");
  const size_t mark = muster().mark();
  sync_now();
  EXPECT_EQ(muster().await("sync.done", mark).number("waiting"), 0);
}

TEST_F(Manual, ADeviceOfAnotherAccountIsNotKept) {
  const auto answer = assign(own_, "C02NOTOURS1");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr("NOT_ACCESSIBLE"));
  EXPECT_THAT(run_well("mdmctl get dep-devices"), Not(HasSubstr("C02NOTOURS1")));
}

TEST_F(Manual, ARefusedRemovalTakesTheHoldBack) {
  ASSERT_EQ(assign(own_, serial_).status, 200);
  depsim().add_fault({{"endpoint", "remove"}, {"status", 400}, {"body", "MALFORMED_REQUEST_BODY"}});
  EXPECT_EQ(call("DELETE", "/v1/dep/profiles", R"({"serials":[")" + serial_ + R"("]})").status, 400);
  EXPECT_EQ(known("desired_by"), "manual\n");
  EXPECT_EQ(call("DELETE", "/v1/dep/profiles", R"({"serials":[")" + serial_ + R"("]})").status, 200);
  EXPECT_EQ(known("desired_by"), "hold\n");
  EXPECT_EQ(depsim().profile_of(serial_), "");
}

TEST_F(Manual, MoreDevicesThanOneCallMayCarryAreAssigned) {
  const auto added = depsim().add(1500);
  boost::json::object profile{{"profile_name", "Many"}, {"url", "https://mdm.example.org/enroll"}};
  profile["devices"] = to_json(added);
  write("many.json", boost::json::serialize(profile));
  const auto uuid = uuid_in(run_well("mdmctl apply dep-profiles -f many.json"));
  EXPECT_EQ(depsim().count_with(uuid), 1500);
  EXPECT_EQ(depsim().assigned().most_in_one_call, 1000);
}

}  // namespace
}  // namespace muster::test
