// Has worker threads answer requests, for as long as their clients are there.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "base/threads/worker_pool.h"
#include "http/message.h"
#include "http/server/net/loop.h"
#include "http/server/net/tcp.h"
#include "http/server/server.h"

namespace muster::http {

/// What is not said to be otherwise is for the io thread.
class Handlers {
 public:
  /// `options` must outlive it, and `loop` its calls.
  Handlers(Loop& loop, const ServerOptions& options, std::function<Response(const Request&)> handler);

  /// As many requests wait for a worker as may.
  bool are_busy() const { return queued_ >= options_.queue_limit; }
  /// 500 when the handler threw.
  Task<Response> call(Request request, const Socket& client);
  /// Behind all requests. An error is logged.
  Task<Result<std::optional<std::string>>> next_piece(std::shared_ptr<BodyStream> body);

  /// No work is wanted any more. Any thread.
  void request_stop() { ends_.request_stop(); }
  /// Waits for the workers. Once, when the io thread has ended.
  void join();

 private:
  class Queued;
  class Handling;

  Response handle(const Request& request);
  Task<void> look_for_clients();

  Loop& loop_;
  const ServerOptions& options_;
  const std::function<Response(const Request&)> handler_;
  std::atomic<size_t> queued_{0};  // any thread
  std::set<Handling*> handling_;
  bool is_looking_ = false;
  std::stop_source ends_;
  WorkerPool workers_, streaming_;
};

}  // namespace muster::http
