// For tests: a simulator without a socket, with a client's side of OAuth, and JSON in and out.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "sim/session/oauth.h"
#include "sim/simulator.h"
#include "sim/world/codec.h"

namespace muster::sim {

class TestService {
 public:
  explicit TestService(Options options = {}) {
    auto created = Simulator::create(options);
    if (!created) throw std::runtime_error(created.error().text());
    simulator_ = std::move(*created);
  }

  Simulator& simulator() { return *simulator_; }

  /// A raw request with the headers that every client sends.
  http::Response send(const std::string& method, const std::string& target, const std::string& body = "",
                      const http::Headers& headers = {}) {
    http::Request request;
    request.method = method;
    request.target = target;
    EXPECT_TRUE(http::parse_target(target, request.path, request.query));
    request.headers = {
        {"Host", "127.0.0.1:8080"}, {"User-Agent", "sim-test/1"}, {"X-Server-Protocol-Version", "10"}};
    for (const auto& [name, value] : headers) request.headers.set(name, value);
    request.body = body;
    return simulator_->handle(request);
  }

  boost::json::object token(const std::string& account = "") {
    return boost::json::parse(send("GET", "/token?account=" + account).body).as_object();
  }

  /// An Authorization header for GET /session; `timestamp_s` 0 is now.
  std::string sign(const boost::json::object& token, long long timestamp_s = 0, std::string nonce = "",
                   const std::string& url = "http://127.0.0.1:8080/session") {
    const auto text = [&](const char* key) { return std::string(token.at(key).as_string()); };
    if (nonce.empty()) nonce = to_hex(random_octets(8), Case::lower);
    if (timestamp_s == 0) timestamp_s = SimClock::real_ms() / 1000;
    const std::vector<std::pair<std::string, std::string>> parameters = {
        {"oauth_consumer_key", text("consumer_key")},
        {"oauth_token", text("access_token")},
        {"oauth_signature_method", "HMAC-SHA1"},
        {"oauth_timestamp", std::to_string(timestamp_s)},
        {"oauth_nonce", nonce},
        {"oauth_version", "1.0"}};
    std::string header = "OAuth realm=\"ADM\"";
    for (const auto& [name, value] : parameters) header += ", " + name + "=\"" + to_percent(value) + "\"";
    const auto signature =
        oauth_signature("GET", url, parameters, text("consumer_secret"), text("access_secret"));
    return header + ", oauth_signature=\"" + to_percent(signature) + "\"";
  }

  http::Response open(const std::string& authorization) {
    return send("GET", "/session", "", {{"Authorization", authorization}});
  }

  std::string session(const std::string& account = "") {
    const auto response = open(sign(token(account)));
    EXPECT_EQ(response.status, 200) << response.body;
    return std::string(boost::json::parse(response.body).at("auth_session_token").as_string());
  }

  /// A call with a session of its own.
  http::Response apple(const std::string& method, const std::string& target, const std::string& body = "",
                       http::Headers headers = {}, const std::string& account = "") {
    headers.set("X-ADM-Auth-Session", session(account));
    return send(method, target, body, headers);
  }
  boost::json::object apple_json(const std::string& method, const std::string& target,
                                 const std::string& body = "", const std::string& account = "") {
    const auto response = apple(method, target, body, {}, account);
    EXPECT_EQ(response.status, 200) << response.body;
    return boost::json::parse(response.body).as_object();
  }

  /// A control call that must succeed.
  boost::json::object control(const std::string& method, const std::string& target,
                              const std::string& body = "") {
    const auto response = send(method, "/control" + target, body);
    EXPECT_EQ(response.status, 200) << response.body;
    return boost::json::parse(response.body).as_object();
  }

  /// The cursor after a whole fetch.
  std::string fetch_all(const std::string& account = "") {
    std::string cursor;
    for (;;) {
      const auto page =
          apple_json("POST", "/server/devices", R"({"limit":1000,"cursor":")" + cursor + "\"}", account);
      cursor = std::string(page.at("cursor").as_string());
      if (!page.at("more_to_follow").as_bool()) return cursor;
    }
  }
  boost::json::object sync(const std::string& cursor, int limit = 1000, const std::string& account = "") {
    return apple_json("POST", "/devices/sync",
                      R"({"limit":)" + std::to_string(limit) + R"(,"cursor":")" + cursor + "\"}", account);
  }

 private:
  std::unique_ptr<Simulator> simulator_;
};

/// A profile that Apple accepts.
constexpr const char* kGoodProfile =
    R"({"profile_name":"Example","url":"https://mdm.example.com/enroll","is_supervised":true,"is_mdm_removable":false})";

inline std::string text_at(const boost::json::value& value, const char* key) {
  return std::string(value.at(key).as_string());
}

}  // namespace muster::sim
