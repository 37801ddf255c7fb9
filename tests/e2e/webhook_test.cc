// Webhook events, across crashes of either side.
#include <gmock/gmock.h>

#include "base/text/json.h"
#include "tests/e2e/world/world.h"
#include "tests/support/webhook_receiver.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Webhooks : public World {
 protected:
  void SetUp() override { start_depsim({"-devices", "5"}); }
  void start() { start_muster({"-webhook-url", receiver_.url(), "-webhook-key", "SECRET-KEY-OF-THE-HOOK"}); }
  void sign_terms(bool signed_now) {
    depsim().put("/control/accounts/default", {{"terms_signed", signed_now}});
    (void)run("mdmctl sync -wait");
  }
  std::vector<std::string> states() const {
    std::vector<std::string> states;
    for (const auto& request : receiver_.taken())
      states.emplace_back(parse_json(request.body)->at("account_event").at("state").as_string());
    return states;
  }
  void TearDown() override {
    EXPECT_THAT(muster().output(), Not(HasSubstr("OF-THE-HOOK"))) << "neither the key nor the URL is logged";
    World::TearDown();
  }

  WebhookReceiver receiver_;
};

TEST_F(Webhooks, TellAChangeOfStateSigned) {
  start();
  await_baseline(5);
  sign_terms(false);
  sign_terms(true);
  ASSERT_TRUE(comes_true([&] { return states() == std::vector<std::string>{"terms_unsigned", "ok"}; }));
  const auto first = receiver_.taken().front();
  write("body.json", first.body);
  EXPECT_EQ(first.headers.get("X-Hmac-Signature").value_or("") + "\n",
            run_well("openssl dgst -sha256 -hmac SECRET-KEY-OF-THE-HOOK -binary < body.json | base64"))
      << "as docs/webhook.md checks it";
  EXPECT_THAT(first.body, AllOf(HasSubstr("\"topic\":\"muster.AccountState\""), HasSubstr("T_C_NOT_SIGNED"),
                                HasSubstr("accept the new terms")));
}

TEST_F(Webhooks, LoseNothingWhenBothSidesAreDown) {
  receiver_.be_down(true);
  start();
  await_baseline(5);
  sign_terms(false);
  ASSERT_TRUE(comes_true([&] { return receiver_.refused() > 0; }));
  EXPECT_TRUE(comes_true([&] { return muster().events("webhook.rejected").size() == 1; })) << "once";
  EXPECT_THAT(call("GET", "/metrics").body, HasSubstr("\nmuster_webhook_events_waiting 1\n"));
  kill_muster();
  receiver_.be_down(false);
  start();
  ASSERT_TRUE(comes_true([&] { return states() == std::vector<std::string>{"terms_unsigned"}; }));
  EXPECT_TRUE(comes_true([&] {
    return call("GET", "/metrics").body.find("\nmuster_webhook_events_waiting 0\n") != std::string::npos;
  }));
}

TEST_F(Webhooks, AStopDoesNotWaitForAReceiverThatIsDown) {
  receiver_.be_down(true);
  start();
  await_baseline(5);
  sign_terms(false);
  ASSERT_TRUE(comes_true([&] { return receiver_.refused() > 0; }));
  stop_muster();  // ends well, and in time
  start();
}

}  // namespace
}  // namespace muster::test
