// Sessions of the console: a cookie stands for a key, for the console only, and no longer than the key.
#include <gmock/gmock.h>

#include "base/text/json.h"
#include "tests/e2e/world/api_call.h"
#include "tests/e2e/world/raw_call.h"
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct Cookie {
  std::string pair;  // muster_session=...
  std::string csrf;
};

class Session : public World {
 protected:
  void SetUp() override {
    start_depsim({"-devices", "1", "-accounts", "default,school"});
    start_muster();
    await_baseline(1);
  }

  http::Response send(const std::string& method, const std::string& target,
                      const std::vector<std::pair<std::string, std::string>>& headers,
                      const std::string& body = {}) {
    http::ClientRequest request;
    request.method = method;
    request.url = muster().url() + target;
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    request.body = body;
    request.has_body = !body.empty();
    http::Client client;
    auto answer = client.send(request);
    if (!answer) throw std::runtime_error(answer.error().text());
    return *std::move(answer);
  }
  http::Response with(const Cookie& cookie, const std::string& method, const std::string& target,
                      const std::string& body = {}) {
    return send(method, target, {{"Cookie", cookie.pair}, {"X-Muster-CSRF", cookie.csrf}}, body);
  }

  Cookie sign_in(const std::string& key) {
    const auto answer = send("POST", "/api/v1/session", {{"Authorization", "Bearer " + key}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto set = answer.headers.get("Set-Cookie").value_or("");
    EXPECT_THAT(set, AllOf(HasSubstr("HttpOnly"), HasSubstr("SameSite=Strict"), HasSubstr("Path=/"),
                           Not(HasSubstr("Secure"))));
    Cookie cookie{.pair = set.substr(0, set.find(';')),
                  .csrf = std::string(parse_json(answer.body)->at("csrf_token").as_string())};
    add_secret(cookie.pair.substr(cookie.pair.find('=') + 1));
    add_secret(cookie.csrf);
    return cookie;
  }
  std::string make_key(const std::string& name, const std::string& members) {
    const auto made = parse_json(call("PUT", "/api/v1/keys/" + name, members).body);
    std::string key(made->at("api_key").as_string());
    add_secret(key);
    return key;
  }
};

constexpr const char* kNote = R"({"csv": "serial,name\nC02SESSION1,Ann\n"})";

TEST_F(Session, StandsForItsKeyAndNoMore) {
  const auto reader = sign_in(make_key("reader", R"({"role": "read", "accounts": ["default"]})"));
  const auto session = parse_json(with(reader, "GET", "/api/v1/session").body);
  EXPECT_EQ(session->at("key"), "reader");
  EXPECT_EQ(session->at("role"), "read");
  EXPECT_EQ(with(reader, "GET", "/api/v1/rules").status, 200);
  EXPECT_EQ(with(reader, "GET", "/api/v1/rules?account=school").status, 404);
  EXPECT_EQ(with(reader, "PUT", "/api/v1/notes", kNote).status, 403);
  EXPECT_EQ(with(reader, "POST", "/api/v1/session").status, 409);
  EXPECT_EQ(with(sign_in(kApiKey), "PUT", "/api/v1/notes", kNote).status, 200);
}

TEST_F(Session, AChangeNeedsTheConsolesToken) {
  const auto cookie = sign_in(kApiKey), other = sign_in(kApiKey);
  for (const auto& csrf : {std::string(), other.csrf, cookie.csrf + "0"}) {
    const auto refused =
        send("PUT", "/api/v1/notes", {{"Cookie", cookie.pair}, {"X-Muster-CSRF", csrf}}, kNote);
    EXPECT_EQ(refused.status, 403) << csrf;
    EXPECT_THAT(refused.body, HasSubstr("does not come from the console"));
  }
  EXPECT_EQ(send("PUT", "/api/v1/notes", {{"Cookie", cookie.pair}}, kNote).status, 403);
  EXPECT_EQ(send("POST", "/v1/dep/syncnow", {{"Cookie", cookie.pair}}).status, 403);
  EXPECT_EQ(with(cookie, "PUT", "/api/v1/notes", kNote).status, 200);
}

TEST_F(Session, AnotherSiteCannotUseIt) {
  const auto cookie = sign_in(kApiKey);
  for (const char* site : {"cross-site", "same-site"}) {
    EXPECT_EQ(send("GET", "/api/v1/keys", {{"Cookie", cookie.pair}, {"Sec-Fetch-Site", site}}).status, 403);
    EXPECT_EQ(send("PUT", "/api/v1/notes",
                   {{"Cookie", cookie.pair}, {"X-Muster-CSRF", cookie.csrf}, {"Sec-Fetch-Site", site}}, kNote)
                  .status,
              403);
  }
  EXPECT_EQ(send("GET", "/api/v1/keys", {{"Cookie", cookie.pair}, {"Sec-Fetch-Site", "same-origin"}}).status,
            200);
}

TEST_F(Session, EndsWithItsKey) {
  const auto key = make_key("ann", R"({"role": "operator"})");
  const auto first = sign_in(key);
  EXPECT_EQ(with(first, "GET", "/api/v1/rules").status, 200);
  EXPECT_EQ(call("PUT", "/api/v1/keys/ann", R"({"role": "read"})").status, 200);
  EXPECT_EQ(with(first, "PUT", "/api/v1/notes", kNote).status, 403) << "the role is the key's present one";
  const auto renewed = parse_json(call("PUT", "/api/v1/keys/ann", R"({"new_key": true})").body);
  add_secret(std::string(renewed->at("api_key").as_string()));
  const auto refused = with(first, "GET", "/api/v1/rules");
  EXPECT_EQ(refused.status, 401);
  EXPECT_THAT(refused.body, HasSubstr("you are signed out"));
  EXPECT_FALSE(refused.headers.has("WWW-Authenticate")) << "the browser would ask for a password by itself";

  const auto second = sign_in(std::string(renewed->at("api_key").as_string()));
  EXPECT_EQ(with(second, "GET", "/api/v1/rules").status, 200);
  EXPECT_EQ(call("DELETE", "/api/v1/keys/ann").status, 200);
  EXPECT_EQ(with(second, "GET", "/api/v1/rules").status, 401);
}

TEST_F(Session, EndsWhenItSignsOutAndOutlivesTheServer) {
  const auto cookie = sign_in(kApiKey), other = sign_in(kApiKey);
  const auto out = with(cookie, "DELETE", "/api/v1/session");
  EXPECT_EQ(out.status, 200);
  EXPECT_THAT(out.headers.get("Set-Cookie").value_or(""), HasSubstr("muster_session=; Path=/; Max-Age=0"));
  EXPECT_EQ(with(cookie, "GET", "/api/v1/rules").status, 401);
  stop_muster();
  start_muster();
  EXPECT_EQ(with(cookie, "GET", "/api/v1/rules").status, 401) << "also after a restart";
  EXPECT_EQ(with(other, "GET", "/api/v1/rules").status, 200);
}

TEST_F(Session, IsInTheAudit) {
  const auto cookie = sign_in(make_key("ann", R"({"role": "operator"})"));
  with(cookie, "PUT", "/api/v1/notes", kNote);
  with(cookie, "DELETE", "/api/v1/session");
  const auto entries = parse_json(call("GET", "/api/v1/audit?who=ann").body)->at("entries").as_array();
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[2].at("action"), "session.opened");
  EXPECT_EQ(entries[1].at("action"), "notes.changed");
  EXPECT_EQ(entries[0].at("action"), "session.closed");
}

TEST_F(Session, ThePageNeedsNoKeyAndLoadsNothingFromElsewhere) {
  const auto page = send("GET", "/", {});
  EXPECT_EQ(page.status, 200);
  const auto policy = page.headers.get("Content-Security-Policy").value_or("");
  if (page.headers.get("Content-Type") == "text/plain; charset=utf-8") {
    EXPECT_THAT(page.body, HasSubstr("MUSTER_CONSOLE=OFF"));
    return;
  }
  EXPECT_THAT(policy, AllOf(HasSubstr("default-src 'self'"), HasSubstr("frame-ancestors 'none'"),
                            Not(HasSubstr("unsafe"))));
  const size_t at = page.body.find("/assets/");
  ASSERT_NE(at, std::string::npos);
  const auto script = page.body.substr(at, page.body.find('"', at) - at);
  const auto fetch = [&](const std::string& more) {
    return send_raw(muster().port(),
                    "GET " + script + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + more + "\r\n");
  };
  const auto plain = fetch(""), packed = fetch("Accept-Encoding: br, gzip\r\n");
  EXPECT_EQ(plain.status, 200);
  EXPECT_THAT(plain.headers.get("Cache-Control").value_or(""), HasSubstr("immutable"));
  EXPECT_FALSE(plain.headers.has("Content-Encoding"));
  EXPECT_EQ(packed.headers.get("Content-Encoding"), "gzip");
  EXPECT_LT(packed.body.size(), plain.body.size());
  EXPECT_EQ(send("GET", "/assets/../routes.cc", {}).status, 404);
  EXPECT_EQ(send("POST", "/", {}).status, 404);
}

}  // namespace
}  // namespace muster::test
