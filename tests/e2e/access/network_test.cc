// What the network may and may not do: addresses behind proxies, what answers tell a browser, and plain HTTP
// on loopback only.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/text/json.h"
#include "tests/e2e/world/api_call.h"
#include "tests/e2e/world/world.h"
#include "tests/support/certificate.h"
#include "tests/support/raw_connection.h"

namespace muster::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kClient = "203.0.113.7";
constexpr const char* kOther = "198.51.100.1";

class Network : public World {
 protected:
  http::Response ask(const std::string& url, const std::string& key, const http::Headers& headers,
                     const std::string& method = "GET", const std::string& path = "/api/v1/rules",
                     const std::string& body = {}) {
    auto request = api_request(url, key, method, path, body);
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    request.skip_verify = true;
    http::Client client;
    return client.send(request).value();
  }
  http::Response ask_as(const std::string& client, const std::string& key, const std::string& method = "GET",
                        const std::string& path = "/api/v1/rules", const std::string& body = {}) {
    return ask(muster().url(), key, {{"X-Forwarded-For", client}}, method, path, body);
  }
  void start(const std::string& proxies) {
    start_depsim({"-devices", "1"});
    start_muster({"-behind-proxy", proxies});
    await_baseline(1);
  }
  std::string last_address() {
    const auto answer = parse_json(call("GET", "/api/v1/audit?limit=1").body);
    return std::string(answer->at("entries").at(0).at("address").as_string());
  }
  void change_something_as(const std::string& client) {
    EXPECT_EQ(ask_as(client, kApiKey, "PUT", "/api/v1/lists/lab", R"({"csv": "C02A\n"})").status, 200);
  }
};

TEST_F(Network, AProxyTellsWhoTheClientIs) {
  start("127.0.0.0/8");
  change_something_as(kClient);
  EXPECT_EQ(last_address(), kClient);
  muster().await("api.request", 0, [](const LogLine& line) { return line.field("peer") == kClient; });
  while (ask_as(kClient, "a-wrong-key").status == 401) {
  }
  EXPECT_EQ(ask_as(kClient, "a-wrong-key").status, 429);
  EXPECT_EQ(ask_as(kOther, "a-wrong-key").status, 401) << "one client's guesses are not another's";
}

TEST_F(Network, NobodyElseDoes) {
  start("10.0.0.0/8");
  change_something_as(kClient);
  EXPECT_EQ(last_address(), "127.0.0.1");
  for (int i = 0; i < 10; ++i) ask_as(fmt::format("192.0.2.{}", i), "a-wrong-key");
  EXPECT_EQ(ask_as(kOther, "a-wrong-key").status, 429) << "a header makes nobody another client";
  EXPECT_FALSE(ask(muster().url(), kApiKey, {{"X-Forwarded-Proto", "https"}})
                   .headers.has("Strict-Transport-Security"));
}

TEST_F(Network, AProxyMayHaveManyConnections) {
  start_depsim({"-devices", "1"});
  start_muster({"-behind-proxy", "127.0.0.1", "-address-connection-limit", "16"});
  std::vector<std::unique_ptr<RawConnection>> many;
  for (int i = 0; i < 40; ++i) many.push_back(std::make_unique<RawConnection>(muster().port()));
  for (auto& connection : many) {
    connection->send("GET /version HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(connection->read_until("}"), HasSubstr("200 OK"));
  }
}

// Whatever is answered: by a handler, before one is found, and for what is no request.
TEST_F(Network, AnswersAreOfNoUseToAPageElsewhere) {
  start("127.0.0.1");
  const auto expect_closed = [](const std::string& what, const http::Headers& headers) {
    EXPECT_EQ(headers.get("X-Content-Type-Options"), "nosniff") << what;
    EXPECT_EQ(headers.get("X-Frame-Options"), "DENY") << what;
    EXPECT_EQ(headers.get("Referrer-Policy"), "no-referrer") << what;
    EXPECT_EQ(headers.get("Cross-Origin-Resource-Policy"), "same-origin") << what;
    EXPECT_EQ(headers.get("Cache-Control"), "no-store") << what;
    const auto policy = headers.get("Content-Security-Policy").value_or("");
    EXPECT_THAT(policy, AllOf(HasSubstr("default-src 'none'"), HasSubstr("frame-ancestors 'none'"))) << what;
    EXPECT_FALSE(headers.has("Access-Control-Allow-Origin")) << what;
    EXPECT_FALSE(headers.has("Server")) << what;
  };
  for (const char* target :
       {"/version", "/api/v1/rules", "/api/docs", "/metrics", "/nowhere", "/api/v1/accounts"})
    for (const char* key : {kApiKey, "a-wrong-key"})
      expect_closed(target,
                    ask(muster().url(), key, {{"Origin", "https://evil.example"}}, "GET", target).headers);
  for (const char* request : {"nonsense\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n"}) {
    RawConnection connection(muster().port());
    connection.send(request);
    EXPECT_THAT(connection.read_until("}\n"), AllOf(HasSubstr("400 Bad Request"), HasSubstr("nosniff")))
        << request;
  }
}

// Another site's page sends a form or a script's request; the browser asks first, and is not told that it
// may.
TEST_F(Network, APageElsewhereGetsNoLeave) {
  start("127.0.0.1");
  const auto asked =
      ask(muster().url(), "", {{"Origin", "https://evil.example"}, {"Access-Control-Request-Method", "PUT"}},
          "OPTIONS");
  EXPECT_EQ(asked.status, 405);
  EXPECT_FALSE(asked.headers.has("Access-Control-Allow-Origin"));
}

TEST_F(Network, HttpsIsForAYear) {
  constexpr const char* kYear = "max-age=31536000";
  const auto files = make_certificate(path(""));
  start("127.0.0.1");
  const auto header_of = [](const http::Response& answer) {
    return answer.headers.get("Strict-Transport-Security").value_or("none");
  };
  EXPECT_EQ(header_of(ask(muster().url(), kApiKey, {})), "none");
  EXPECT_EQ(header_of(ask(muster().url(), kApiKey, {{"X-Forwarded-Proto", "https"}})), kYear);
  const MusterServer encrypted({"-api-key", kApiKey, "-http-addr", "127.0.0.1:0", "-tls-cert",
                                files.certificate, "-tls-key", files.key, "-config-path", path("tls"),
                                "-depsim", depsim().url()});
  EXPECT_EQ(header_of(ask(encrypted.url(), kApiKey, {})), kYear);
  EXPECT_EQ(header_of(ask(encrypted.url(), "a-wrong-key", {}, "GET", "/nowhere")), kYear);
  inspect_log_of(encrypted);
}

TEST_F(Network, WithoutTlsItIsOnLoopbackOnly) {
  start_depsim();
  const auto flags = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all{"-api-key", kApiKey, "-tls=false", "-config-path", path("other")};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  {
    const MusterServer server(flags({"-http-addr", ":0"}));
    EXPECT_THAT(server.url(), testing::StartsWith("http://127.0.0.1:"));
    inspect_log_of(server);
  }
  {
    const MusterServer server(flags({"-http-addr", ":0", "-behind-proxy", "10.0.0.1"}));
    EXPECT_THAT(server.url(), testing::StartsWith("http://0.0.0.0:"));
    inspect_log_of(server);
  }
  const std::string serve = "muster serve -api-key $APIKEY -config-path other -tls=false ";
  const auto refused = [&](const std::string& more) { return run_badly(serve + more); };
  EXPECT_THAT(refused("-http-addr 0.0.0.0:0"), AllOf(HasSubstr("listens on loopback only"),
                                                     HasSubstr("-behind-proxy"), HasSubstr("-tls-cert")));
  EXPECT_THAT(refused("-http-addr [::]:0"), HasSubstr(":: is not loopback"));
  EXPECT_THAT(refused("-behind-proxy nginx"),
              AllOf(HasSubstr("-behind-proxy"), HasSubstr("\"nginx\""), Not(HasSubstr("loopback"))));
}

}  // namespace
}  // namespace muster::test
