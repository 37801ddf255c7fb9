// A server of a test's own, on a free port of loopback, that answers as the test says.
#pragma once

#include <memory>
#include <stdexcept>
#include <utility>

#include "http/server/router.h"
#include "http/server/server.h"

namespace muster::test {

/// Throws when it cannot be started. The address of `options` does not count.
inline std::unique_ptr<http::Server> start_on_loopback(http::Handler answer,
                                                       http::ServerOptions options = {}) {
  options.address = {"127.0.0.1", 0};
  auto started = http::Server::start(std::move(options), std::move(answer));
  if (!started) throw std::runtime_error(started.error().text());
  return std::move(*started);
}

/// `workers`: answers that may be made at the same time.
inline std::unique_ptr<http::Server> start_on_loopback(http::Handler answer, size_t workers) {
  http::ServerOptions options;
  options.workers = workers;
  options.refuse = [](int status, const std::string& reason) { return http::Response{status, {}, reason}; };
  return start_on_loopback(std::move(answer), std::move(options));
}

}  // namespace muster::test
