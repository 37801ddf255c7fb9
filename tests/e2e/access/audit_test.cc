// Every call that changes something leaves an entry in the audit, and every call that reads secrets. The
// steps are checked against the table of all calls: one that is added there needs a step here.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>
#include <set>

#include "api/routing/route_table.h"
#include "base/text/encoding.h"
#include "base/text/json.h"
#include "tests/e2e/world/api_call.h"
#include "tests/e2e/world/world.h"
#include "tests/support/postgres_cluster.h"

namespace muster::test {
namespace {

using boost::json::object;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// They change nothing that is stored; the last one when it is made with a key (session_test.cc).
const std::set<std::string> kWithoutEntry = {"POST /v1/dep/devices",
                                             "POST /v1/dep/profiles",
                                             "POST /v1/devices",
                                             "POST /v1/dep/syncnow",
                                             "POST /api/v1/plan",
                                             "POST /api/v1/profiles/validate",
                                             "POST /proxy/{account}/devices",
                                             "POST /proxy/{account}/server/devices",
                                             "POST /proxy/{account}/devices/sync",
                                             "POST /api/v1/webhooks/{name}/test",
                                             "POST /webhook/mdm",  // no operator's
                                             "DELETE /api/v1/session"};

struct Step {
  std::string call;    // as in the table
  std::string target;  // of the request
  std::string body;
  std::vector<std::string> actions;  // in order
};

class AuditTest : public World {
 protected:
  void SetUp() override {
    start_depsim({"-accounts", "default,school"});
    depsim().devices("add", {{"serials", {"C02AUDIT1", "C02AUDIT2", "C02AUDIT3"}}, {"baseline", true}});
    start_muster();
    await_baseline(3);
    uuid_ = define_profile({}, "iPads");
  }

  boost::json::array entries(const std::string& query = "") {
    return parse_json(call("GET", "/api/v1/audit" + query).body)->at("entries").as_array();
  }
  long long last_number() {
    const auto newest = entries("?limit=1");
    return newest.empty() ? 0 : newest.front().at("number").as_int64();
  }
  // The actions behind this number, the oldest first.
  std::vector<std::string> actions_behind(long long number) {
    std::vector<std::string> actions;
    for (const auto& entry : entries()) {
      if (entry.at("number").as_int64() <= number) break;
      actions.insert(actions.begin(), std::string(entry.at("action").as_string()));
    }
    return actions;
  }

  std::string token() { return boost::json::serialize(depsim().get("/control/accounts/school/token")); }
  std::string token_file(const std::string& account) {
    const auto keys = parse_json(call("GET", "/v1/dep-tokens?account=" + account).body).value();
    return base64_encode(
        depsim().make_token_file(*base64_decode(keys.at("public_key").as_string()), account));
  }

  std::vector<Step> steps() {
    depsim().devices("add", {{"account", "school"}, {"devices", {{{"serial_number", "C02SCHOOL1"}}}}});
    const std::string serials = R"({"serials": ["C02AUDIT1"]})";
    const std::string rule = R"({"filter": "family = iPad", "name": "ipads", "profile_name": "iPads"})";
    std::vector<Step> all{
        {"PUT /v1/dep-tokens", "/v1/dep-tokens", R"({"new_key": true})", {"key_pair.renewed"}},
        {"PUT /v1/dep-tokens",
         "/v1/dep-tokens",
         fmt::format(R"({{"p7m_content": "{}"}})", token_file("default")),
         {"token.imported"}},
        {"GET /v1/dep-tokens", "/v1/dep-tokens", "", {"token.read"}},
        {"PUT /v1/dep/profiles",
         "/v1/dep/profiles",
         R"({"profile_name": "iPads", "url": "https://mdm.example.org/2", "devices": ["C02AUDIT1"]})",
         {"profile.defined", "devices.assigned"}},
        {"DELETE /v1/dep/profiles", "/v1/dep/profiles", serials, {"devices.profile_removed"}},
        {"POST /v1/dep/assign",
         "/v1/dep/assign",
         fmt::format(R"({{"id": "{}", "serials": ["C02AUDIT1"]}})", uuid_),
         {"devices.assigned"}},
        {"POST /v1/dep/autoassigners",
         "/v1/dep/autoassigners",
         fmt::format(R"({{"filter": "*", "profile_uuid": "{}"}})", uuid_),
         {"rule.saved"}},
        {"DELETE /v1/dep/autoassigners", "/v1/dep/autoassigners", R"({"filter": "*"})", {"rule.removed"}},
        {"PUT /api/v1/accounts/{name}", "/api/v1/accounts/school", "{}", {"account.changed"}},
        {"PUT /api/v1/accounts/{name}",
         "/api/v1/accounts/school",
         fmt::format(R"({{"token": {}, "paused": true}})", token()),
         {"token.imported", "account.changed"}},
        {"PUT /api/v1/accounts/{name}",
         "/api/v1/accounts/school",
         R"({"paused": false})",
         {"account.changed"}},
        {"PUT /api/v1/accounts/{name}",
         "/api/v1/accounts/school",
         R"({"inherit_replacements": true})",
         {"account.changed"}},
        {"PUT /api/v1/accounts/{name}", "/api/v1/accounts/school", "{}", {}},
        {"PUT /v1/dep/profiles",
         "/v1/dep/profiles?account=school",
         R"({"profile_name": "School", "url": "https://mdm.example.org/s", "devices": ["C02SCHOOL1"]})",
         {"profile.defined", "devices.assigned"}},
        {"DELETE /api/v1/accounts/{name}", "/api/v1/accounts/school", "", {"account.removed"}},
        {"POST /api/v1/accounts/{name}/import",
         "/api/v1/accounts/school/import",
         fmt::format(R"({{"source": "NanoDEP", "token": {}}})", token()),
         {"token.imported", "account.imported"}},
        {"POST /api/v1/accounts/{name}/import",
         "/api/v1/accounts/school/import",
         fmt::format(R"({{"source": "NanoDEP", "token": {}}})", token()),
         {}},
        {"GET /api/v1/accounts/{name}/export", "/api/v1/accounts/school/export", "", {"token.read"}},
        {"POST /v1/dep/syncnow", "/v1/dep/syncnow?account=school&wait=60", "", {}},
        {"POST /api/v1/profiles/import", "/api/v1/profiles/import?account=school", "", {"profile.imported"}},
        {"POST /api/v1/profiles/import", "/api/v1/profiles/import?account=school", "", {}},
        {"PUT /api/v1/rules", "/api/v1/rules", rule, {"rule.saved"}},
        {"PUT /api/v1/rules", "/api/v1/rules", rule, {}},
        {"DELETE /api/v1/rules", "/api/v1/rules", R"({"name": "ipads", "dry_run": true})", {}},
        {"DELETE /api/v1/rules", "/api/v1/rules", R"({"name": "ipads"})", {"rule.removed"}},
        {"POST /api/v1/holds", "/api/v1/holds", serials, {"devices.held"}},
        {"DELETE /api/v1/holds", "/api/v1/holds", serials, {"devices.released"}},
        {"PUT /api/v1/keys/{name}", "/api/v1/keys/ci", R"({"role": "read"})", {"key.changed"}},
        {"DELETE /api/v1/keys/{name}", "/api/v1/keys/ci", "", {"key.removed"}},
        {"PUT /api/v1/webhooks/{name}",
         "/api/v1/webhooks/chat",
         R"({"url": "https://hooks.example.org/SECRET-OF-THE-URL", "secret": "a-SECRET-OF-THE-HOOK-of-ours"})",
         {"webhook.changed"}},
        {"POST /api/v1/webhooks/{name}/pause", "/api/v1/webhooks/chat/pause", "", {"webhook.paused"}},
        {"POST /api/v1/webhooks/{name}/resume", "/api/v1/webhooks/chat/resume", "", {"webhook.resumed"}},
        {"POST /api/v1/webhooks/{name}/resume", "/api/v1/webhooks/chat/resume", "", {}},
        {"POST /api/v1/webhooks/{name}/replay",
         "/api/v1/webhooks/chat/replay",
         R"({"since": "1h", "dry_run": true})",
         {}},
        {"POST /api/v1/webhooks/{name}/replay",
         "/api/v1/webhooks/chat/replay",
         R"({"since": "1h"})",
         {"webhook.replayed"}},
        {"DELETE /api/v1/webhooks/{name}", "/api/v1/webhooks/chat", "", {"webhook.removed"}},
        {"PUT /api/v1/enrollment-webhook",
         "/api/v1/enrollment-webhook",
         R"({"secret": "a-SECRET-OF-THE-MDM-server-of-ours"})",
         {"enrollment_webhook.created"}},
        {"PUT /api/v1/enrollment-webhook",
         "/api/v1/enrollment-webhook",
         R"({"secret": "a-SECRET-OF-THE-MDM-server-of-ours"})",
         {}},
        {"PUT /api/v1/enrollment-webhook",
         "/api/v1/enrollment-webhook",
         "{}",
         {"enrollment_webhook.changed"}},
        {"DELETE /api/v1/enrollment-webhook",
         "/api/v1/enrollment-webhook",
         "",
         {"enrollment_webhook.removed"}},
        {"PUT /api/v1/lists/{name}", "/api/v1/lists/lab", R"({"csv": "C02AUDIT1\n"})", {"list.changed"}},
        {"PUT /api/v1/lists/{name}", "/api/v1/lists/lab", R"({"csv": "C02AUDIT1\n", "mode": "add"})", {}},
        {"DELETE /api/v1/lists/{name}", "/api/v1/lists/lab", "", {"list.removed"}},
        {"PUT /api/v1/notes",
         "/api/v1/notes",
         R"({"csv": "serial,name\nC02AUDIT1,Ann\n"})",
         {"notes.changed"}},
        {"POST /api/v1/profiles/{name...}/rollback",
         "/api/v1/profiles/iPads/rollback",
         "",
         {"profile.rolled_back"}},
        {"POST /api/v1/profiles/{name...}/move", "/api/v1/profiles/iPads/move", "", {"profile.moved"}},
        {"POST /api/v1/session", "/api/v1/session", "", {"session.opened"}},
        {"POST /api/v1/locks", "/api/v1/locks", R"({"serials": ["C02AUDIT1"]})", {"devices.locked"}},
        {"GET /api/v1/devices/{account}/{serial}/bypass-code",
         "/api/v1/devices/default/C02AUDIT1/bypass-code",
         "",
         {"bypass_code.read"}},
        {"POST /api/v1/disowned",
         "/api/v1/disowned",
         R"({"serials": ["C02AUDIT3"], "permanent": true})",
         {"devices.disowned"}},
        {"PUT /api/v1/enrollment-discovery",
         "/api/v1/enrollment-discovery",
         R"({"url": "https://mdm.example.com/d"})",
         {"enrollment_discovery.saved"}},
        {"DELETE /api/v1/enrollment-discovery",
         "/api/v1/enrollment-discovery",
         "",
         {"enrollment_discovery.removed"}},
        {"DELETE /v1/devices", "/v1/devices", R"({"serials": ["C02AUDIT2"]})", {"devices.removed"}},
        {"POST /api/v1/master-key/rotate", "/api/v1/master-key/rotate", "", {"master_key.rotated"}},
    };
    if (!tests_on_postgres()) all.push_back({"GET /api/v1/backup", "/api/v1/backup", "", {"backup.read"}});
    return all;
  }

  // Behind the others: a new token file makes the token of one before it useless.
  std::vector<Step> nanodep_steps() {
    const std::string assignment =
        fmt::format(R"({{"profile_uuid": "{}", "devices": ["C02AUDIT1"]}})", uuid_);
    const auto own_token = [this] {
      return boost::json::serialize(depsim().get("/control/accounts/default/token"));
    };
    return {
        {"GET /v1/tokenpki/{account}", "/v1/tokenpki/nano", "", {"account.changed", "key_pair.renewed"}},
        {"PUT /v1/config/{account}",
         "/v1/config/nano",
         R"({"base_url": "https://mdmenrollment.apple.com"})",
         {"account.changed"}},
        {"PUT /v1/tokenpki/{account}",
         "/v1/tokenpki/default",
         *base64_decode(token_file("default")),
         {"token.imported"}},
        {"PUT /v1/tokens/{account}", "/v1/tokens/default", own_token(), {"token.imported"}},
        {"GET /v1/tokens/{account}", "/v1/tokens/default", "", {"token.read"}},
        {"GET /v1/maidjwt/{account}", "/v1/maidjwt/default", "", {"maid_token.issued"}},
        {"PUT /v1/assigner/{account}", "/v1/assigner/default?profile_uuid=" + uuid_, "", {"rule.saved"}},
        {"POST /proxy/{account}/profile",
         "/proxy/default/profile",
         R"({"profile_name": "iPads", "url": "https://mdm.example.org/3", "devices": ["C02AUDIT1"]})",
         {"profile.defined", "devices.assigned"}},
        {"POST /proxy/{account}/profile/devices",
         "/proxy/default/profile/devices",
         assignment,
         {"devices.assigned"}},
        {"PUT /proxy/{account}/profile/devices",
         "/proxy/default/profile/devices",
         assignment,
         {"devices.assigned"}},
        {"DELETE /proxy/{account}/profile/devices",
         "/proxy/default/profile/devices",
         R"({"devices": ["C02AUDIT1"]})",
         {"devices.profile_removed"}},
        {"POST /proxy/{account}/{path...}",
         "/proxy/default/device/activationlock",
         R"({"device": "C02AUDIT1"})",
         {"apple.called"}},
        {"DELETE /proxy/{account}/{path...}",
         "/proxy/default/account-driven-enrollment/profile",
         "{}",
         {"apple.called"}},
    };
  }

  // Its call joins those that were seen to leave an entry.
  void take(const Step& step, std::set<std::string>& seen) {
    await_idle();
    const auto before = last_number();
    const size_t space = step.call.find(' ');
    const auto answer = call(step.call.substr(0, space), step.target, step.body);
    EXPECT_EQ(answer.status, 200) << step.call << " " << answer.body;
    EXPECT_EQ(actions_behind(before), step.actions) << step.call << " " << step.body;
    if (!step.actions.empty()) seen.insert(step.call);
  }

  std::string uuid_;
};

TEST_F(AuditTest, EveryChangingCallLeavesAnEntry) {
  std::set<std::string> seen{"POST /api/v1/backfill"};         // below
  if (tests_on_postgres()) seen.insert("GET /api/v1/backup");  // there is none
  for (const auto& step : steps()) take(step, seen);
  for (const auto& step : nanodep_steps()) take(step, seen);
  for (const auto& known : api::known_calls()) {
    const std::string name = known.method + " " + known.pattern;
    const bool reads_secrets =
        known.method == "GET" && known.role == Role::admin && !known.pattern.starts_with("/api/v1/audit") &&
        known.pattern != "/api/v1/keys" && known.pattern != "/api/v1/enrollment-webhook" &&
        !known.pattern.starts_with("/api/v1/webhooks");
    if ((known.method == "GET" && !reads_secrets) || kWithoutEntry.contains(name)) continue;
    EXPECT_TRUE(seen.contains(name)) << name << " changes something, and no step here makes it";
  }
  const auto verdict = call("GET", "/api/v1/audit/check").body;
  EXPECT_THAT(verdict, HasSubstr("\"intact\":true"));
  const auto all = call("GET", "/api/v1/audit").body;
  for (const char* secret :
       {"consumer_secret", "access_secret", "CS_", "AS_", "mst_", "PRIVATE", "SECRET-OF-THE"})
    EXPECT_THAT(all, Not(HasSubstr(secret)));
}

TEST_F(AuditTest, CallsWithoutAChangeLeaveNone) {
  await_idle();
  const auto before = last_number();
  call("POST", "/v1/dep/devices", R"({"serials": ["C02AUDIT1"]})");
  call("POST", "/v1/dep/profiles", fmt::format(R"({{"uuid": "{}"}})", uuid_));
  call("POST", "/v1/devices", "{}");
  call("POST", "/v1/dep/syncnow");
  call("POST", "/api/v1/plan", fmt::format(R"({{"rule": {{"filter": "*", "profile_uuid": "{}"}}}})", uuid_));
  call("POST", "/api/v1/profiles/validate", "{}");
  for (const auto& known : api::known_calls())
    if (known.method == "GET" && known.role != Role::admin && known.pattern.find('{') == std::string::npos)
      call("GET", known.pattern);
  EXPECT_EQ(last_number(), before);
}

TEST_F(AuditTest, WhatRunsDoIsNotInIt) {
  ASSERT_EQ(call("PUT", "/api/v1/rules", R"({"filter": "*", "profile_name": "iPads"})").status, 200);
  await_idle();
  const auto before = last_number();
  depsim().devices("add", {{"serials", {"C02AUDIT4"}}});
  sync_now();
  await_assigned(1, uuid_);
  EXPECT_EQ(last_number(), before);
}

TEST_F(AuditTest, ABackfillThatIsPausedIsInIt) {
  depsim().devices("add", {{"count", 1500}, {"baseline", true}});
  run_well("mdmctl sync -full -wait");
  depsim().hold("assign");
  call("PUT", "/api/v1/rules", R"({"filter": "*", "scope": "all", "profile_name": "iPads"})");
  ASSERT_TRUE(comes_true([&] { return depsim().faults_are_used_up(); }));
  const auto before = last_number();
  EXPECT_EQ(call("POST", "/api/v1/backfill", R"({"action": "pause"})").status, 200);
  EXPECT_EQ(call("POST", "/api/v1/backfill", R"({"action": "cancel"})").status, 200);
  EXPECT_THAT(actions_behind(before), ElementsAre("backfill.changed", "backfill.changed"));
}

TEST_F(AuditTest, AnEntrySaysWhoDidWhatWithWhichRequest) {
  const auto made = parse_json(call("PUT", "/api/v1/keys/ci", R"({"role": "operator"})").body);
  const std::string key(made->at("api_key").as_string());
  add_secret(key);
  auto request = api_request(muster().url(), key, "PUT", "/api/v1/rules",
                             R"({"filter": "family = iPad", "profile_name": "iPads"})");
  request.headers.add("X-Muster-Actor", "ann@example");
  http::Client client;
  const auto answer = client.send(request);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200) << answer->body;
  const auto id = answer->headers.get("X-Request-Id").value_or("");
  const auto newest = entries("?who=ci&what=rule&limit=1").at(0).as_object();
  EXPECT_EQ(newest.at("key"), "ci");
  EXPECT_EQ(newest.at("actor"), "ann@example");
  EXPECT_EQ(newest.at("address"), "127.0.0.1");
  EXPECT_EQ(newest.at("account"), "default");
  EXPECT_EQ(newest.at("object"), "family = iPad");
  EXPECT_EQ(newest.at("request"), boost::json::string(id));
  EXPECT_FALSE(newest.contains("before"));
  EXPECT_EQ(newest.at("after").at("profile_name"), "iPads");
  const auto line = muster().await("api.request", 0,
                                   [&](const LogLine& l) { return l.text().find(id) != std::string::npos; });
  EXPECT_THAT(line.text(), HasSubstr("key=ci"));

  EXPECT_THAT(run_well("mdmctl get audit -who ci"), HasSubstr("rule.saved  family = iPad"));
  EXPECT_THAT(run_well("mdmctl audit verify"), HasSubstr("entries are unchanged"));
  const std::string digest(newest.at("digest").as_string());
  const auto number = boost::json::serialize(newest.at("number"));
  run_well("mdmctl audit verify -known " + number + ":" + digest);
  EXPECT_THAT(run_badly("mdmctl audit verify -known " + number + ":" + std::string(64, '0')),
              HasSubstr("entry " + number + ": it has another digest"));
}

}  // namespace
}  // namespace muster::test
