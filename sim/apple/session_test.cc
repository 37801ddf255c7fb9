// OAuth, sessions, and what every call is checked for.
#include <gmock/gmock.h>

#include "sim/test_service.h"

namespace muster::sim {
namespace {

using testing::HasSubstr;

Options with_settings(const std::function<void(Settings&)>& change) {
  Options options;
  change(options.settings);
  return options;
}

void expect_refusal(const http::Response& response, int status, const std::string& word) {
  EXPECT_EQ(response.status, status) << response.body;
  EXPECT_EQ(response.body, word);
  EXPECT_EQ(response.headers.get("Content-Type"), "text/plain;Charset=UTF8");
}

TEST(AppleSession, OpensForASignedRequest) {
  TestService service;
  const auto response = service.open(service.sign(service.token()));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/json;charset=UTF8");
  EXPECT_TRUE(response.headers.has("X-Apple-Request-UUID"));
  EXPECT_THAT(response.headers.get("Date").value_or(""), HasSubstr("GMT"));
  EXPECT_TRUE(response.body.starts_with("{\"auth_session_token\":\"")) << response.body;
}

TEST(AppleSession, TheSignedUrlMayBeApplesOrOurs) {
  TestService service;
  const auto token = service.token();
  for (const char* url : {"https://mdmenrollment.apple.com/session", "http://127.0.0.1:8080/session",
                          "https://127.0.0.1:8080/session"})
    EXPECT_EQ(service.open(service.sign(token, 0, "", url)).status, 200) << url;
  expect_refusal(service.open(service.sign(token, 0, "", "http://other.example.com/session")), 401,
                 "oauth_problem_adviceUnauthorized");
}

TEST(AppleSession, RejectsInApplesGluedWords) {
  TestService service;
  const auto token = service.token();
  expect_refusal(service.send("GET", "/session"), 400, "oauth_problem_adviceBad Request");
  expect_refusal(service.open("OAuth oauth_token=\"x\""), 400, "oauth_problem_adviceBad Request");
  for (const char* key : {"consumer_key", "consumer_secret", "access_token", "access_secret"}) {
    auto wrong = token;
    wrong[key] = "wrong";
    expect_refusal(service.open(service.sign(wrong)), 401, "oauth_problem_adviceUnauthorized");
  }
}

TEST(AppleSession, TimestampsMustBeWithinTheSkew) {
  TestService service(with_settings([](Settings& settings) { settings.clock_skew = Millis(60'000); }));
  const auto token = service.token();
  const long long now_s = SimClock::real_ms() / 1000;
  EXPECT_EQ(service.open(service.sign(token, now_s - 50)).status, 200);
  EXPECT_EQ(service.open(service.sign(token, now_s + 50)).status, 200);
  for (const long long off_s : {-70, 70})
    expect_refusal(service.open(service.sign(token, now_s + off_s)), 401, "oauth_problem_adviceUnauthorized");
  // The service's own clock for this can be wrong, too; Date tells.
  service.control("POST", "/clock", R"({"auth_skew":"10m"})");
  expect_refusal(service.open(service.sign(token, now_s)), 401, "oauth_problem_adviceUnauthorized");
  EXPECT_EQ(service.open(service.sign(token, now_s + 600)).status, 200);
}

TEST(AppleSession, TimestampsMayGoByTheSimulatorsClock) {
  auto options = with_settings([](Settings& settings) { settings.auth_follows_clock = true; });
  options.clock = from_millis(1'772'355'600'000);
  TestService service(options);
  service.control("POST", "/clock", R"({"advance":"8d"})");
  const long long now_s = 1'772'355'600 + 8 * 86'400;
  EXPECT_EQ(service.open(service.sign(service.token(), now_s)).status, 200);
  expect_refusal(service.open(service.sign(service.token())), 401, "oauth_problem_adviceUnauthorized");
}

TEST(AppleSession, ANonceIsGoodOnce) {
  TestService service;
  const auto header = service.sign(service.token());
  EXPECT_EQ(service.open(header).status, 200);
  expect_refusal(service.open(header), 401, "oauth_problem_adviceUnauthorized");
}

TEST(AppleSession, ARefusedRequestDoesNotUseUpItsNonce) {
  TestService service;
  auto wrong = service.token();
  wrong["access_secret"] = "wrong";
  EXPECT_EQ(service.open(service.sign(wrong, 0, "same")).status, 401);
  EXPECT_EQ(service.open(service.sign(service.token(), 0, "same")).status, 200);
}

TEST(AppleSession, ExpiredAndReplacedTokens) {
  TestService service;
  const auto old = service.token();
  const auto session = service.session();
  service.control("POST", "/accounts/default/token?format=json");
  expect_refusal(service.open(service.sign(old)), 403, "token_rejectedForbidden");
  expect_refusal(service.send("GET", "/account", "", {{"X-ADM-Auth-Session", session}}), 401, "UNAUTHORIZED");
  EXPECT_EQ(service.open(service.sign(service.token())).status, 200);
  service.control("PUT", "/settings", R"({"replaced_token":"signature_invalid"})");
  expect_refusal(service.open(service.sign(old)), 403, "signature_invalidForbidden");
  service.control("POST", "/clock", R"({"advance":"366d"})");
  expect_refusal(service.open(service.sign(service.token())), 403, "token_expiredForbidden");
}

TEST(AppleSession, EveryCallNeedsAUserAgent) {
  TestService service(with_settings([](Settings& settings) { settings.reject_user_agent = "BadAgent"; }));
  const auto session = service.session();
  for (const char* target : {"/session", "/account"}) {
    expect_refusal(service.send("GET", target, "", {{"X-ADM-Auth-Session", session}, {"User-Agent", ""}}),
                   400, "USER_AGENT_MISSING");
    expect_refusal(
        service.send("GET", target, "", {{"X-ADM-Auth-Session", session}, {"User-Agent", "BadAgent/2"}}), 400,
        "USER_AGENT_INVALID");
  }
}

TEST(AppleSession, CallsNeedALivingSession) {
  TestService service;
  const auto session = service.session();
  for (const std::string& token : {std::string(), std::string("unknown")}) {
    const auto response = service.send("GET", "/account", "", {{"X-ADM-Auth-Session", token}});
    expect_refusal(response, 401, "UNAUTHORIZED");
    EXPECT_EQ(response.headers.get("WWW-Authenticate"), "ADM-Auth-Token");
  }
  EXPECT_EQ(service.send("GET", "/account", "", {{"X-ADM-Auth-Session", session}}).status, 200);
  EXPECT_EQ(service.control("POST", "/sessions/invalidate").at("invalidated"), 1);
  expect_refusal(service.send("GET", "/account", "", {{"X-ADM-Auth-Session", session}}), 401, "UNAUTHORIZED");
  service.control("PUT", "/settings", R"({"unknown_session":"403"})");
  expect_refusal(service.send("GET", "/account", "", {{"X-ADM-Auth-Session", "unknown"}}), 403, "FORBIDDEN");
}

TEST(AppleSession, RotatesByHeader) {
  TestService service(with_settings([](Settings& settings) { settings.rotate_every = 2; }));
  const http::Headers headers{{"X-ADM-Auth-Session", service.session()}};
  EXPECT_FALSE(service.send("GET", "/account", "", headers).headers.has("X-ADM-Auth-Session"));
  const auto fresh = service.send("GET", "/account", "", headers).headers.get("X-ADM-Auth-Session");
  ASSERT_TRUE(fresh);
  service.control("POST", "/clock", R"({"advance":"31s"})");
  expect_refusal(service.send("GET", "/account", "", headers), 401, "UNAUTHORIZED");
  EXPECT_EQ(service.send("GET", "/account", "", {{"X-ADM-Auth-Session", *fresh}}).status, 200);
}

TEST(AppleSession, AccountsInTrouble) {
  TestService service;
  const http::Headers headers{{"X-ADM-Auth-Session", service.session()}};
  const std::pair<const char*, const char*> cases[] = {
      {R"({"terms_signed":false})", "T_C_NOT_SIGNED"},
      {R"({"terms_signed":true,"access":"forbidden"})", "FORBIDDEN"},
      {R"({"access":"denied"})", "ACCESS_DENIED"}};
  for (const auto& [change, word] : cases) {
    service.control("PUT", "/accounts/default", change);
    expect_refusal(service.send("GET", "/account", "", headers), 403, word);
    expect_refusal(service.open(service.sign(service.token())), 403, word);
  }
  service.control("PUT", "/accounts/default", R"({"access":"ok"})");
  EXPECT_EQ(service.send("GET", "/account", "", headers).status, 200);
}

TEST(AppleSession, WrongMethodsAreEmpty405AndUnknownPaths404) {
  TestService service;
  for (const char* target : {"/session", "/account", "/server/devices"}) {
    const auto response = service.apple("PATCH", target);
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(response.body, "");
  }
  EXPECT_EQ(service.apple("GET", "/nowhere").status, 404);
}

TEST(AppleSession, StrictContentTypeAndQuotedErrors) {
  TestService service(with_settings([](Settings& settings) {
    settings.strict_content_type = true;
    settings.quote_errors = true;
  }));
  const auto header = service.sign(service.token());
  EXPECT_EQ(service.open(header).body, "\"MALFORMED_REQUEST_BODY\"");
  const auto response = service.send(
      "GET", "/session", "", {{"Authorization", header}, {"Content-Type", "application/json;charset=UTF8"}});
  EXPECT_EQ(response.status, 200) << response.body;
}

TEST(AppleAccount, ShowsLimitsAndHidesByVersion) {
  TestService service(with_settings([](Settings& settings) { settings.page_limit = 500; }));
  const auto account = service.apple_json("GET", "/account");
  EXPECT_EQ(account.at("server_uuid").as_string().size(), 32U);
  EXPECT_EQ(account.at("org_version").as_string(), "v2");
  bool found = false;
  for (const auto& url : account.at("urls").as_array()) {
    if (text_at(url, "uri") == "/profile/devices") {
      EXPECT_EQ(boost::json::serialize(url.at("http_method")), R"(["POST","PUT","DELETE"])");
    }
    if (text_at(url, "uri") != "/server/devices") continue;
    found = true;
    EXPECT_EQ(boost::json::serialize(url.at("limit")), R"({"default":100,"maximum":500})");
  }
  EXPECT_TRUE(found);
  for (const char* version : {"2", "", "nonsense", "-3"}) {
    const auto old = service.apple("GET", "/account", "", {{"X-Server-Protocol-Version", version}});
    EXPECT_FALSE(boost::json::parse(old.body).as_object().contains("urls")) << version;
  }
  for (const char* version : {"99", "99999999999999999999"})
    EXPECT_EQ(service.apple("GET", "/account", "", {{"X-Server-Protocol-Version", version}})
                  .headers.get("X-Server-Protocol-Version"),
              "10");
}

TEST(AppleAccount, DiscoveryIsSetShownAndDeleted) {
  TestService service;
  const char* path = "/account-driven-enrollment/profile";
  EXPECT_EQ(service.apple("GET", path).body, "NOT_FOUND");
  EXPECT_EQ(service.apple("POST", path, "{}").body, "MDM_SERVICE_DISCOVERY_URL_REQUIRED");
  EXPECT_EQ(service.apple("POST", path, R"({"mdm_service_discovery_url":"http://x"})").body,
            "MDM_SERVICE_DISCOVERY_URL_NOT_VALID");
  const auto set =
      service.apple("POST", path, R"({"mdm_service_discovery_url":"https://mdm.example.com/d"})");
  EXPECT_EQ(set.status, 200);
  EXPECT_EQ(set.body, "");
  EXPECT_EQ(text_at(service.apple_json("GET", path), "mdm_service_discovery_url"),
            "https://mdm.example.com/d");
  EXPECT_EQ(service.apple("DELETE", path).status, 200);
  EXPECT_EQ(service.apple("GET", path).status, 404);
}

TEST(AppleAccount, BetaTokensStayTheSame) {
  TestService service;
  const auto tokens = service.apple_json("GET", "/os-beta-enrollment/tokens");
  EXPECT_GE(tokens.at("betaEnrollmentTokens").as_array().size(), 1U);
  EXPECT_EQ(tokens, service.apple_json("GET", "/os-beta-enrollment/tokens"));
}

}  // namespace
}  // namespace muster::sim
