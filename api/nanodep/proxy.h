// The proxy to Apple's service: what a client asks for in Apple's words.
#pragma once

#include "api/context.h"
#include "apple/service.h"

namespace muster::api::nanodep {

/// Apple's answer to the request, passed on as it is; an error is none of Apple's. `has_effect`: it goes out once.
Result<http::Response> pass_on(const Call& call, const Connected& apple, bool has_effect);

}  // namespace muster::api::nanodep
