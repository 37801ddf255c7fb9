// A person's own program behind a webhook: keeps what it was sent, and answers 503 while it is down.
#pragma once

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "http/server.h"

namespace muster::test {

class WebhookReceiver {
 public:
  WebhookReceiver() {
    http::ServerOptions options;
    options.address = {"127.0.0.1", 0};
    options.workers = 2;
    options.refuse = [](int status, const std::string& reason) { return http::Response{status, {}, reason}; };
    auto started =
        http::Server::start(std::move(options), [this](const http::Request& r) { return answer(r); });
    if (!started) throw std::runtime_error(started.error().text());
    server_ = std::move(*started);
  }
  ~WebhookReceiver() { server_->stop(std::chrono::seconds(5)); }

  /// With a secret in it, as such URLs have.
  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + "/hook?token=SECRET-OF-THE-HOOK";
  }
  void be_down(bool down) { down_ = down; }

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
    return {204, {}, ""};
  }

  std::atomic<bool> down_ = false;
  std::atomic<int> refused_ = 0;
  Guarded<std::vector<http::Request>> taken_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace muster::test
