// The form of answers to NanoDEP's calls, where it is not that of all others.
#pragma once

#include <string>

#include "http/message.h"

namespace muster::api {

/// Whether a request is one of NanoDEP's. `DELETE /v1/devices` is, if it says `dep_name`: without it it is
/// MicroMDM's.
bool is_nanodep(const http::Request& request);

/// The same answer as NanoDEP gives it: 401 and 405 as text, the first one with its realm; JSON without a
/// character set.
http::Response in_nanodep_form(http::Response response);

/// 400 as text, where NanoDEP has no JSON: "Bad Request: REASON".
http::Response nanodep_bad_request(const std::string& reason);

}  // namespace muster::api
