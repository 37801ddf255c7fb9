// Authentication: HTTP Basic, user `micromdm`, the API key as password.
#pragma once

#include <string>

#include "http/message.h"

namespace muster::api {

/// True when the request carries the user `micromdm` and the key. Takes the same time for every wrong key.
bool authorized(const http::Request& request, const std::string& api_key);

}  // namespace muster::api
