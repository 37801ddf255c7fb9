// The proxy to Apple's service, over real connections.
#include <gmock/gmock.h>

#include "base/text/json.h"
#include "tests/e2e/world/world.h"
#include "tests/support/scripted_apple.h"

namespace muster::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class NanoDepProxy : public World {
 protected:
  void SetUp() override {
    start_depsim({"-accounts", "default,school", "-rotate-every", "1"});
    depsim().devices("add", {{"serials", {"C02PROXY1", "C02PROXY2"}}, {"baseline", true}});
    start_muster({"-log-level", "debug"});
    await_baseline(2);
  }

  std::string curl(const std::string& arguments) const {
    return run_well("curl -sS -i -u depserver:$APIKEY " + arguments);
  }
  std::string explained(const std::string& serial) const {
    return run_well("mdmctl explain -serial " + serial);
  }
};

TEST_F(NanoDepProxy, GivesApplesAnswerAndKeepsTheSession) {
  const auto answer = curl("$SERVER_URL/proxy/default/account");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: application/json;charset=UTF8\r\n"));
  EXPECT_THAT(answer, HasSubstr("X-Apple-Request-UUID: "));
  EXPECT_THAT(answer, Not(HasSubstr("X-ADM-Auth-Session")))
      << "with -rotate-every 1 Apple sends one each time";
  depsim().post("/control/sessions/invalidate", boost::json::object());
  EXPECT_THAT(curl("$SERVER_URL/proxy/default/account"), StartsWith("HTTP/1.1 200 OK\r\n"));
}

// NanoDEP cannot take a body without a length once it has a session.
TEST_F(NanoDepProxy, TakesABodyInPieces) {
  write("body.json", R"({"devices":["C02PROXY1"]})");
  for (const char* session : {"with one", "with a new one"}) {
    EXPECT_THAT(curl("-X POST -H 'Transfer-Encoding: chunked' -H 'Content-Type: application/json' -T - "
                     "$SERVER_URL/proxy/default/devices < body.json"),
                HasSubstr(R"("response_status":"SUCCESS")"))
        << session;
    depsim().post("/control/sessions/invalidate", boost::json::object());
  }
}

TEST_F(NanoDepProxy, GivesApplesErrors) {
  const auto refused = curl("-X POST $SERVER_URL/proxy/default/profile -d '{\"profile_name\":\"A\"}'");
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_THAT(refused, testing::EndsWith("\r\n\r\nCONFIG_URL_REQUIRED"));
  EXPECT_THAT(curl("$SERVER_URL/proxy/default/profile?profile_uuid=00000000000000000000000000000000"),
              testing::EndsWith("NOT_FOUND"));
  run_well("mdmctl get dep-tokens -export-public-key key.pem");
  depsim().make_token_file(read("key.pem"));  // the old token is useless now
  const auto rejected = curl("$SERVER_URL/proxy/default/account");
  EXPECT_THAT(rejected, StartsWith("HTTP/1.1 502 Bad Gateway\r\n"));
  EXPECT_THAT(rejected, testing::EndsWith("\r\n\r\ntoken_rejected"));
}

TEST_F(NanoDepProxy, WhatItChangesIsInTheRegistryTheHistoryAndTheAudit) {
  const auto defined =
      call("POST", "/proxy/default/profile",
           R"({"profile_name": "Lab", "url": "https://mdm.example.org", "devices": ["C02PROXY1"]})");
  ASSERT_EQ(defined.status, 200) << defined.body;
  const auto uuid = std::string(parse_json(defined.body)->at("profile_uuid").as_string());
  EXPECT_THAT(run_well("mdmctl get dep-profiles"), HasSubstr("Lab"));
  EXPECT_EQ(depsim().profile_of("C02PROXY1"), uuid);
  EXPECT_THAT(explained("C02PROXY1"), HasSubstr("manual assignment"));
  EXPECT_EQ(call("DELETE", "/proxy/default/profile/devices", R"({"devices": ["C02PROXY1"]})").status, 200);
  EXPECT_THAT(explained("C02PROXY1"), HasSubstr("hold"));
  const auto audit = run_well("mdmctl get audit");
  for (const char* action : {"profile.defined", "devices.assigned", "devices.profile_removed"})
    EXPECT_THAT(audit, HasSubstr(action));
}

TEST_F(NanoDepProxy, ALostAnswerKeepsTheIntent) {
  const auto uuid = define_profile({}, "Lab");
  depsim().add_fault({{"endpoint", "assign"}, {"deliver", "reset"}, {"when", "after"}});
  const auto lost = call("POST", "/proxy/default/profile/devices",
                         R"({"profile_uuid": ")" + uuid + R"(", "devices": ["C02PROXY2"]})");
  EXPECT_EQ(lost.status, 502) << lost.body;
  EXPECT_THAT(lost.body, HasSubstr("Muster checks and continues automatically"));
  EXPECT_THAT(explained("C02PROXY2"), HasSubstr("manual assignment"));
}

// Apple sees Muster's session and version, and of the client's headers those that say what it sends and
// wants.
class NanoDepProxyAndScript : public World {};

TEST_F(NanoDepProxyAndScript, SendsOurSessionInPlaceOfTheClientsKey) {
  ScriptedApple apple;
  apple.on("GET /account",
           [](const http::Request&) { return ScriptedApple::json(R"({"server_uuid":"U"})"); });
  apple.on("POST /roster/class", [](const http::Request&) { return ScriptedApple::json("{}"); });
  start_muster();
  ASSERT_EQ(call("PUT", "/v1/config/acme", R"({"base_url": ")" + apple.url() + "\"}").status, 200);
  const auto token = call(
      "PUT", "/v1/tokens/acme",
      R"({"consumer_key":"CK_1","consumer_secret":"CS_1","access_token":"AT_1","access_secret":"AS_1"})");
  ASSERT_EQ(token.status, 200) << token.body;
  EXPECT_THAT(token.body, HasSubstr(R"("access_token_expiry":"0001-01-01T00:00:00Z"})"));
  const std::string line =
      "curl -sS -u depserver:$APIKEY -X POST -H 'Content-Type: application/json' -H 'Cookie: a=b' -H "
      "'X-ADM-Auth-Session: mine' -d '{\"limit\":1}' '" +
      muster().url() + "/proxy/acme/roster/class?a=%2B1&b'";
  EXPECT_EQ(run_well(line), "{}");
  EXPECT_EQ(run_well(line + " -H 'X-Server-Protocol-Version: 7'"), "{}");
  std::vector<http::Request> sent;
  for (const auto& request : apple.requests())
    if (request.path == "/roster/class") sent.push_back(request);
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].target, "/roster/class?a=%2B1&b");
  EXPECT_EQ(sent[0].body, R"({"limit":1})");
  const auto& headers = sent[0].headers;
  EXPECT_THAT(headers.get("X-ADM-Auth-Session").value_or(""), StartsWith("session-"));
  EXPECT_EQ(headers.get("X-Server-Protocol-Version"), "10");
  EXPECT_EQ(headers.get("Content-Type"), "application/json");
  EXPECT_EQ(headers.get("Content-Length"), "11");
  EXPECT_THAT(headers.get("User-Agent").value_or(""), StartsWith("Muster/"));
  EXPECT_FALSE(headers.has("Authorization"));
  EXPECT_FALSE(headers.has("Cookie"));
  EXPECT_EQ(sent[1].headers.get("X-Server-Protocol-Version"), "7");
}

}  // namespace
}  // namespace muster::test
