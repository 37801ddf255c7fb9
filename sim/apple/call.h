// One call to Apple's service on its way through the handlers, and the forms its answers take.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "sim/apple/service.h"
#include "sim/faults/calls.h"
#include "sim/faults/faults.h"

namespace muster::sim {

struct AppleCall {
  Service& service;
  const http::Request& request;
  const Fault* fault =
      nullptr;       ///< may force results and cursors; replacing the answer is not the handlers' work
  int account = -1;  ///< whose session it is; handlers but /session's can rely on it
  int version = 1;   ///< X-Server-Protocol-Version, within 1 and kNewestVersion
  long long now_ms = 0;
  CallRecord& record;  ///< handlers add what they learn

  Account& owner() { return service.world.account(account); }
  const Settings& settings() const { return service.settings; }
  AssignCall assign_call() const;

  /// 200 with JSON, as Apple writes its Content-Type.
  http::Response json(std::string body) const;
  /// A refusal: a bare word, or in quotes when the switch says so.
  http::Response refuse(int status, std::string_view word);
  http::Response empty(int status);
};

/// The request's body as an object. Nothing when it is not JSON, or is something else:
/// MALFORMED_REQUEST_BODY.
std::optional<boost::json::object> parse_body(const AppleCall& call);

/// The serials of `devices`.
struct SerialList {
  std::string word;  ///< Apple's refusal, "" when it is well formed
  std::vector<std::string> serials;
};
SerialList parse_serials(AppleCall& call, const boost::json::object& body, bool limited);

}  // namespace muster::sim
