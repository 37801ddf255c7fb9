// Activation Locks from mdmctl to Apple: what an admin reads opens what Apple has locked.
#include <gmock/gmock.h>

#include <thread>

#include "apple/bypass_code.h"
#include "base/text/json.h"
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Locks : public World {
 protected:
  void SetUp() override {
    start_depsim();
    depsim().devices("add", {{"serials", {"PHONE", "OTHER"}}, {"family", "iPhone"}, {"baseline", true}});
    depsim().devices("add", {{"serials", {"TV"}}, {"family", "AppleTV"}, {"baseline", true}});
    start_muster();
    await_baseline(3);
  }

  boost::json::object bypass_code(const std::string& serial) {
    const auto text = run_well("mdmctl get bypass-code -o json -serial " + serial);
    auto json = parse_json(text).value().as_object();
    add_secret(std::string(json.at("code").as_string()));
    return json;
  }
  // The key that Apple would make of it.
  static std::string key_of(const boost::json::object& bypass_code) {
    const auto code = apple::BypassCode::from_text(std::string(bypass_code.at("code").as_string()));
    return code.value().hash().value();
  }
  std::string key_at_apple(const std::string& serial) {
    return std::string(depsim().device(serial).at("escrow_key").as_string());
  }
};

TEST_F(Locks, TheCodeThatIsKeptOpensTheDevice) {
  write("phones.csv", "Serial Number;Owner\nPHONE;Ann\nOTHER;Ben\n");
  EXPECT_THAT(run_well("mdmctl lock dep-devices -f phones.csv -dry-run"),
              AllOf(HasSubstr("PHONE"), HasSubstr("dry run: 2 devices would be locked")));
  EXPECT_FALSE(depsim().device("PHONE").contains("locked"));
  EXPECT_THAT(run_well("mdmctl lock dep-devices -f phones.csv -message 'Call 555'"),
              HasSubstr("locked 2 devices"));
  EXPECT_EQ(depsim().device("PHONE").at("lost_message"), "Call 555");
  for (const char* serial : {"PHONE", "OTHER"}) {
    const auto kept = bypass_code(serial);
    EXPECT_EQ(kept.at("opens"), "yes");
    EXPECT_EQ(kept.at("answer"), "SUCCESS");
    EXPECT_EQ(key_of(kept), key_at_apple(serial));
  }
  EXPECT_NE(key_at_apple("PHONE"), key_at_apple("OTHER"));
  stop_muster();
  start_muster();
  EXPECT_EQ(key_of(bypass_code("PHONE")), key_at_apple("PHONE"));
}

TEST_F(Locks, ALostAnswerLosesNoCode) {
  depsim().add_fault({{"endpoint", "activationlock"}, {"deliver", "reset"}, {"when", "after"}});
  EXPECT_THAT(run_badly("mdmctl lock dep-devices -serials PHONE"), HasSubstr("may be locked nevertheless"));
  EXPECT_EQ(bypass_code("PHONE").at("opens"), "unknown");
  EXPECT_EQ(key_of(bypass_code("PHONE")), key_at_apple("PHONE"));
  EXPECT_THAT(run("mdmctl lock dep-devices -serials PHONE").err, HasSubstr("DEVICE_ALREADY_LOCKED"));
  EXPECT_EQ(bypass_code("PHONE").at("opens"), "unknown");
  EXPECT_EQ(key_of(bypass_code("PHONE")), key_at_apple("PHONE"));
}

TEST_F(Locks, AServerThatIsKilledWhileAppleAnswersHasTheCode) {
  depsim().hold("activationlock", "after");
  std::thread locking([&] { (void)run("mdmctl lock dep-devices -serials PHONE"); });
  EXPECT_TRUE(comes_true([&] { return depsim().device("PHONE").contains("locked"); }));
  kill_muster();
  locking.join();
  start_muster();
  EXPECT_EQ(bypass_code("PHONE").at("opens"), "unknown");
  EXPECT_EQ(key_of(bypass_code("PHONE")), key_at_apple("PHONE"));
}

TEST_F(Locks, OnlySomeAreLocked) {
  const auto result = run("mdmctl lock dep-devices -serials PHONE,TV");
  EXPECT_EQ(result.exit, 3);
  EXPECT_THAT(result.out, HasSubstr("locked 1 device\n"));
  EXPECT_THAT(result.err, HasSubstr("TV: not locked: DEVICE_NOT_SUPPORTED"));
  EXPECT_EQ(bypass_code("TV").at("opens"), "no");
}

TEST_F(Locks, WhoMayNotSeeTheCodeDoesNot) {
  run_well("mdmctl lock dep-devices -serials PHONE");
  const auto made = parse_json(call("PUT", "/api/v1/keys/desk", R"({"role": "operator"})").body).value();
  const std::string key(made.at("api_key").as_string());
  add_secret(key);
  const auto status = run_well("curl -sS -o /dev/null -w '%{http_code}' -u micromdm:" + key +
                               " $SERVER_URL/api/v1/devices/default/PHONE/bypass-code");
  EXPECT_EQ(status, "403");
  EXPECT_EQ(call("GET", "/api/v1/devices/default/OTHER/bypass-code").status, 404);
}

}  // namespace
}  // namespace muster::test
