// The web console: its page and the page's files. They need no key, have no secrets, and are no calls of the
// API.
#pragma once

#include <optional>

#include "http/message.h"

namespace muster::api {

/// The file that the request asks for; nothing when it asks for none.
std::optional<http::Response> console_file(const http::Request& request);

}  // namespace muster::api
