// A webhook receiver: keeps events, and answers 503 while it is down.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "tests/support/loopback_server.h"

namespace muster::test {

class WebhookReceiver {
 public:
  ~WebhookReceiver() { server_->stop(std::chrono::seconds(5)); }

  /// With a secret in it, as such URLs have.
  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + "/hook?token=SECRET-OF-THE-HOOK";
  }
  void be_down(bool down) { down_ = down; }
  /// How it answers what it takes; 204 until this is called.
  void answer_by(http::Response answer) {
    answer_.with([&](auto& kept) { kept = std::move(answer); });
  }

  /// What it took, in order.
  std::vector<http::Request> taken() const {
    return taken_.with([](const auto& taken) { return taken; });
  }
  /// How often it said that it is down.
  int refused() const { return refused_; }

 private:
  http::Response answer(const http::Request& request) {
    if (down_) {
      ++refused_;
      return {503, {}, ""};
    }
    taken_.with([&](auto& taken) { taken.push_back(request); });
    return answer_.with([](const auto& answer) { return answer; });
  }

  std::atomic<bool> down_ = false;
  std::atomic<int> refused_ = 0;
  Guarded<std::vector<http::Request>> taken_;
  Guarded<http::Response> answer_{http::Response{204, {}, ""}};
  // Last: it answers from the rest.
  std::unique_ptr<http::Server> server_ =
      start_on_loopback([this](const http::Request& request) { return answer(request); }, 2);
};

}  // namespace muster::test
