// The actor of a request, for the registry and histories. It is not authenticated, because all requests use
// the same key.
#pragma once

#include <string>

#include "http/message.h"

namespace muster::api {

/// What the header `X-Muster-Actor` says, else the address of the other side; printable, at most 100
/// characters.
std::string actor_of(const http::Request& request);

}  // namespace muster::api
