// Where a request has its key.
#pragma once

#include <optional>
#include <string>

#include "http/message.h"

namespace muster::api {

/// The password of `Authorization: Basic`, whatever the user name, or the text behind `Bearer`. Nothing when
/// the request has neither.
std::optional<std::string> key_in(const http::Request& request);

}  // namespace muster::api
