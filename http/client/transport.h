// Sends requests to a server: the client over libcurl, or a test's replacement with the server in its own
// process.
#pragma once

#include <stop_token>

#include "base/result.h"
#include "http/message.h"

namespace muster::http {

struct ClientRequest;

class Transport {
 public:
  virtual ~Transport() = default;

  /// Sends and waits for the whole answer, whatever its status. Any thread, many at once. Code::unreachable
  /// when there is no whole answer (the message says which step failed), Code::cancelled soon after `stop` is
  /// requested, Code::remote when the answer is over the limit.
  virtual Result<Response> send(const ClientRequest& request, std::stop_token stop = {}) = 0;
};

}  // namespace muster::http
