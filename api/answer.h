// Converts results into HTTP answers: the only place where errors become statuses.
#pragma once

#include <string>

#include "base/error.h"
#include "base/time/clock.h"
#include "http/message.h"

namespace muster::api {

/// `{"error": "TEXT"}` with the status of the error's code. What Apple rejected because of what it was sent
/// is 400, a profile it does not know 404; its own trouble is 502. What is our own fault or the machine's is
/// logged; the answer says why nothing can be stored, and of an internal error no more than that it happened.
http::Response error_answer(const Error& error);

/// The same for a request that never became a call: `reason` is for users.
http::Response refusal(int status, const std::string& reason);

/// 401, in MicroMDM's form.
http::Response unauthorized(const std::string& reason);

/// 429: the client is to wait for so long, at least a second.
http::Response throttled(const std::string& reason, Millis wait);

/// 200 `{}`: done, nothing to say.
http::Response done();

}  // namespace muster::api
