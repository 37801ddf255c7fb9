// Each alert rule of docs/prometheus: something goes wrong at a real server, its metrics are recorded before,
// meanwhile and afterwards, and promtool says when the alert fires.
#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>

#include "base/text/encoding.h"
#include "base/text/json.h"
#include "base/time/rfc3339.h"
#include "tests/e2e/world/api_call.h"
#include "tests/e2e/world/scrapes.h"
#include "tests/e2e/world/under_test_server.h"
#include "tests/e2e/world/world.h"
#include "tests/support/certificate.h"
#include "tests/support/webhook_receiver.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;

const Time kNoon = from_millis(1'772'366'400'000);  // 2026-03-01T12:00:00Z

class Alerts : public World {
 protected:
  void start(long long devices = 5, const std::vector<std::string>& more = {}) {
    start_depsim(
        {"-devices", std::to_string(devices), "-clock", "2026-03-01T12:00:00Z", "-auth-follows-clock"});
    start_server(kNoon, more);
    comes_to("muster_devices{account=\"default\"} " + std::to_string(devices));
    comes_to_state("ok");
  }
  void start_server(Time now, const std::vector<std::string>& more = {}) {
    std::vector<std::string> flags{"-api-key", kApiKey,        "-http-addr",   "127.0.0.1:0",
                                   "-depsim",  depsim().url(), "-config-path", data()};
    if (more.empty() || more.front() != "-tls-cert") flags.push_back("-tls=false");
    flags.insert(flags.end(), more.begin(), more.end());
    server_.emplace(flags, now);
  }
  void TearDown() override {
    if (server_) inspect_log_of(*server_);
    World::TearDown();
  }

  std::string ask(const std::string& method, const std::string& call, const std::string& body = {}) {
    auto request = api_request(server_->url(), kApiKey, method, call, body);
    request.skip_verify = true;
    const auto answer = client_.send(request);
    if (!answer) throw std::runtime_error(answer.error().text());
    return answer->body;
  }
  std::string metrics() { return ask("GET", "/metrics"); }
  bool says(const std::string& line) { return metrics().find("\n" + line + "\n") != std::string::npos; }

  // At Apple, too.
  void advance(std::chrono::seconds by) {
    depsim().post("/control/clock", {{"advance", std::to_string(by.count()) + "s"}});
    server_->advance(by);
  }
  /// What is due by now has not begun, or is not done.
  bool is_at_work() {
    const auto accounts = parse_json(ask("GET", "/api/v1/accounts")).value();
    const auto& lanes = accounts.at("accounts").at(0).at("lanes").as_array();
    return std::any_of(lanes.begin(), lanes.end(), [&](const boost::json::value& lane) {
      const auto* next = lane.as_object().if_contains("next_run");
      return lane.at("running").as_bool() || (next && parse_rfc3339(next->as_string()) <= server_->now());
    });
  }
  /// Lets time pass, second by second, until the server says so; as much as it takes, however slow the
  /// machine is: while the server is at work, the clock stands. Gives the metrics that have the line.
  std::string comes_to(const std::string& line, std::chrono::seconds step = 1s) {
    std::string text;
    EXPECT_TRUE(comes_true([&] {
      text = metrics();
      if (text.find("\n" + line + "\n") != std::string::npos) return true;
      if (!is_at_work()) advance(step);
      return false;
    })) << line
        << "\n"
        << text << server_->log();
    return text;
  }
  void comes_to_state(const std::string& state) {
    comes_to("muster_account_state{account=\"default\",state=\"" + state + "\"} 1");
  }
  void sync() { ask("POST", "/v1/dep/syncnow?wait=30"); }
  void fails_everywhere() { depsim().add_fault({{"count", 0}, {"status", 503}}); }
  void fails_no_more() {
    depsim().remove("/control/faults");
    sync();
    comes_to_state("ok");
  }
  /// A profile for all that arrive from now on.
  std::string add_rule() {
    const auto defined = parse_json(
        ask("PUT", "/v1/dep/profiles", R"({"profile_name": "All", "url": "https://mdm.example.org/"})"));
    const std::string uuid(defined.value().at("profile_uuid").as_string());
    ask("POST", "/v1/dep/autoassigners", write_json({{"filter", "*"}, {"profile_uuid", uuid}}));
    return uuid;
  }
  void replace_token(const std::string& query) {
    const auto tokens = parse_json(ask("GET", "/v1/dep-tokens")).value();
    const auto certificate = base64_decode(std::string(tokens.at("public_key").as_string())).value();
    const auto file = depsim().make_token_file(certificate, "default", query);
    ask("PUT", "/v1/dep-tokens", write_json({{"p7m_content", base64_encode(file)}}));
    sync();
  }

  /// Records what the server says now, when these alerts must fire and no others.
  void scrape(std::set<std::string> alerts) { scrapes_.add(server_->now(), metrics(), std::move(alerts)); }
  void expect_alerts() { EXPECT_EQ(promtool_complaint(path("."), scrapes_.rule_test()), ""); }

  std::optional<UnderTestServer> server_;
  Scrapes scrapes_;
  WebhookReceiver receiver_;

 private:
  http::Client client_;
};

TEST_F(Alerts, MusterDown) {
  start();
  scrape({});
  const Time then = server_->now();
  server_->send_signal(SIGTERM);
  ASSERT_EQ(server_->wait_exit(kDeadline), 0);
  scrapes_.add(then + 1min, std::nullopt, {});
  scrapes_.add(then + 4min, std::nullopt, {"MusterDown"});
  inspect_log_of(*server_);
  depsim().post("/control/clock", {{"advance", "5m"}});
  start_server(then + 5min);
  comes_to_state("ok");
  scrape({});
  expect_alerts();
}

TEST_F(Alerts, MusterStorage) {
  start();
  scrape({});
  server_->set_disk_full(true);
  server_->send_signal(SIGHUP);
  // A write that changes nothing may succeed soon after.
  scrapes_.add(server_->now(), comes_to("muster_storage_trouble 1"), {"MusterStorage"});
  server_->set_disk_full(false);
  comes_to("muster_storage_trouble 0");
  scrape({});
  expect_alerts();
}

TEST_F(Alerts, MusterAccountRejected) {
  start();
  scrape({});
  depsim().put("/control/accounts/default", {{"terms_signed", false}});
  sync();
  comes_to_state("terms_unsigned");
  scrape({"MusterAccountRejected"});
  depsim().put("/control/accounts/default", {{"terms_signed", true}});
  sync();
  comes_to_state("ok");
  scrape({});
  expect_alerts();
}

TEST_F(Alerts, MusterAccountImpaired) {
  start();
  scrape({});
  fails_everywhere();
  sync();
  comes_to_state("unreachable");
  scrape({});
  advance(31min);
  comes_to_state("unreachable");
  scrape({"MusterAccountImpaired"});
  fails_no_more();
  scrape({});
  expect_alerts();
}

TEST_F(Alerts, MusterAccountStale) {
  start();
  scrape({});
  fails_everywhere();
  sync();
  advance(20min);
  scrape({});
  advance(42min);
  scrape({"MusterAccountStale", "MusterAccountImpaired"});
  fails_no_more();
  scrape({});
  expect_alerts();
}

TEST_F(Alerts, MusterTokenExpires) {
  start();
  replace_token("expires=8d");
  comes_to_state("expiring");
  scrape({});
  advance(36h);
  sync();
  scrape({"MusterTokenExpires"});
  replace_token("expires=365d");
  comes_to_state("ok");
  scrape({});
  expect_alerts();
}

TEST_F(Alerts, MusterCertificateExpires) {
  constexpr long kDay = 24 * 3600;
  const auto files = make_certificate(path("."), {.valid_for = 60 * kDay});
  start_depsim({"-clock-skew", "1000d"});
  start_server(SystemClock().now(), {"-tls-cert", files.certificate, "-tls-key", files.key});
  comes_to_state("ok");
  scrape({});
  const auto ends = [&] {
    for (const auto& sample : samples_of(metrics()))
      if (sample.name == "muster_certificate_expiry_timestamp_seconds") return std::stod(sample.value);
    return 0.0;
  };
  const auto exchange = [&](long days) {
    const double before = ends();
    make_certificate(path("."), {.valid_for = days * kDay});
    server_->send_signal(SIGHUP);
    EXPECT_TRUE(comes_true([&] { return ends() != before; }));
  };
  exchange(10);
  scrape({"MusterCertificateExpires"});
  exchange(60);
  scrape({});
  expect_alerts();
}

// The arrivals wait because Apple does not accept their assignment: two alerts.
TEST_F(Alerts, MusterArrivalsWait_MusterAssignmentsRejected) {
  start();
  const auto uuid = add_rule();
  scrape({});
  depsim().add_fault({{"endpoint", "assign"}, {"count", 0}, {"results", {{"*", "FAILED"}}}});
  depsim().add(3);
  sync();
  comes_to("muster_assignment_answers_total{account=\"default\",answer=\"FAILED\"} 3");
  scrape({"MusterAssignmentsRejected"});
  advance(31min);
  sync();
  scrape({"MusterArrivalsWait", "MusterAssignmentsRejected"});
  depsim().remove("/control/faults");
  comes_to("muster_arrival_to_assigned_seconds_count{account=\"default\"} 3", 1min);
  EXPECT_EQ(depsim().count_with(uuid), 3);
  comes_to("muster_oldest_unassigned_arrival_seconds{account=\"default\"} 0");
  scrape({"MusterAssignmentsRejected"});
  advance(61min);
  sync();
  scrape({});
  expect_alerts();
}

TEST_F(Alerts, MusterDevicesUncovered) {
  start();
  scrape({});
  depsim().add(3);
  sync();
  comes_to("muster_devices_uncovered{account=\"default\"} 3");
  scrape({});
  advance(16min);
  scrape({"MusterDevicesUncovered"});
  const auto uuid = add_rule();
  ask("PUT", "/api/v1/rules", write_json({{"filter", "*"}, {"profile_uuid", uuid}, {"scope", "unassigned"}}));
  comes_to("muster_devices_uncovered{account=\"default\"} 0");
  scrape({});
  expect_alerts();
}

TEST_F(Alerts, MusterDevicesContested) {
  start();
  const auto uuid = add_rule();
  const auto serials = depsim().add(1);
  sync();
  comes_to("muster_assignment_answers_total{account=\"default\",answer=\"SUCCESS\"} 1");
  comes_to("muster_assignments_waiting{account=\"default\"} 0");
  scrape({});
  for (int times = 0; times < 4; ++times) {
    advance(1h);
    depsim().devices("set", {{"serials", to_json(serials)}, {"profile_status", "removed"}});
    sync();
    comes_to("muster_assignments_waiting{account=\"default\"} 0");
  }
  comes_to("muster_devices_contested{account=\"default\"} 1");
  scrape({"MusterDevicesContested"});
  ask("POST", "/v1/dep/assign", write_json({{"id", uuid}, {"serials", to_json(serials)}}));
  comes_to("muster_devices_contested{account=\"default\"} 0");
  scrape({});
  expect_alerts();
}

TEST_F(Alerts, MusterDevicesMissing) {
  start(300);
  scrape({});
  const auto gone = depsim().devices("remove", {{"account", "default"}, {"count", 200}, {"event", false}});
  ask("POST", "/v1/dep/syncnow?full=1&wait=30");
  comes_to("muster_devices_missing{account=\"default\"} 200");
  scrape({"MusterDevicesMissing"});
  depsim().devices("add", {{"serials", to_json(gone)}, {"baseline", true}});
  ask("POST", "/v1/dep/syncnow?full=1&wait=30");
  comes_to("muster_devices_missing{account=\"default\"} 0");
  scrape({});
  expect_alerts();
}

TEST_F(Alerts, MusterRunStuck) {
  start();
  scrape({});
  depsim().hold("POST /devices/sync");
  server_->send_signal(SIGHUP);
  EXPECT_TRUE(comes_true([&] { return depsim().faults_are_used_up(); }));
  advance(2h + 1min);
  scrape({"MusterRunStuck", "MusterAccountStale"});
  ask("PUT", "/api/v1/accounts/default", R"({"paused": true})");
  comes_to("muster_run_age_seconds{account=\"default\",lane=\"changes\"} 0");
  ask("PUT", "/api/v1/accounts/default", R"({"paused": false})");
  sync();
  scrape({});
  expect_alerts();
}

TEST_F(Alerts, MusterWebhookBehind_MusterWebhookDisabled) {
  start(5, {"-webhook-allow-private"});
  add_secret("OF-THE-HOOK");
  add_rule();
  ask("PUT", "/api/v1/webhooks/chat", write_json({{"url", receiver_.url()}}));
  const auto arrive = [&] {
    depsim().add(1);
    sync();
  };
  const std::string none = "muster_webhook_backlog{webhook=\"chat\"} 0";
  arrive();
  comes_to(none);
  scrape({});

  receiver_.be_down(true);
  arrive();
  EXPECT_TRUE(comes_true([&] { return receiver_.refused() > 0; }));
  EXPECT_FALSE(says(none));
  scrape({});
  advance(31min);
  sync();
  scrape({"MusterWebhookBehind"});
  receiver_.be_down(false);
  comes_to(none, 1min);
  scrape({});

  receiver_.answer_by({410, {}, ""});
  arrive();
  comes_to("muster_webhook_status{webhook=\"chat\",status=\"disabled\"} 1");
  scrape({"MusterWebhookDisabled"});
  receiver_.answer_by({204, {}, ""});
  ask("POST", "/api/v1/webhooks/chat/resume");
  comes_to(none);
  scrape({});
  expect_alerts();
}

TEST_F(Alerts, MusterEventsWait) {
  add_secret("OF-THE-HOOK");
  start(5, {"-webhook-url", receiver_.url()});
  scrape({});
  receiver_.be_down(true);
  depsim().put("/control/accounts/default", {{"terms_signed", false}});
  sync();
  comes_to_state("terms_unsigned");
  EXPECT_TRUE(comes_true([&] { return receiver_.refused() > 0; }));
  scrape({"MusterAccountRejected"});
  advance(31min);
  scrape({"MusterAccountRejected", "MusterEventsWait"});
  receiver_.be_down(false);
  depsim().put("/control/accounts/default", {{"terms_signed", true}});
  sync();
  comes_to_state("ok");
  comes_to("muster_webhook_events_waiting 0", 1min);
  scrape({});
  expect_alerts();
}

TEST_F(Alerts, MusterInternalErrors) {
  expect_internal_errors();
  start();
  scrape({});
  server_->throw_at("run");
  server_->send_signal(SIGHUP);
  comes_to("muster_internal_errors_total{where=\"run\"} 1");
  scrape({"MusterInternalErrors"});
  advance(16min);
  sync();
  scrape({});
  expect_alerts();
}

}  // namespace
}  // namespace muster::test
