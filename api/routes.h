// The server's API: from a request to its answer. routes.cc opens with the table of all calls.
#pragma once

#include <string>

#include "api/context.h"
#include "http/router.h"

namespace muster::api {

/// Answers every request: finds its route, checks the key, calls the handler, and turns errors into answers. The
/// context must outlive it.
http::Handler make_api(const Context& context, std::string api_key);

}  // namespace muster::api
