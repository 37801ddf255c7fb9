// The simulator as a whole: answers every request, Apple's, the old depsim's /token and /control.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

#include "base/guarded.h"
#include "http/message.h"
#include "sim/apple/service.h"
#include "sim/control/routes.h"
#include "sim/options.h"

namespace muster::sim {

class Simulator {
 public:
  /// Makes the accounts and the first one's devices. Code::invalid for options that cannot be.
  static Result<std::unique_ptr<Simulator>> create(const Options& options);

  /// Any thread, many at once. Blocks for the latency and delays asked for, until stop().
  http::Response handle(const http::Request& request);

  /// Ends all delays in progress and to come.
  void stop();

  Guarded<Service>& service() { return service_; }

 private:
  explicit Simulator(uint64_t seed) : service_(Service(seed)) {}
  http::Response handle_apple(const http::Request& request);
  void pause(long long ms);

  Guarded<Service> service_;
  const ControlApi control_{service_};
  bool log_calls_ = false;

  std::mutex stop_mutex_;
  std::condition_variable stop_condition_;
  bool stopping_ = false;  // guarded by stop_mutex_
};

}  // namespace muster::sim
