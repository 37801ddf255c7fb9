// The path of a call through Apple's service: User-Agent, path and method, session, account state, handler.
#pragma once

#include "sim/apple/call.h"

namespace muster::sim {

/// The endpoint of this method and path, or null.
const Endpoint* find_endpoint(std::string_view method, std::string_view path);

/// Name of the account that a call belongs to, as far as its session or access token tells; "" else. Checks
/// nothing.
std::string account_of(const Service& service, const http::Request& request);

/// Answers the call. `endpoint` is null when there is none; `record` is filled in.
http::Response answer_apple(Service& service, const http::Request& request, const Endpoint* endpoint,
                            const Fault* fault, CallRecord& record);

/// What every answer carries, spoilt ones too: X-Apple-Request-UUID and Date, unless they are set.
void add_common_headers(const Service& service, http::Response& response);

}  // namespace muster::sim
