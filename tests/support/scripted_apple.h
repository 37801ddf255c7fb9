// A server that says what a test tells it to in Apple's place, and remembers what it was asked. Nothing of
// Apple's service is in it but `GET /session`, which gives session-1, session-2, ... unless told otherwise.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "tests/support/loopback_server.h"

namespace muster::test {

class ScriptedApple {
 public:
  using Answer = std::function<http::Response(const http::Request&)>;

  ~ScriptedApple() { stop(); }

  /// Waits for the answers in progress. For tests whose answers use what ends before this does.
  void stop() { server_->stop(std::chrono::seconds(5)); }

  /// The answer to `call`, e.g. "POST /devices/sync", from now on.
  void on(const std::string& call, Answer answer) {
    answers_.with([&](auto& answers) { answers[call] = std::move(answer); });
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }

  std::vector<http::Request> requests() const {
    return requests_.with([](const auto& requests) { return requests; });
  }
  size_t count(const std::string& call) const {
    size_t count = 0;
    for (const auto& request : requests()) count += name_of(request) == call;
    return count;
  }
  /// "GET /session", "POST /devices/sync", ... in order.
  std::vector<std::string> calls() const {
    std::vector<std::string> calls;
    for (const auto& request : requests()) calls.push_back(name_of(request));
    return calls;
  }

  static http::Response json(const std::string& body) {
    return {200, {{"Content-Type", "application/json;charset=UTF8"}}, body};
  }
  /// A failing answer as Apple gives it: one bare word.
  static http::Response word(int status, const std::string& word) {
    return {status, {{"Content-Type", "text/plain;Charset=UTF8"}}, word};
  }

 private:
  static std::string name_of(const http::Request& request) { return request.method + " " + request.path; }

  http::Response answer(const http::Request& request) {
    requests_.with([&](auto& requests) { requests.push_back(request); });
    const Answer scripted = answers_.with([&](auto& answers) {
      const auto found = answers.find(name_of(request));
      return found == answers.end() ? Answer() : found->second;
    });
    if (scripted) return scripted(request);
    if (name_of(request) != "GET /session") return word(404, "not in the script");
    const int number = sessions_.with([](int& sessions) { return ++sessions; });
    return json("{\"auth_session_token\":\"session-" + std::to_string(number) + "\"}");
  }

  Guarded<std::map<std::string, Answer>> answers_;
  Guarded<std::vector<http::Request>> requests_;
  Guarded<int> sessions_;
  // Last: it answers from the rest.
  std::unique_ptr<http::Server> server_ =
      start_on_loopback([this](const http::Request& request) { return answer(request); }, 16);
};

}  // namespace muster::test
