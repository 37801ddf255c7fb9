#include "tests/golden/fake_server.h"

#include <stdexcept>

#include "base/text/encoding.h"

namespace muster::golden {
namespace {

http::Response json_text(int status, const std::string& text) {
  http::Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/json; charset=utf-8");
  response.body = text;
  return response;
}

}  // namespace

FakeServer::FakeServer() {
  http::ServerOptions options;
  options.address = {"127.0.0.1", 0};
  options.workers = 2;
  auto started =
      http::Server::start(options, [this](const http::Request& request) { return answer(request); });
  if (!started) throw std::runtime_error(started.error().text());
  server_ = std::move(*started);
  port_ = server_->port();
}

std::string FakeServer::url() const { return "http://127.0.0.1:" + std::to_string(port_); }

void FakeServer::prepare(const std::string& method, const std::string& target, http::Response response) {
  state_.with([&](State& state) { state.answers[method + " " + target].push_back(std::move(response)); });
}

std::vector<http::Request> FakeServer::take_requests() {
  return state_.with([](State& state) { return std::exchange(state.requests, {}); });
}

http::Response FakeServer::answer(const http::Request& request) {
  return state_.with([&](State& state) {
    state.requests.push_back(request);
    if (credentials_of(request) != std::string("micromdm:") + kApiKey) {
      auto refusal = json_text(401, "{\"error\":\"Unauthorized\"}\n");
      refusal.headers.add("WWW-Authenticate", "Basic realm=\"micromdm\"");
      return refusal;
    }
    const auto found = state.answers.find(request.method + " " + request.target);
    if (found == state.answers.end())
      return json_text(500, "{\"error\":\"this request was not prepared\"}\n");
    auto& prepared = found->second;
    const auto response = prepared.front();
    if (prepared.size() > 1) prepared.erase(prepared.begin());
    return response;
  });
}

std::string credentials_of(const http::Request& request) {
  const auto header = request.headers.get("Authorization");
  constexpr std::string_view kBasic = "Basic ";
  if (!header || !header->starts_with(kBasic)) return "nobody";
  return base64_decode(header->substr(kBasic.size())).value_or("nobody");
}

}  // namespace muster::golden
