// The proxy to Apple's service: what a client asks for in Apple's words.
#pragma once

#include "api/context.h"
#include "apple/service.h"

namespace muster::api::nanodep {

/// Forwards the request and returns Apple's answer unchanged; errors are Muster's. With `has_effect` it is
/// sent only once.
Result<http::Response> pass_on(const Call& call, const Connected& apple, bool has_effect);

}  // namespace muster::api::nanodep
