// Apple's answers, as the proxy gives them to its client.
#pragma once

#include "apple/service.h"
#include "base/result.h"
#include "http/message.h"

namespace muster::api::nanodep {

/// Apple's answer without what is between Apple and us only: the session, and headers of the connection.
http::Response passed_answer(http::Response answer);

/// The answer to a call of ours that failed: Apple's status and error code if Apple answered, else 502 with
/// the reason. 503 with `Retry-After` while Apple's gate is closed. Errors unrelated to Apple are returned.
Result<http::Response> failed_answer(const apple::Service& service, const Error& error);

/// The same for an account without a service: 502.
Result<http::Response> unconnected_answer(const Error& error);

}  // namespace muster::api::nanodep
