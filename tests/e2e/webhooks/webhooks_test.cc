// Webhooks, as an operator sets them up and a receiver sees them.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "base/os/files.h"
#include "base/text/json.h"
#include "base/text/strings.h"
#include "tests/e2e/world/world.h"
#include "tests/support/places.h"
#include "tests/support/webhook_receiver.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// The indented lines behind this one, without what a shell shows in front of them.
std::string lines_behind(const std::string& document, const std::string& mark) {
  std::string block;
  size_t at = document.find("\n    ", document.find(mark)) + 1;
  while (document.compare(at, 4, "    ") == 0 || document[at] == '\n') {
    const size_t end = document.find('\n', at) + 1;
    std::string line = document[at] == '\n' ? "\n" : document.substr(at + 4, end - at - 4);
    if (line.starts_with("$ ")) line.erase(0, 2);
    block += line;
    at = end;
  }
  return block;
}

class WebhooksTest : public World {
 protected:
  void SetUp() override {
    start_depsim({"-devices", "3", "-accounts", "default,school"});
    start();
    await_baseline(3);
    add_secret("OF-THE-HOOK");
  }
  void start() { start_muster({"-webhook-allow-private"}); }
  void apply(const std::string& more) {
    write("url.txt", receiver_.url() + "\n");
    write("secret.txt", secret_ + "\n");
    run_well("mdmctl apply webhook -name inventory -url-file url.txt -secret-file secret.txt " + more);
  }
  std::vector<std::string> types() const {
    std::vector<std::string> types;
    for (const auto& request : receiver_.taken())
      types.emplace_back(parse_json(request.body)->at("type").as_string());
    return types;
  }
  bool comes(const std::string& type) {
    return comes_true([&] {
      const auto all = types();
      return std::find(all.begin(), all.end(), type) != all.end();
    });
  }

  WebhookReceiver receiver_;
  const std::string secret_ = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
};

TEST_F(WebhooksTest, TellWhatBecomesOfADevice) {
  apply("-topics 'device.*'");
  const auto uuid = define_profile("*");
  const auto serials = depsim().add(2);
  sync_now();
  await_assigned(2, uuid);
  ASSERT_TRUE(comes("device.confirmed"));
  EXPECT_THAT(types(), ElementsAre("device.arrived", "device.assigned", "device.confirmed"));
  const auto devices = parse_json(receiver_.taken().front().body)->at("data").at("devices").as_array();
  ASSERT_EQ(devices.size(), 2U);
  EXPECT_THAT(serials, Contains(std::string(devices[0].at("serial_number").as_string())));
  depsim().devices("remove", {{"serials", to_json(serials)}});
  sync_now();
  ASSERT_TRUE(comes("device.gone"));
}

// docs/webhooks.md shows how.
TEST_F(WebhooksTest, AreVerifiedAsTheManualSays) {
  apply("-topics device.uncovered");
  depsim().add(1);
  sync_now();
  ASSERT_TRUE(comes("device.uncovered"));
  const auto message = receiver_.taken().front();
  const auto header = [&](const char* name) { return message.headers.get(name).value_or(""); };
  const auto manual = read_file(source("docs/webhooks.md")).value();
  write("body.json", message.body);
  write("verify.sh", lines_behind(manual, "With openssl:"));
  const auto signature = run_well(fmt::format("SECRET={} ID={} TIMESTAMP={} bash verify.sh", secret_,
                                              header("webhook-id"), header("webhook-timestamp")));
  EXPECT_EQ("v1," + std::string(trim(signature)), header("webhook-signature"));

  write("verify.py",
        lines_behind(manual, "With Python:") +
            fmt::format(
                "\nheaders = {{'webhook-id': '{}', 'webhook-timestamp': '{}', 'webhook-signature': '{}'}}\n"
                "body = open('body.json', 'rb').read()\n"
                "print(is_genuine('{}', headers, body), is_genuine('{}', headers, body + b' '))\n",
                header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"), secret_,
                secret_));
  EXPECT_EQ(run_well("python3 verify.py"), "True False\n");
}

TEST_F(WebhooksTest, ShowNoUrlAndNoSecret) {
  apply("-format slack");
  EXPECT_THAT(run_well("mdmctl webhook test -name inventory"),
              StartsWith("the webhook 'inventory' accepted the test message: it answered"));
  EXPECT_THAT(receiver_.taken().back().body, AllOf(HasSubstr("\"text\":"), HasSubstr("test of the webhook")));
  for (const char* path :
       {"/api/v1/webhooks", "/api/v1/webhooks/inventory/deliveries", "/api/v1/audit", "/metrics"}) {
    const auto body = call("GET", path).body;
    EXPECT_THAT(body, Not(HasSubstr("OF-THE-HOOK"))) << path;
    EXPECT_THAT(body, Not(HasSubstr("MfKQ9r8"))) << path;
  }
  EXPECT_THAT(call("GET", "/api/v1/webhooks").body, HasSubstr("\"host\":\"127.0.0.1:"));
}

TEST_F(WebhooksTest, GoOnAfterBothSidesWereDown) {
  apply("-topics device.arrived");
  receiver_.be_down(true);
  depsim().add(1);
  sync_now();
  ASSERT_TRUE(comes_true([&] { return receiver_.refused() > 0; }));
  EXPECT_TRUE(
      comes_true([&] { return run_well("mdmctl get webhooks").find("failing since") != std::string::npos; }));
  kill_muster();
  receiver_.be_down(false);
  start();
  run_well("mdmctl webhook resume -name inventory");  // by itself it would wait
  ASSERT_TRUE(comes("device.arrived"));
  EXPECT_TRUE(comes_true([&] {
    return call("GET", "/metrics").body.find("\nmuster_webhook_backlog{webhook=\"inventory\"} 0\n") !=
           std::string::npos;
  }));
  EXPECT_THAT(call("GET", "/metrics").body,
              HasSubstr("muster_webhook_status{webhook=\"inventory\",status=\"active\"} 1\n"));
}

TEST_F(WebhooksTest, AreToldOnceOfAFirstList) {
  apply("-topics 'account.*,device.*'");
  depsim().devices("add", {{"count", 1200}, {"account", "school"}, {"baseline", true}});
  ASSERT_EQ(call("PUT", "/api/v1/accounts/school",
                 write_json({{"token", depsim().get("/control/accounts/school/token")}}))
                .status,
            200);
  ASSERT_TRUE(comes("account.first_list"));
  const auto told = types();
  EXPECT_EQ(std::count(told.begin(), told.end(), "account.first_list"), 1);
  EXPECT_EQ(
      std::count_if(told.begin(), told.end(), [](const auto& type) { return type.starts_with("device."); }),
      0);
}

TEST_F(WebhooksTest, AreReplayed) {
  apply("-topics device.arrived");
  depsim().add(2);
  sync_now();
  ASSERT_TRUE(comes("device.arrived"));
  EXPECT_TRUE(comes_true([&] {
    return run_well("mdmctl get webhook-deliveries -name inventory").find("204") != std::string::npos;
  }));
  EXPECT_THAT(run_well("mdmctl webhook replay -name inventory -since 1h -dry-run"),
              HasSubstr("1 messages with 2 events would be sent again"));
  run_well("mdmctl webhook replay -name inventory -since 1h");
  ASSERT_TRUE(comes_true([&] { return receiver_.taken().size() == 2; }));
  EXPECT_EQ(receiver_.taken()[0].body, receiver_.taken()[1].body);
}

TEST_F(WebhooksTest, ReachNothingPrivateUnlessTheServerSaysSo) {
  stop_muster();
  start_muster();
  EXPECT_THAT(run_badly("mdmctl apply webhook -name inventory -url " + receiver_.url()),
              HasSubstr("-webhook-allow-private"));
  const auto named = call("PUT", "/api/v1/webhooks/inventory", R"({"url": "http://localhost:1/hook"})");
  ASSERT_EQ(named.status, 200) << named.body;
  EXPECT_THAT(call("POST", "/api/v1/webhooks/inventory/test").body, HasSubstr("has the private address"));
}

}  // namespace
}  // namespace muster::test
