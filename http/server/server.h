// An HTTP/1.1 server over Boost.Asio (loop.h): a coroutine a connection (connection.cc), handlers on a pool
// of workers (handlers.cc).
//
// Every step has a limit: header size, body size, the time a request may take to arrive, connections at once
// and from one address, bodies at once, and requests waiting for a worker. A handler that throws answers 500
// and ends nothing else. The work for a client that hangs up, or of a server that stops, is not wanted any
// more (base/threads/wanted.h).
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "http/message.h"
#include "http/server/connections.h"
#include "http/server/net/tls_files.h"
#include "http/server/proxies.h"
#include "http/server/server_counts.h"
#include "http/url.h"

namespace muster::http {

struct ServerOptions {
  Address address;                         ///< port 0 takes a free one, see Server::port()
  std::optional<TlsFiles> tls = {};        ///< HTTPS when set
  size_t body_limit = 8 << 20;             ///< bytes; a larger body is answered by `refuse` with 413
  size_t bodies_limit = 64 << 20;          ///< bytes of the bodies of all requests; one more gets 503
  std::chrono::seconds read_timeout{30};   ///< for one whole request, once its first byte came
  std::chrono::seconds idle_timeout{60};   ///< between two requests of a connection
  std::chrono::seconds write_timeout{60};  ///< until the client takes something more of an answer
  Connections::Limits connections = {};
  Proxies proxies = {};        ///< in front of this server; no limit of an address is for them
  Headers usual_headers = {};  ///< of every answer that has no field of that name itself
  /// Of answers to requests by HTTPS, to this server or to one of the proxies.
  Headers https_headers = {};
  size_t workers = 8;        ///< handlers that run at the same time
  size_t queue_limit = 256;  ///< requests waiting for a worker; one more is answered by `refuse`, 503
  /// Pieces of streamed answers (BodyStream) that are made at the same time, behind all handlers. Those that
  /// have nothing new to send cost no thread, and are closed at once when the server stops.
  size_t streams = 2;
  /// Asked about a request that has a body, before the body is read, on the thread that reads: the answer
  /// when the request is to be refused. Its connection is closed.
  std::function<std::optional<Response>(const Request& head)> admit = {};
  /// The answer to a request that never reaches the handler: 400 (unreadable), 413, 431, 501, 503; and 500
  /// for one whose handler threw. A request that does not arrive in time is cut without an answer.
  std::function<Response(int status, const std::string& reason)> refuse = {};
  std::shared_ptr<ServerCounts> counts = {};  ///< made when not given
  std::stop_token ends = {};  ///< no handler's work is wanted any more (base/threads/wanted.h)
};

class Server {
 public:
  /// Listens and serves until stop(). `handler` is called on several threads at once and may block.
  /// Code::conflict when the address is in use, Code::invalid for an address or TLS file that cannot be used.
  static Result<std::unique_ptr<Server>> start(ServerOptions options,
                                               std::function<Response(const Request&)> handler);

  virtual ~Server() = default;

  virtual unsigned short port() const = 0;

  /// Reads the certificate and its key again, for connections from now on. Keeps what there is when they
  /// cannot be used.
  virtual Result<> reload_tls() = 0;

  /// Takes no more connections, lets requests under way finish for up to `grace`, then cuts them and ends
  /// what their handlers do (base/threads/wanted.h). Handlers that wait for something else must be woken by
  /// their owner. Waits for every thread of the server.
  virtual void stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace muster::http
