// A server that gives prepared answers and remembers what it was asked. On loopback, on a free port.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "http/server/server.h"

namespace muster::golden {

inline constexpr const char* kApiKey = "the-api-key-of-the-tests";

class FakeServer {
 public:
  FakeServer();
  ~FakeServer() { stop(); }

  std::string url() const;
  unsigned short port() const { return port_; }
  void stop() { server_->stop(std::chrono::milliseconds(1000)); }

  /// Answers `method target` so, once; the last one prepared is given again and again. What was not prepared
  /// gets a 500, and a request without the right key the 401 of the real server.
  void prepare(const std::string& method, const std::string& target, http::Response response);

  /// The requests since the last call, in order.
  std::vector<http::Request> take_requests();

 private:
  struct State {
    std::map<std::string, std::vector<http::Response>> answers;  // by "METHOD target"; next one first
    std::vector<http::Request> requests;
  };
  http::Response answer(const http::Request& request);

  Guarded<State> state_;
  std::unique_ptr<http::Server> server_;
  unsigned short port_ = 0;
};

/// `Authorization` of a request, decoded: `micromdm:KEY`; "nobody" when it has none.
std::string credentials_of(const http::Request& request);

}  // namespace muster::golden
