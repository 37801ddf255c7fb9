// A connection of a client, from its first request to its last.
#pragma once

#include <cstddef>

#include "http/server/connections.h"
#include "http/server/handlers.h"
#include "http/server/net/tcp.h"
#include "http/server/server.h"

namespace muster::http {

/// What the connections of a server share. For the io thread.
struct Service {
  Loop& loop;
  const ServerOptions& options;
  Handlers& handlers;
  bool is_stopping = false;  ///< no request may follow
  size_t bodies = 0;         ///< bytes of the bodies of all requests
};

/// Reads requests, has them handled and answers, until the client or the server wants no more. `stream` is
/// open, over `socket`.
Task<void> serve_requests(Service& service, Socket& socket, Stream& stream, Connections::Place& place);

}  // namespace muster::http
