// The handlers of calls that are there for the web console, though any client may make them. routes.cc
// documents the calls.
#pragma once

#include "api/context.h"
#include "api/key_check.h"

namespace muster::api {

/// A call about the session itself: no other handler may open one.
using SessionHandler = Result<http::Response> (*)(const Call&, const Caller&, KeyCheck&);

namespace muster_v1 {

// v1/devices.cc
Result<http::Response> get_device_positions(const Call& call);
// security/session.cc
Result<http::Response> get_session(const Call& call, const Caller& caller, KeyCheck& keys);
Result<http::Response> post_session(const Call& call, const Caller& caller, KeyCheck& keys);
Result<http::Response> delete_session(const Call& call, const Caller& caller, KeyCheck& keys);

}  // namespace muster_v1
}  // namespace muster::api
