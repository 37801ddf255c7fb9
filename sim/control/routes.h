// The control API, for tests, demonstrations and operators. JSON, without authentication: for loopback only.
#pragma once

#include "base/guarded.h"
#include "http/message.h"
#include "http/server/router.h"
#include "sim/apple/service.h"

namespace muster::sim {

/// Whether the path is the control API's or /token, and not Apple's.
bool is_control(const std::string& path);

class ControlApi {
 public:
  /// The service must outlive this.
  explicit ControlApi(Guarded<Service>& service);
  http::Response answer(const http::Request& request) const;

 private:
  http::Router router_;
};

}  // namespace muster::sim
