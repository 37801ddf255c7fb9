// The simulator behind a real server on a free port, driven over the wire.
#include <gtest/gtest.h>

#include <thread>

#include "http/client/client.h"
#include "http/server/server.h"
#include "sim/test_service.h"

namespace muster::sim {
namespace {

class OverTheWire : public testing::Test {
 protected:
  void SetUp() override {
    Options options;
    options.devices = 3;
    service_ = std::make_unique<TestService>(options);
    http::ServerOptions server_options;
    server_options.address = {.host = "127.0.0.1", .port = 0};
    auto server = http::Server::start(server_options, [this](const http::Request& request) {
      return service_->simulator().handle(request);
    });
    ASSERT_TRUE(server) << server.error().text();
    server_ = std::move(*server);
    url_ = "http://127.0.0.1:" + std::to_string(server_->port());
  }
  void TearDown() override {
    service_->simulator().stop();
    server_->stop(std::chrono::milliseconds(2000));
  }

  Result<http::Response> send(const std::string& method, const std::string& path,
                              const std::string& body = "", http::Headers headers = {}) {
    http::ClientRequest request;
    request.method = method;
    request.url = url_ + path;
    request.headers = std::move(headers);
    request.headers.set("User-Agent", "sim-test/1");
    request.headers.set("X-Server-Protocol-Version", "10");
    request.body = body;
    request.has_body = !body.empty();
    return client_.send(request);
  }

  std::string open_session() {
    const auto token = boost::json::parse(send("GET", "/token")->body).as_object();
    const auto response =
        send("GET", "/session", "", {{"Authorization", service_->sign(token, 0, "", url_ + "/session")}});
    EXPECT_EQ(response->status, 200) << response->body;
    return text_at(boost::json::parse(response->body), "auth_session_token");
  }

  std::unique_ptr<TestService> service_;
  std::unique_ptr<http::Server> server_;
  http::Client client_;
  std::string url_;
};

TEST_F(OverTheWire, ASessionAPageAndADeleteWithABody) {
  const http::Headers session{{"X-ADM-Auth-Session", open_session()}};
  const auto page = send("POST", "/server/devices", R"({"limit":2})", session);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 200);
  const auto json = boost::json::parse(page->body);
  EXPECT_EQ(json.at("devices").as_array().size(), 2U);
  const auto serial = text_at(json.at("devices").as_array()[0], "serial_number");
  const auto removed = send("DELETE", "/profile/devices", R"({"devices":[")" + serial + "\"]}", session);
  EXPECT_EQ(removed->body, R"({"devices":{")" + serial + "\":\"SUCCESS\"}}");
  const auto refused = send("POST", "/devices/sync", "{}", session);
  EXPECT_EQ(refused->status, 400);
  EXPECT_EQ(refused->body, "CURSOR_REQUIRED");
  EXPECT_EQ(refused->headers.get("Content-Type"), "text/plain;Charset=UTF8");
}

TEST_F(OverTheWire, AnswersAreCutOrReset) {
  const http::Headers session{{"X-ADM-Auth-Session", open_session()}};
  send("POST", "/control/faults", R"({"endpoint":"fetch","deliver":"cut"})");
  send("POST", "/control/faults", R"({"endpoint":"fetch","deliver":"reset"})");
  for (int i = 0; i < 2; ++i) {
    const auto spoilt = send("POST", "/server/devices", "{}", session);
    ASSERT_FALSE(spoilt) << i;
    EXPECT_EQ(spoilt.error().code, Code::unreachable) << spoilt.error().text();
  }
  EXPECT_EQ(send("POST", "/server/devices", "{}", session)->status, 200);
  const auto log = boost::json::parse(send("GET", "/control/calls/log?limit=3")->body).at("calls").as_array();
  EXPECT_EQ(text_at(log[0], "delivery"), "cut");
  EXPECT_EQ(text_at(log[1], "delivery"), "reset");
  EXPECT_FALSE(log[2].as_object().contains("delivery"));
}

TEST_F(OverTheWire, StopEndsADelayUnderWay) {
  send("POST", "/control/faults", R"({"endpoint":"account","delay_ms":600000})");
  std::thread waiting([this] { send("GET", "/account"); });
  // The fault leaves the list when the call has taken it.
  while (!boost::json::parse(send("GET", "/control/faults")->body).at("faults").as_array().empty())
    std::this_thread::yield();
  service_->simulator().stop();
  waiting.join();
}

}  // namespace
}  // namespace muster::sim
