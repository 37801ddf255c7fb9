// Calls as MicroMDM's mdmctl 1.13.1 puts them on the wire, byte for byte.
#pragma once

#include <string>

#include "http/message.h"

namespace muster::test {

/// Sends the request as Go's client does: the body, if there is one, as one chunk with a newline at its end,
/// with `Content-Type: application/json; charset=utf-8`, and no Accept. User `micromdm`; without a key
/// nothing is said of who asks. The answer must be as docs/openapi.yaml describes it.
http::Response call_as_mdmctl(unsigned short port, const std::string& method, const std::string& path,
                              const std::string& json, const std::string& key);

/// Sends these bytes and reads the answer until the connection is closed.
http::Response send_raw(unsigned short port, const std::string& bytes);

}  // namespace muster::test
