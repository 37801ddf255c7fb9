// Apple's answers, as the proxy gives them to its client.
#pragma once

#include "apple/service.h"
#include "base/result.h"
#include "http/message.h"

namespace muster::api::nanodep {

/// Apple's answer without what is between Apple and us only: the session, and headers of the connection.
http::Response passed_answer(http::Response answer);

/// The answer where a call of ours failed, as Apple's client would have seen it: the status and the word of Apple's answer, or, where
/// there was none, 502 with Apple's word about the token, or with what is wrong. 503 with `Retry-After` while Apple wants no calls. An
/// error that has nothing to do with Apple comes back.
Result<http::Response> failed_answer(const apple::Service& service, const Error& error);

/// The same for an account without a service: 502.
Result<http::Response> unconnected_answer(const Error& error);

}  // namespace muster::api::nanodep
